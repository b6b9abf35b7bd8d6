import { Button } from '@renderer/ui/button'
import { Checkbox, Field, TextInput } from '@renderer/ui/field'
import type { Table } from '@shared/contract/tables.contract'
import { useMemo, useState } from 'react'
import { ColumnDetails } from './column-details'
import { type ColumnPatch, isIdentity, newColumn } from './column-draft'
import { DraftDialog, DraftForm, type DraftFrame } from './draft-dialog'
import { allowedName } from './draft-problems'
import { EditNote } from './edit-note'
import { EditsNote } from './edits-note'
import { referenceChoices } from './reference-choices'
import { TypePicker } from './type-picker'
import { useColumnEdits } from './use-column-edits'

export interface ColumnDialogProps {
  readonly databaseId: string
  readonly table: Table
  /** The column that is edited, by name; a new one is added after the last when it is `new`. Null is closed. */
  readonly column: { readonly name: string } | 'new' | null
  readonly onClose: () => void
}

/** One column of a table: a new one, or its name, type and rules, with what a change does to the records. */
export function ColumnDialog({ databaseId, table, column, onClose }: ColumnDialogProps) {
  return (
    <DraftDialog open={column !== null} width="md" onOpenChange={(open) => !open && onClose()}>
      {(frame) => (column ? <EditColumn databaseId={databaseId} table={table} column={column} frame={frame} /> : null)}
    </DraftDialog>
  )
}

function EditColumn(props: {
  readonly databaseId: string
  readonly table: Table
  readonly column: { readonly name: string } | 'new'
  readonly frame: DraftFrame
}) {
  const { column, frame, table } = props
  const [added] = useState(() => newColumn())
  const key = column === 'new' ? added.key : `was:${column.name}`
  const edits = useColumnEdits({
    databaseId: props.databaseId,
    table,
    frame,
    begin: (drafts) => (column === 'new' ? [...drafts, added] : drafts),
    said: column === 'new' ? 'Column added.' : 'Column changed.',
  })
  const draft = edits.columns.find((one) => one.key === key)
  const choices = useMemo(() => referenceChoices(edits.schemas, edits.own), [edits.schemas, edits.own])
  if (!draft) return null
  const problem = edits.problems.find((one) => one.key === key)
  const fallback = problem?.field === 'name' ? allowedName(draft.name) : null
  const effects = edits.effectsOf(key)
  const change = (patch: ColumnPatch) => edits.dispatch({ type: 'change', key, patch })
  const fixed = isIdentity(draft)
  return (
    <DraftForm
      title={column === 'new' ? `New column of ${table.table_name}` : `Column ${column.name}`}
      description="Nothing changes before you apply it."
      action={column === 'new' ? 'Add column' : 'Apply changes'}
      danger={edits.lost > 0}
      disabled={edits.disabled}
      note={<EditsNote edits={edits} />}
      onCancel={frame.cancel}
      onAction={edits.apply}
    >
      <div className="grid grid-cols-[minmax(0,1fr)_13rem] gap-4">
        <Field
          label="Name"
          error={problem?.field === 'name' ? problem.sentence : null}
          aside={
            fallback ? (
              <Button size="sm" className="h-5" onClick={() => change({ name: fallback })}>
                Use {fallback}
              </Button>
            ) : null
          }
        >
          <TextInput
            mono
            autoFocus
            value={draft.name}
            disabled={fixed}
            placeholder="column_name"
            onChange={(event) => change({ name: event.target.value })}
          />
        </Field>
        <Field label="Type" error={problem && problem.field !== 'name' ? problem.sentence : null}>
          <TypePicker
            label="Type"
            type={draft.type}
            disabled={fixed}
            onChange={(type) => change({ type, unfit: 'refuse' })}
          />
        </Field>
      </div>
      <Checkbox
        label="Required: every record has a value here"
        checked={draft.required || draft.inKey}
        disabled={draft.inKey}
        onCheckedChange={(checked) => change({ required: checked === true })}
      />
      <div className="-mx-1 rounded-md bg-bg-subtle [&>div]:px-4 [&>div]:py-3">
        <ColumnDetails id={`${key}-details`} column={draft} choices={choices} choosesKey={false} onChange={change} />
      </div>
      {effects && effects.length > 0 ? (
        <div className="[&_ul]:px-0">
          <EditNote effects={effects} onUnfit={(unfit) => change({ unfit })} />
        </div>
      ) : null}
    </DraftForm>
  )
}
