import { Button, IconButton } from '@renderer/ui/button'
import { Combobox } from '@renderer/ui/combobox'
import { Field, TextInput } from '@renderer/ui/field'
import { TypeMark } from '@renderer/ui/type-mark'
import { parseColumnType } from '@shared/domain/column-type'
import type { ColumnSchema } from '@shared/domain/table-schema'
import { Plus, X } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'
import { columnWords } from './index-words'

/** The contract's limit. */
const mostColumns = 8

export interface AddIndexProps {
  readonly columns: readonly ColumnSchema[]
  /** The table is kept with others, which an index changes. */
  readonly shared: boolean
  readonly busy: boolean
  /** Why the last one could not be made. */
  readonly failure: string | null
  /** Whether it was made. */
  readonly onAdd: (columns: readonly string[]) => Promise<boolean>
  /** Other columns than those of the last try. */
  readonly onChange: () => void
}

/** Columns in order; of a jsonb column a path into it. */
export function AddIndex({ columns, shared, busy, failure, onAdd, onChange }: AddIndexProps) {
  const [chosen, keepChosen] = useState<readonly string[]>([])
  const [document, setDocument] = useState<string | null>(null)
  const [path, setPath] = useState('')
  const section = useRef<HTMLElement>(null)
  const free = columns.filter(({ name }) => !chosen.includes(name))

  function setChosen(names: readonly string[]) {
    keepChosen(names)
    onChange()
  }
  function choose(name: string) {
    if (isDocument(columns.find((column) => column.name === name))) setDocument(name)
    else setChosen([...chosen, name])
  }
  function addPath(event: FormEvent) {
    event.preventDefault()
    const keys = path.trim().replace(/^\.+|\.+$/g, '')
    if (keys === '') return
    setChosen([...chosen.filter((name) => name !== `${document}.${keys}`), `${document}.${keys}`])
    closePath()
  }
  /** The field goes, and the focus with it. */
  function closePath() {
    setDocument(null)
    setPath('')
    requestAnimationFrame(() => section.current?.querySelector<HTMLElement>('[role=combobox]')?.focus())
  }
  async function add() {
    if (await onAdd(chosen)) setChosen([])
  }

  return (
    <section ref={section} aria-label="New index" className="flex flex-col gap-2">
      <h3 className="font-semibold">New index</h3>
      {shared ? (
        <p className="-mt-1 text-text-muted">The table gets its own storage first, in the background.</p>
      ) : null}
      <div className="flex flex-wrap items-center gap-2">
        {chosen.map((name, at) => (
          <span
            key={name}
            className="inline-flex h-7 max-w-full items-center gap-1 rounded-md border border-border bg-bg-subtle pl-2 font-mono"
          >
            <span className="truncate">{name}</span>
            <IconButton
              label={`Take ${name} out`}
              icon={X}
              size="sm"
              onClick={() => setChosen(chosen.filter((_, other) => other !== at))}
            />
          </span>
        ))}
        {document === null ? (
          chosen.length < mostColumns ? (
            <Combobox
              aria-label={chosen.length === 0 ? 'First column' : 'Next column'}
              placeholder={chosen.length === 0 ? 'Choose a column' : 'Then by'}
              searchPlaceholder="Find a column"
              empty="No column has this in its name."
              value={null}
              className="w-44!"
              options={free.map((column) => ({
                value: column.name,
                label: column.name,
                icon: <TypeMark base={parseColumnType(column.type)?.base ?? 'text'} />,
                ...(isDocument(column) ? { hint: 'a path in it' } : {}),
              }))}
              onValueChange={choose}
            />
          ) : null
        ) : (
          <form className="flex items-end gap-2" onSubmit={addPath}>
            <Field label={`Path in ${document}`} hideLabel>
              <div className="flex items-center gap-1 font-mono">
                <span className="text-text-muted">{document}.</span>
                <TextInput
                  mono
                  autoFocus
                  aria-label={`Path in ${document}`}
                  placeholder="address.city"
                  className="w-44!"
                  value={path}
                  onChange={(event) => setPath(event.target.value)}
                />
              </div>
            </Field>
            <Button type="submit" disabled={path.trim() === ''}>
              Use the path
            </Button>
            <Button variant="ghost" onClick={closePath}>
              Cancel
            </Button>
          </form>
        )}
        {chosen.length > 0 && document === null ? (
          <Button
            variant="primary"
            icon={Plus}
            disabled={busy}
            aria-label={`Add the new index on ${columnWords(chosen)}`}
            onClick={() => void add()}
          >
            Add index
          </Button>
        ) : null}
      </div>
      {failure ? (
        <p role="alert" className="text-sm text-danger">
          {failure}
        </p>
      ) : null}
    </section>
  )
}

function isDocument(column: ColumnSchema | undefined): boolean {
  return column !== undefined && parseColumnType(column.type)?.base === 'jsonb'
}
