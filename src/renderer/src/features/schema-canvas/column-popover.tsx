import { ColumnDetails } from '@renderer/features/tables/column-details'
import { type ColumnPatch, draftsOf } from '@renderer/features/tables/column-draft'
import { referenceChoices } from '@renderer/features/tables/reference-choices'
import { TypePicker } from '@renderer/features/tables/type-picker'
import { Button } from '@renderer/ui/button'
import { Checkbox, Field } from '@renderer/ui/field'
import { isSecretColumn } from '@shared/domain/secret-column'
import { useId, useMemo, useState, useSyncExternalStore } from 'react'
import { useActions } from './canvas-actions'
import { useMoment } from './canvas-ui'
import { CommentField } from './comment-field'
import { SpotPopover } from './spot-popover'

/** Type, required, unique, default and reference of one column, beside its row. */
export function ColumnPopover() {
  const spot = useMoment(({ details }) => details)
  const { ui } = useActions()
  const column = spot?.column ?? null
  if (!spot || column === null) return null
  return (
    <OpenColumn
      key={`${spot.table}.${column}`}
      table={spot.table}
      column={column}
      onEnd={() => ui.set({ details: null })}
    />
  )
}

interface OpenColumnProps {
  readonly table: string
  readonly column: string
  readonly onEnd: () => void
}

function OpenColumn({ table, column, onEnd }: OpenColumnProps) {
  const actions = useActions()
  const { store } = actions
  const id = useId()
  const [problem, setProblem] = useState<string | null>(null)
  // A default that does not fit yet is still being typed.
  const [typed, setTyped] = useState<string | null>()
  const { schema } = useSyncExternalStore(store.subscribe, store.state)
  const found = schema.tables.find(({ name }) => name === table)
  const choices = useMemo(() => (found ? referenceChoices(schema.tables, found) : []), [schema, found])
  const draft = found && draftsOf(found).find(({ name }) => name === column)
  if (!draft) return null
  const secret = isSecretColumn(table, column)
  const choosesKey = actions.choosesKey(table)
  const change = (patch: ColumnPatch) => {
    if (patch.inKey !== undefined) return setProblem(actions.setKey(table, column, patch.inKey))
    if (patch.default !== undefined) setTyped(patch.default)
    setProblem(actions.change({ table, column }, patch))
  }
  return (
    <SpotPopover
      spot={{ table, column }}
      label={`Column ${column} of ${table}`}
      title={`${table}.${column}`}
      problem={problem}
      onEnd={onEnd}
    >
      {secret ? (
        <p className="px-8 text-text-muted">People sign in with this column, so it stays as it is.</p>
      ) : (
        <>
          <div className="grid grid-cols-2 items-end gap-4 px-8 pt-1 pr-9">
            <Field label="Type">
              <TypePicker
                label={`Type of ${column}`}
                type={draft.type}
                disabled={false}
                onChange={(type) => change({ type })}
              />
            </Field>
            <span className="flex h-7 items-center">
              <Checkbox
                label="Required"
                checked={draft.required}
                disabled={draft.inKey}
                onCheckedChange={(checked) => change({ required: checked === true })}
              />
            </span>
          </div>
          <ColumnDetails
            id={id}
            column={typed === undefined ? draft : { ...draft, default: typed }}
            choices={choices}
            choosesKey={choosesKey}
            onChange={change}
          />
          <div className="px-8">
            <CommentField spot={{ table, column }} comment={draft.was?.comment} />
          </div>
        </>
      )}
      {secret || draft.inKey ? null : (
        <div className="flex justify-end px-8 pt-2">
          <Button
            onClick={() => {
              onEnd()
              actions.remove({ table, column })
            }}
          >
            Delete column
          </Button>
        </div>
      )}
    </SpotPopover>
  )
}
