import { Button } from '@renderer/ui/button'
import { filterByKeywords } from '@renderer/ui/command-filter'
import { Popover, PopoverContent, PopoverTrigger } from '@renderer/ui/popover'
import { Command } from 'cmdk'
import { Search, Table2 } from 'lucide-react'
import { useReactFlow } from 'reactflow'
import { useActions } from './canvas-actions'
import { ColumnMark } from './column-marks'
import { showTable } from './show-table'
import type { ShownTable } from './shown-tables'

export interface FindTableProps {
  readonly tables: readonly ShownTable[]
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

const itemLooks = 'flex h-7 items-center gap-2 rounded-md px-2 data-[selected=true]:bg-bg-active'

/** By the name of a table or a column: it comes to the middle, and all but its neighbours fade. */
export function FindTable({ tables, open, onOpenChange }: FindTableProps) {
  const { ui } = useActions()
  const flow = useReactFlow()
  function find(table: string, column: string | null) {
    onOpenChange(false)
    showTable(flow, ui, table)
    ui.set({ focus: { table, hops: 1 }, column: column === null ? null : { table, column } })
  }
  return (
    <Popover open={open} onOpenChange={onOpenChange}>
      <PopoverTrigger>
        <Button variant="ghost" icon={Search} aria-keyshortcuts="/" title="Find a table (/)">
          <span className="max-xl:sr-only">Find</span>
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label="Find a table or column" className="w-80 overflow-hidden">
        <Command label="Find a table or column" filter={filterByKeywords}>
          <Command.Input
            placeholder="Find a table or column"
            className="h-8 w-full border-b border-border bg-transparent px-3 outline-none"
          />
          <Command.List className="max-h-72 overflow-y-auto p-1">
            <Command.Empty className="px-2 py-3 text-text-muted">Nothing has that name.</Command.Empty>
            {tables.map(({ table }) => (
              <Command.Item
                key={table.name}
                value={table.name}
                keywords={[table.name]}
                className={itemLooks}
                onSelect={() => find(table.name, null)}
              >
                <Table2 aria-hidden className="size-3.5 text-text-muted" />
                <span className="flex-1 truncate">{table.name}</span>
                <span className="text-sm text-text-muted">{table.columns.length} columns</span>
              </Command.Item>
            ))}
            <ColumnResults tables={tables} onFind={find} />
          </Command.List>
        </Command>
      </PopoverContent>
    </Popover>
  )
}

/** Of thousands of columns the menu would only be slow: they are listed while there are few tables. */
const mostTables = 60

function ColumnResults({
  tables,
  onFind,
}: Pick<FindTableProps, 'tables'> & { readonly onFind: (table: string, column: string) => void }) {
  if (tables.length > mostTables) return null
  return tables.flatMap(({ table }) =>
    table.columns.map((column) => (
      <Command.Item
        key={`${table.name}.${column.name}`}
        value={`${table.name}.${column.name}`}
        keywords={[`${table.name}.${column.name}`]}
        className={itemLooks}
        onSelect={() => onFind(table.name, column.name)}
      >
        <ColumnMark table={table.name} column={column} />
        <span className="flex-1 truncate">
          <span className="text-text-muted">{table.name}.</span>
          {column.name}
        </span>
      </Command.Item>
    )),
  )
}
