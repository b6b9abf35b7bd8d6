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
import type { Sort } from '@shared/domain/filter'
import {
  ArrowDown,
  ArrowUp,
  Columns3,
  Copy,
  Filter,
  FilterX,
  History,
  MoveHorizontal,
  Pencil,
  Plus,
  SquareCheck,
  Trash2,
} from 'lucide-react'
import type { GridColumn } from './grid-column'

export interface GridMenuProps {
  readonly column: GridColumn | undefined
  readonly record: TableRecord | undefined
  readonly isDraft: boolean
  readonly selectedCount: number
  readonly sort: readonly Sort[]
  readonly onEdit: () => void
  readonly onCopy: () => void
  readonly onSetNull: () => void
  readonly onFilterBy: (column: GridColumn, value: TableRecord[string] | undefined, op: 'eq' | 'neq') => void
  readonly onSortTo: (column: string, direction: 'asc' | 'desc' | null) => void
  readonly onFit: () => void
  readonly onWidth: (by: number) => void
  readonly onSelect: () => void
  readonly onHistory: () => void
  readonly onDelete: () => void
  readonly onDiscardDraft: () => void
  readonly onNewRecord: () => void
  readonly onEditColumns: () => void
  readonly onClosed: () => void
}

/** What can be done with the active cell, its record and its column. */
export function GridMenu(props: GridMenuProps) {
  const { column, record } = props
  const sorted = props.sort.some((one) => one.column === column?.name)
  const isJson = column?.type.base === 'jsonb' || column?.type.array === true
  return (
    <ContextMenuContent
      onCloseAutoFocus={(event) => {
        event.preventDefault()
        if (document.activeElement === document.body) props.onClosed()
      }}
    >
      {column && record ? (
        <>
          <ContextMenuItem
            icon={Pencil}
            shortcut="Enter"
            disabled={column.fixed !== null}
            onSelect={() => setTimeout(props.onEdit)}
          >
            Edit
          </ContextMenuItem>
          <ContextMenuItem icon={Copy} shortcut="Mod+C" disabled={column.secret} onSelect={props.onCopy}>
            Copy
          </ContextMenuItem>
          <ContextMenuItem
            shortcut="Delete"
            className="pl-7.5"
            disabled={column.fixed !== null || !column.nullable}
            onSelect={props.onSetNull}
          >
            Set NULL
          </ContextMenuItem>
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
              <ContextMenuItem
                icon={ArrowUp}
                disabled={column.secret}
                onSelect={() => props.onSortTo(column.name, 'asc')}
              >
                Sort ascending
              </ContextMenuItem>
              <ContextMenuItem
                icon={ArrowDown}
                disabled={column.secret}
                onSelect={() => props.onSortTo(column.name, 'desc')}
              >
                Sort descending
              </ContextMenuItem>
              {sorted ? (
                <ContextMenuItem onSelect={() => props.onSortTo(column.name, null)}>Do not sort by it</ContextMenuItem>
              ) : null}
              <ContextMenuSeparator />
              <ContextMenuItem icon={MoveHorizontal} onSelect={props.onFit}>
                Fit the width
              </ContextMenuItem>
              <ContextMenuItem onSelect={() => props.onWidth(64)}>Wider</ContextMenuItem>
              <ContextMenuItem onSelect={() => props.onWidth(-64)}>Narrower</ContextMenuItem>
              <ContextMenuSeparator />
              <ContextMenuItem onSelect={props.onEditColumns}>Edit columns</ContextMenuItem>
            </ContextMenuSubContent>
          </ContextMenuSub>
          <ContextMenuSeparator />
        </>
      ) : null}
      <ContextMenuItem icon={Plus} shortcut="Mod+Shift+N" disabled={props.isDraft} onSelect={props.onNewRecord}>
        New record
      </ContextMenuItem>
      {record ? (
        <>
          <ContextMenuItem icon={SquareCheck} shortcut="Shift+Space" onSelect={props.onSelect}>
            Tick this record
          </ContextMenuItem>
          <ContextMenuItem icon={History} shortcut="Alt+H" onSelect={props.onHistory}>
            History of this record
          </ContextMenuItem>
        </>
      ) : null}
      {props.isDraft ? (
        <ContextMenuItem icon={Trash2} danger onSelect={props.onDiscardDraft}>
          Discard the new record
        </ContextMenuItem>
      ) : record ? (
        <ContextMenuItem icon={Trash2} danger shortcut="Mod+Backspace" onSelect={props.onDelete}>
          Delete {props.selectedCount > 0 ? countOf(props.selectedCount, 'record') : 'this record'}
        </ContextMenuItem>
      ) : null}
    </ContextMenuContent>
  )
}
