import { useCurrentProject } from '@renderer/app/current-project'
import { keepTable } from '@renderer/app/open-tables'
import { paths } from '@renderer/app/paths'
import { IconButton } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { countOf, formatCount } from '@renderer/ui/figures'
import {
  ContextMenu,
  ContextMenuContent,
  ContextMenuItem,
  ContextMenuSeparator,
  ContextMenuTrigger,
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@renderer/ui/menu'
import type { Table } from '@shared/contract/tables.contract'
import { Columns3, Download, Ellipsis, History, Pencil, Table2, Trash2, Upload, Zap } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { Link } from 'react-router'
import { TableNameInput } from './table-name-input'

/** The service counts to here; above, the figure is the planner's. */
const mostCounted = 10_000

export interface TableListItemProps {
  readonly table: Table
  readonly current: boolean
  /** Tab stops here; arrows go on. */
  readonly tabStop: boolean
  readonly renaming: boolean
  readonly onRenaming: (on: boolean) => void
  readonly onRename: (name: string) => Promise<void>
  readonly onEditColumns: () => void
  readonly onIndexes: () => void
  readonly onImport: () => void
  readonly onExport: () => void
  readonly onMoment: () => void
  readonly onDelete: () => void
}

export function TableListItem(props: TableListItemProps) {
  const { table, current, renaming } = props
  const { project } = useCurrentProject()
  const count = formatCount(table.record_estimate, table.record_estimate > mostCounted)
  const link = useRef<HTMLAnchorElement>(null)
  const wasRenaming = useRef(false)
  useEffect(() => {
    // The field is gone, and the focus with it, unless somebody clicked elsewhere.
    if (wasRenaming.current && !renaming && document.activeElement === document.body) link.current?.focus()
    wasRenaming.current = renaming
  }, [renaming])
  const look = cn('size-3.5 shrink-0', current ? 'text-accent-text' : 'text-text-muted')

  if (renaming)
    return (
      <li className="flex items-start gap-1 pl-2">
        <Table2 aria-hidden className={cn(look, 'mt-[7px]')} />
        <TableNameInput table={table} onRename={props.onRename} onEnd={() => props.onRenaming(false)} />
      </li>
    )
  const menu = (Item: typeof DropdownMenuItem | typeof ContextMenuItem, separator: ReactNode) => (
    <>
      <Item icon={Pencil} shortcut="F2" onSelect={() => props.onRenaming(true)}>
        Rename
      </Item>
      <Item icon={Columns3} onSelect={props.onEditColumns}>
        Edit columns
      </Item>
      <Item icon={Zap} onSelect={props.onIndexes}>
        Indexes and storage
      </Item>
      {separator}
      <Item icon={Upload} onSelect={props.onImport}>
        Import into it
      </Item>
      <Item icon={Download} onSelect={props.onExport}>
        Export
      </Item>
      <Item icon={History} onSelect={props.onMoment}>
        Restore to a moment
      </Item>
      {separator}
      <Item icon={Trash2} shortcut="Delete" danger onSelect={props.onDelete}>
        Delete
      </Item>
    </>
  )
  return (
    <ContextMenu>
      <ContextMenuTrigger>
        <li
          className={cn(
            'group relative flex h-7 shrink-0 items-center rounded-md transition-colors data-[state=open]:bg-bg-hover',
            current ? 'bg-bg-active' : 'hover:bg-bg-hover',
          )}
        >
          <Link
            ref={link}
            to={paths.table(project.id, table.table_name)}
            data-table={table.id}
            title={table.table_name}
            tabIndex={props.tabStop ? 0 : -1}
            aria-current={current ? 'page' : undefined}
            className="flex h-full min-w-0 flex-1 items-center gap-2 rounded-md pr-8 pl-2 focus-visible:-outline-offset-2"
            onDoubleClick={() => keepTable(project.id, table.id)}
          >
            <Table2 aria-hidden className={look} />
            <span className={cn('min-w-0 flex-1 truncate', current && 'font-medium')}>{table.table_name}</span>
            <span
              className="shrink-0 text-sm text-text-muted tabular-nums"
              title={countOf(table.record_estimate, 'record')}
            >
              {count}
              <span className="sr-only"> {table.record_estimate === 1 ? 'record' : 'records'}</span>
            </span>
          </Link>
          <DropdownMenu>
            <DropdownMenuTrigger>
              <IconButton
                label={`Actions for ${table.table_name}`}
                tooltip="Rename, edit columns, indexes, delete"
                icon={Ellipsis}
                size="sm"
                tabIndex={props.tabStop ? 0 : -1}
                className="absolute right-1"
              />
            </DropdownMenuTrigger>
            <DropdownMenuContent align="end">{menu(DropdownMenuItem, <DropdownMenuSeparator />)}</DropdownMenuContent>
          </DropdownMenu>
        </li>
      </ContextMenuTrigger>
      <ContextMenuContent>{menu(ContextMenuItem, <ContextMenuSeparator />)}</ContextMenuContent>
    </ContextMenu>
  )
}
