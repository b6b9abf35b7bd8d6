import { countOf } from '@renderer/ui/figures'
import {
  ContextMenuContent,
  ContextMenuItem,
  ContextMenuSeparator,
  ContextMenuSub,
  ContextMenuSubContent,
  ContextMenuSubTrigger,
} from '@renderer/ui/menu'
import type { TableRecord } from '@shared/contract/records.contract'
import {
  ArrowDownToLine,
  Columns3,
  Copy,
  CopyPlus,
  Eraser,
  Filter,
  FilterX,
  History,
  PanelRight,
  Pencil,
  Plus,
  SquareCheck,
  Trash2,
  Undo2,
} from 'lucide-react'
import { type CopyFormat, copyFormats, formatNames } from './clipboard/copy-formats'
import type { ColumnActions, ColumnState } from './columns/column-actions'
import { ColumnMenuItems } from './columns/column-menu'
import type { GridColumn } from './grid-column'
import type { GridSubject } from './grid-subject'

export interface GridMenuProps {
  readonly column: GridColumn | undefined
  /** What the active row is about. */
  readonly subject: GridSubject | undefined
  readonly isRange: boolean
  /** Rows of the range. */
  readonly rows: number
  readonly selectedCount: number
  readonly onEdit: () => void
  readonly onCopy: () => void
  readonly onCopyAs: (format: CopyFormat) => void
  readonly onFillDown: () => void
  readonly onClear: (to: 'empty' | 'null') => void
  /** Takes back what is staged in the range's records. */
  readonly onRevert: () => void
  readonly onFilterBy: (column: GridColumn, value: TableRecord[string] | undefined, op: 'eq' | 'neq') => void
  readonly columnState: ColumnState
  readonly columnActions: ColumnActions
  readonly onSelect: () => void
  readonly onOpenRecord: () => void
  readonly onHistory: () => void
  readonly onDelete: () => void
  readonly onNewRecord: () => void
  readonly onClosed: () => void
}

/** What can be done with the active cell, its record and its column. */
export function GridMenu(props: GridMenuProps) {
  const { column, subject } = props
  const record = subject?.kind === 'record' ? subject.record : undefined
  const isNew = subject?.kind === 'new'
  const isStaged = isNew || (subject?.kind === 'record' && subject.staged !== undefined)
  const isJson = column?.type.base === 'jsonb' || column?.type.array === true
  return (
    <ContextMenuContent
      onCloseAutoFocus={(event) => {
        event.preventDefault()
        if (document.activeElement === document.body) props.onClosed()
      }}
    >
      {column && subject ? (
        <>
          <ContextMenuItem
            icon={Pencil}
            shortcut="Enter"
            disabled={record !== undefined && column.fixed !== null}
            onSelect={() => setTimeout(props.onEdit)}
          >
            Edit
          </ContextMenuItem>
          <ContextMenuItem
            icon={Copy}
            shortcut="Mod+C"
            disabled={column.secret && !props.isRange}
            onSelect={props.onCopy}
          >
            Copy
          </ContextMenuItem>
          <ContextMenuSub>
            <ContextMenuSubTrigger icon={CopyPlus}>Copy as</ContextMenuSubTrigger>
            <ContextMenuSubContent>
              {copyFormats.map((format) => (
                <ContextMenuItem key={format} onSelect={() => props.onCopyAs(format)}>
                  {formatNames[format]}
                </ContextMenuItem>
              ))}
            </ContextMenuSubContent>
          </ContextMenuSub>
          <ContextMenuItem icon={ArrowDownToLine} shortcut="Mod+D" onSelect={props.onFillDown}>
            Fill down
          </ContextMenuItem>
          <ContextMenuItem icon={Eraser} shortcut="Delete" onSelect={() => props.onClear('empty')}>
            Clear
          </ContextMenuItem>
          <ContextMenuItem
            shortcut="Backspace"
            className="pl-7.5"
            disabled={!props.isRange && ((record !== undefined && column.fixed !== null) || !column.nullable)}
            onSelect={() => props.onClear('null')}
          >
            Set NULL
          </ContextMenuItem>
          {isStaged || props.isRange ? (
            <ContextMenuItem icon={Undo2} onSelect={props.onRevert}>
              {isNew && !props.isRange ? 'Discard the new record' : 'Discard changes here'}
            </ContextMenuItem>
          ) : null}
        </>
      ) : null}
      {column && record ? (
        <>
          <ContextMenuSeparator />
          <ContextMenuItem
            icon={Filter}
            disabled={column.secret || isJson}
            onSelect={() => props.onFilterBy(column, record[column.name], 'eq')}
          >
            Filter by this value
          </ContextMenuItem>
          <ContextMenuItem
            icon={FilterX}
            disabled={column.secret || isJson}
            onSelect={() => props.onFilterBy(column, record[column.name], 'neq')}
          >
            Filter out this value
          </ContextMenuItem>
        </>
      ) : null}
      {column ? (
        <>
          <ContextMenuSub>
            <ContextMenuSubTrigger icon={Columns3}>Column {column.name}</ContextMenuSubTrigger>
            <ContextMenuSubContent>
              <ColumnMenuItems
                item={ContextMenuItem}
                separator={<ContextMenuSeparator />}
                column={column}
                state={props.columnState}
                actions={props.columnActions}
              />
            </ContextMenuSubContent>
          </ContextMenuSub>
          <ContextMenuSeparator />
        </>
      ) : null}
      <ContextMenuItem icon={Plus} shortcut="Mod+Shift+N" onSelect={props.onNewRecord}>
        New record
      </ContextMenuItem>
      {record ? (
        <>
          <ContextMenuItem icon={SquareCheck} shortcut="Shift+Space" onSelect={props.onSelect}>
            Tick this record
          </ContextMenuItem>
          <ContextMenuItem icon={PanelRight} shortcut="Space" onSelect={props.onOpenRecord}>
            Open this record
          </ContextMenuItem>
          <ContextMenuItem icon={History} shortcut="Alt+H" onSelect={props.onHistory}>
            History of this record
          </ContextMenuItem>
        </>
      ) : null}
      {subject ? (
        <ContextMenuItem icon={Trash2} danger shortcut="Mod+Backspace" onSelect={props.onDelete}>
          Delete {deletedText(props)}
        </ContextMenuItem>
      ) : null}
    </ContextMenuContent>
  )
}

function deletedText({ selectedCount, rows }: GridMenuProps): string {
  const records = selectedCount > 0 ? selectedCount : rows
  return records > 1 || selectedCount > 0 ? countOf(records, 'record') : 'this record'
}
