import { countOf } from '@renderer/ui/figures'
import type { Table } from '@shared/contract/tables.contract'
import { ColumnList } from './column-list'
import { DraftDialog, DraftForm, type DraftFrame } from './draft-dialog'
import { EditNote } from './edit-note'
import { EditsNote } from './edits-note'
import { UniqueSetsField } from './unique-sets-field'
import { useColumnEdits } from './use-column-edits'

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
  const { frame } = props
  const edits = useColumnEdits(props)
  const { columns, dispatch, changes } = edits
  return (
    <DraftForm
      title={`Columns of ${edits.own.name}`}
      description="Nothing changes before you apply it."
      action={changes === 0 ? 'Apply changes' : `Apply ${countOf(changes, 'change')}`}
      danger={edits.lost > 0}
      disabled={edits.disabled}
      note={<EditsNote edits={edits} />}
      onCancel={frame.cancel}
      onAction={edits.apply}
    >
      <ColumnList
        columns={columns}
        dispatch={dispatch}
        problems={edits.problems}
        tables={edits.schemas}
        own={edits.own}
        onDragging={frame.setDragging}
        keptBecause={(column) =>
          column.was?.primary_key === true ? 'The key tells records apart, so it stays.' : null
        }
        note={({ key }) => {
          const effects = edits.effectsOf(key)
          return effects ? (
            <EditNote effects={effects} onUnfit={(unfit) => dispatch({ type: 'change', key, patch: { unfit } })} />
          ) : null
        }}
      />
      <UniqueSetsField columns={columns} sets={edits.sets} onChange={edits.setSets} />
    </DraftForm>
  )
}
