import { Button } from '@renderer/ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from '@renderer/ui/menu'
import { Popover, PopoverContent, PopoverTrigger } from '@renderer/ui/popover'
import { TypeMark } from '@renderer/ui/type-mark'
import { ArrowDownUp, ListFilter } from 'lucide-react'
import { FilterSentence } from '../assistant/filter-sentence'
import { FilterComposer } from './filter-composer'
import { treeOf } from './filter-from-saved'
import type { GridColumn } from './grid-column'
import type { TableView } from './view-params'

export interface Composing {
  readonly column?: string
}

export interface FilterBarProps {
  readonly columns: readonly GridColumn[]
  readonly view: TableView
  readonly onView: (view: TableView) => void
  /** The composer of a new chip, maybe with its column; null is closed. The shortcut opens it. */
  readonly composing: Composing | null
  readonly onComposing: (composing: Composing | null) => void
  /** Where a sentence is read into filters. */
  readonly place: { readonly databaseId: string; readonly tableName: string }
}

/** Adds to what is shown and in which order; what there is already is in `FilterChipRow`. */
export function FilterBar(props: FilterBarProps) {
  const { columns, view, onView, composing, onComposing, place } = props
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-center gap-1.5">
      <Popover open={composing !== null} onOpenChange={(open) => onComposing(open ? {} : null)}>
        <PopoverTrigger>
          <Button variant="ghost" icon={ListFilter} aria-keyshortcuts="Alt+F">
            Filter
          </Button>
        </PopoverTrigger>
        <PopoverContent aria-label="Add a filter" className="w-80 overflow-hidden">
          <FilterComposer
            key={composing?.column ?? ''}
            columns={columns}
            chip={null}
            column={composing?.column}
            onDone={(chip) => {
              onView({ ...view, chips: [...view.chips, chip] })
              onComposing(null)
            }}
          />
        </PopoverContent>
      </Popover>
      <SortButton columns={columns} view={view} onView={onView} />
      <FilterSentence
        {...place}
        onFilter={(filter) =>
          onView({
            ...view,
            ...treeOf(
              filter,
              columns.map(({ schema }) => schema),
            ),
          })
        }
      />
    </div>
  )
}

function SortButton({ columns, view, onView }: Pick<FilterBarProps, 'columns' | 'view' | 'onView'>) {
  const free = columns.filter((column) => !column.secret && !view.sort.some((one) => one.column === column.name))
  return (
    <DropdownMenu>
      <DropdownMenuTrigger>
        <Button variant="ghost" icon={ArrowDownUp}>
          Sort
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent className="max-h-80 overflow-y-auto">
        <DropdownMenuLabel>{view.sort.length > 0 ? 'Then sort by' : 'Sort by'}</DropdownMenuLabel>
        {free.map((column) => (
          <DropdownMenuItem
            key={column.name}
            onSelect={() => onView({ ...view, sort: [...view.sort, { column: column.name, direction: 'asc' }] })}
          >
            <span className="flex items-center gap-2">
              <TypeMark base={column.type.base} />
              {column.name}
            </span>
          </DropdownMenuItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
