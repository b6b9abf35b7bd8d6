import { useTables } from '@renderer/app/current-project'
import { toAppError, useApi } from '@renderer/bridge/api'
import { countOf } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import type { Table } from '@shared/contract/tables.contract'
import { useMemo, useReducer, useState } from 'react'
import { draftsOf, isBlank } from './column-draft'
import { changeDrafts } from './column-drafts'
import { ColumnList } from './column-list'
import { DraftDialog, DraftFailure, DraftForm, type DraftFrame } from './draft-dialog'
import { problemsOfEdits } from './draft-problems'
import { EditNote } from './edit-note'
import { losesValues, sentEdits } from './effect-words'
import { planEdits } from './plan-edits'
import { setsOf } from './unique-sets'
import { UniqueSetsField } from './unique-sets-field'
import { useEditPreview } from './use-edit-preview'
import { useTablesCache } from './use-tables-cache'

export interface EditColumnsDialogProps {
  readonly databaseId: string
  readonly table: Table
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** Changes the columns of a table that may have records: what that does is said before it is done. */
export function EditColumnsDialog({ databaseId, table, open, onOpenChange }: EditColumnsDialogProps) {
  return (
    <DraftDialog open={open} onOpenChange={onOpenChange}>
      {(frame) => <EditColumns databaseId={databaseId} table={table} frame={frame} />}
    </DraftDialog>
  )
}

function EditColumns(props: { readonly databaseId: string; readonly table: Table; readonly frame: DraftFrame }) {
  const { databaseId, frame } = props
  const { client } = useApi()
  const tables = useTables()
  const cache = useTablesCache(databaseId)
  // What others change meanwhile is met when the edits are made: a draft does not move under the hands.
  const [table] = useState(props.table)
  const own = table.schema_json
  const [columns, dispatch] = useReducer(changeDrafts, own, draftsOf)
  const [sets, setSets] = useState(() => setsOf(own))
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)

  const schemas = useMemo(
    () => tables.map((other) => (other.id === table.id ? own : other.schema_json)),
    [tables, table.id, own],
  )
  const edits = useMemo(() => planEdits(own, columns, sets), [own, columns, sets])
  const problems = useMemo(() => problemsOfEdits(columns, edits, { tables: schemas }), [columns, edits, schemas])
  const shown = tried ? problems : problems.filter(({ missing }) => !missing)
  const preview = useEditPreview(databaseId, table.id, problems.length === 0 ? edits : null)
  const effects = edits.flatMap((planned) => preview.effectOf(planned) ?? [])
  const refused = preview.known && effects.some((effect) => effect.refused)
  const changes = edits.filter(({ step }) => !step).length
  // What the edits do is said before they can be made.
  const asking = problems.length === 0 && changes > 0 && !preview.known
  const lost = effects.filter(losesValues).reduce((sum, { affected }) => sum + affected, 0)
  frame.setDirty(edits.length > 0 || columns.some((column) => column.was === null && !isBlank(column)))

  async function apply() {
    setTried(true)
    if (busy || problems.length > 0 || changes === 0 || !preview.known || refused) return
    setBusy(true)
    setFailure(null)
    try {
      const answer = await client.tables.update({ databaseId, tableId: table.id, edits: sentEdits(edits) })
      cache.put(answer.table)
      void cache.refresh()
      frame.done()
      toast.success(`${countOf(changes, 'change')} applied to ${answer.table.table_name}`)
    } catch (error) {
      setFailure(toAppError(error).message)
    } finally {
      setBusy(false)
    }
  }

  const said = failure ?? (preview.error ? toAppError(preview.error).message : null)
  return (
    <DraftForm
      title={`Columns of ${own.name}`}
      description="Nothing changes before you apply it."
      action={changes === 0 ? 'Apply changes' : `Apply ${countOf(changes, 'change')}`}
      danger={lost > 0}
      disabled={busy || changes === 0 || shown.length > 0 || refused || asking}
      note={
        said ? (
          <DraftFailure>{said}</DraftFailure>
        ) : refused ? (
          <p className="text-danger">Solve what is marked red first.</p>
        ) : lost > 0 ? (
          <p className="text-danger">{countOf(lost, 'value')} will be changed or lost.</p>
        ) : null
      }
      onCancel={frame.cancel}
      onAction={() => void apply()}
    >
      <ColumnList
        columns={columns}
        dispatch={dispatch}
        problems={shown}
        tables={schemas}
        own={own}
        onDragging={frame.setDragging}
        keptBecause={(column) =>
          column.was?.primary_key === true ? 'The key tells records apart, so it stays.' : null
        }
        note={(column) => {
          const mine = edits.filter(({ key }) => key === column.key)
          if (mine.length === 0) return null
          const known = mine.flatMap((planned) => {
            const effect = preview.effectOf(planned)
            return effect && (!planned.step || effect.refused) ? [effect] : []
          })
          return (
            <EditNote
              effects={known}
              onUnfit={(unfit) => dispatch({ type: 'change', key: column.key, patch: { unfit } })}
            />
          )
        }}
      />
      <UniqueSetsField columns={columns} sets={sets} onChange={setSets} />
    </DraftForm>
  )
}
