import { stored, useStored } from '@renderer/app/stored'
import { RecordChanges } from '@renderer/features/changes/record-history'
import { IconButton } from '@renderer/ui/button'
import { formatCount } from '@renderer/ui/figures'
import { ResizeHandle } from '@renderer/ui/resize-handle'
import { Segmented } from '@renderer/ui/segmented'
import { labelColumn } from '@shared/domain/label-column'
import type { TableSchema } from '@shared/domain/table-schema'
import { ChevronDown, ChevronUp, X } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { z } from 'zod'
import { cellText } from '../cell-text'
import type { GridColumn } from '../grid-column'
import type { ActiveRow } from '../grid-props'
import { shownValue } from '../grid-subject'
import { RecordField } from './record-field'
import { RecordLinks } from './record-links'

const widths = { min: 300, max: 720, first: 400 } as const
const width = stored('recordPanelWidth', z.int().min(widths.min).max(widths.max), widths.first)

export interface RecordPanelProps {
  readonly databaseId: string
  readonly schema: TableSchema
  readonly columns: readonly GridColumn[]
  /** The record the grid's active cell is in; null where there is none. */
  readonly active: ActiveRow | null
  readonly rows: number
  /** To the row before or after. */
  readonly onSave: () => void
  readonly onWalk: (by: 1 | -1) => void
  readonly onClose: () => void
}

type Part = 'fields' | 'links' | 'history'

/** Beside the grid: everything about the record that the keys are on. It follows them, and leads them. */
export function RecordPanel(props: RecordPanelProps) {
  const { databaseId, schema, columns, active, rows } = props
  const [part, setPart] = useState<Part>('fields')
  const size = useStored(width)
  const record = active?.subject.kind === 'record' ? active.subject.record : null
  const shown = record ? part : 'fields'
  // Not disabled at the ends: the focus would be lost there, and the keys with it.
  const isFirst = !active || active.row === 0
  const isLast = !active || active.row >= rows - 1

  function onKeyDown(event: KeyboardEvent) {
    const walk = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (event.key === 'Escape' && !event.defaultPrevented) props.onClose()
    else if (walk && (event.altKey || !inControl(event.target))) props.onWalk(walk === 1 ? 1 : -1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <aside
      aria-label="Record"
      style={{ width: size }}
      className="relative flex max-w-[60%] shrink-0 flex-col border-l border-border bg-bg max-md:absolute max-md:inset-y-0 max-md:right-0 max-md:z-30 max-md:max-w-full max-md:shadow-float"
      onKeyDown={onKeyDown}
    >
      <ResizeHandle
        label="Resize the record"
        reversed
        size={size}
        min={widths.min}
        max={widths.max}
        onResize={width.write}
        onReset={() => width.write(widths.first)}
        className="-left-[3px]"
      />
      <header className="flex flex-col gap-2 border-b border-border px-4 pt-3 pb-2.5">
        <div className="flex items-start gap-1">
          <div className="min-w-0 flex-1">
            <p className="text-sm text-text-muted tabular-nums">
              {schema.name}
              {active ? ` · ${formatCount(active.row + 1)} of ${formatCount(rows)}` : ''}
            </p>
            <h2 className="truncate text-lg font-semibold">
              {active ? titleOf(active, schema, columns) : 'No record'}
            </h2>
          </div>
          <IconButton
            size="sm"
            label="Previous record"
            shortcut="Alt+ArrowUp"
            icon={ChevronUp}
            aria-disabled={isFirst}
            className="aria-disabled:opacity-50"
            onClick={() => !isFirst && props.onWalk(-1)}
          />
          <IconButton
            size="sm"
            label="Next record"
            shortcut="Alt+ArrowDown"
            icon={ChevronDown}
            aria-disabled={isLast}
            className="aria-disabled:opacity-50"
            onClick={() => !isLast && props.onWalk(1)}
          />
          <IconButton size="sm" label="Close the record" shortcut="Escape" icon={X} onClick={props.onClose} />
        </div>
        {record ? (
          <Segmented
            aria-label="Part of the record"
            value={shown}
            options={[
              { value: 'fields', label: 'Fields' },
              { value: 'links', label: 'Links' },
              { value: 'history', label: 'History' },
            ]}
            onValueChange={setPart}
          />
        ) : null}
      </header>
      {active && shown === 'fields' ? (
        <ul aria-label="Fields" className="min-h-0 flex-1 overflow-y-auto px-2 py-2">
          {columns.map((column) => (
            <RecordField
              key={`${active.subject.id} ${column.name}`}
              column={column}
              subject={active.subject}
              onSave={props.onSave}
            />
          ))}
        </ul>
      ) : null}
      {record && shown === 'links' ? (
        <RecordLinks key={record._id} databaseId={databaseId} schema={schema} record={record} />
      ) : null}
      {record && shown === 'history' ? (
        <RecordChanges
          key={record._id}
          of={{ databaseId, tableName: schema.name, recordId: record._id }}
          columns={columns}
        />
      ) : null}
    </aside>
  )
}

/** What people know the record by. */
function titleOf({ subject }: ActiveRow, schema: TableSchema, columns: readonly GridColumn[]): string {
  const label = labelColumn(schema)?.name
  const column = columns.find(({ name }) => name === label) ?? columns[0]
  const cell = column ? cellText(column.type, shownValue(subject, column.name)) : null
  const text = cell && 'text' in cell ? cell.text : ''
  return text !== '' ? text : subject.kind === 'new' ? 'New record' : subject.id
}

function inControl(target: EventTarget): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, [role=radio], [contenteditable=true], [data-editor-part]') !== null
  )
}
