import { Button, IconButton } from '@renderer/ui/button'
import { Combobox } from '@renderer/ui/combobox'
import { TypeMark } from '@renderer/ui/type-mark'
import { parseColumnType } from '@shared/domain/column-type'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import type { ColumnDraft } from './column-draft'
import { liveSets, namesOf, sameSet, type UniqueSet } from './unique-sets'

export interface UniqueSetsFieldProps {
  readonly columns: readonly ColumnDraft[]
  readonly sets: readonly UniqueSet[]
  readonly onChange: (sets: readonly UniqueSet[]) => void
}

/** Rules that several columns together keep: no two records have the same values in all of them. */
export function UniqueSetsField({ columns, sets, onChange }: UniqueSetsFieldProps) {
  const [chosen, setChosen] = useState<UniqueSet | null>(null)
  const usable = columns.filter(({ name, dropped }) => !dropped && name !== '')
  const shown = liveSets(sets, columns)
  const draft = chosen && namesOf(chosen, columns)
  if (usable.length < 2 && shown.length === 0) return null
  return (
    <section aria-label="Unique together" className="flex flex-wrap items-center gap-2">
      <h3 className="mr-1 font-medium">Unique together</h3>
      {shown.map((set) => {
        const name = namesOf(set, columns).join(', ')
        return (
          <Chip
            key={set.join(' ')}
            label={`Drop the rule on ${name}`}
            onRemove={() => onChange(sets.filter((other) => other !== set))}
          >
            {name}
          </Chip>
        )
      })}
      {chosen === null || draft === null ? (
        <Button size="sm" variant="ghost" icon={Plus} disabled={usable.length < 2} onClick={() => setChosen([])}>
          Add a rule
        </Button>
      ) : (
        <>
          {chosen.map((key, at) => (
            <Chip
              key={key}
              label={`Take ${draft[at]} out`}
              onRemove={() => setChosen(chosen.filter((other) => other !== key))}
            >
              {draft[at] ?? ''}
            </Chip>
          ))}
          <Combobox
            aria-label="Column of the rule"
            placeholder="Choose a column"
            value={null}
            className="w-40!"
            options={usable
              .filter(({ key }) => !chosen.includes(key))
              .map(({ key, name, type }) => ({
                value: key,
                label: name,
                icon: <TypeMark base={parseColumnType(type)?.base ?? 'text'} />,
              }))}
            onValueChange={(key) => setChosen([...chosen, key])}
          />
          <Button
            disabled={chosen.length < 2 || shown.some((set) => sameSet(set, chosen))}
            onClick={() => {
              onChange([...sets, chosen])
              setChosen(null)
            }}
          >
            Add the rule
          </Button>
          <Button variant="ghost" onClick={() => setChosen(null)}>
            Cancel
          </Button>
        </>
      )}
    </section>
  )
}

function Chip(props: { readonly label: string; readonly onRemove: () => void; readonly children: string }) {
  return (
    <span className="inline-flex h-7 max-w-full items-center gap-1 rounded-md border border-border bg-bg-subtle pl-2 font-mono">
      <span className="truncate" title={props.children}>
        {props.children}
      </span>
      <IconButton label={props.label} icon={X} size="sm" onClick={props.onRemove} />
    </span>
  )
}
