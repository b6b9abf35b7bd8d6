import { toAppError } from '@renderer/bridge/api'
import { TextInput } from '@renderer/ui/field'
import type { Table } from '@shared/contract/tables.contract'
import { useRef, useState } from 'react'
import { nameProblem } from './draft-problems'

export interface TableNameInputProps {
  readonly table: Table
  readonly onRename: (name: string) => Promise<void>
  readonly onEnd: () => void
}

/** Enter and leaving the field rename; Escape leaves the old name. */
export function TableNameInput({ table, onRename, onEnd }: TableNameInputProps) {
  const [name, setName] = useState(table.table_name)
  const [failure, setFailure] = useState<string | null>(null)
  const ended = useRef(false)

  async function rename() {
    if (ended.current) return
    const next = name.trim()
    if (next === '' || next === table.table_name) return end()
    const problem = nameProblem(next)
    if (problem) return setFailure(problem)
    ended.current = true
    try {
      await onRename(next)
      onEnd()
    } catch (error) {
      ended.current = false
      setFailure(toAppError(error).message)
    }
  }
  function end() {
    ended.current = true
    onEnd()
  }

  return (
    <div className="min-w-0 flex-1">
      <TextInput
        ref={focusAndSelect}
        aria-label={`New name of ${table.table_name}`}
        aria-invalid={failure !== null || undefined}
        value={name}
        className="px-1"
        onChange={(event) => {
          setName(event.target.value)
          setFailure(null)
        }}
        onBlur={() => (failure ? end() : void rename())}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Enter') void rename()
          if (event.key === 'Escape') end()
        }}
      />
      {failure ? (
        <p role="alert" className="py-1 text-sm text-danger">
          {failure}
        </p>
      ) : null}
    </div>
  )
}

/** After the menu that was chosen from has given its focus back. */
function focusAndSelect(input: HTMLInputElement | null) {
  if (!input) return
  requestAnimationFrame(() => {
    input.focus()
    input.select()
  })
}
