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
import { ArrowDown, ArrowDownUp, ArrowUp, Group, ListFilter } from 'lucide-react'
import { useState } from 'react'
import { FilterSentence } from '../assistant/filter-sentence'
import { Chip, FilterChipButton } from './filter-chip-button'
import { type ChipGroup, countChips, type FilterChip, noFilters } from './filter-chips'
import { FilterComposer } from './filter-composer'
import { treeOf } from './filter-from-saved'
import { FilterGroup } from './filter-group'
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

/** What is shown and in which order, as chips. */
export function FilterBar(props: FilterBarProps) {
  const { columns, view, onView, composing, onComposing, place } = props
  const { chips, groups, match, sort, custom } = view
  const setChips = (next: readonly FilterChip[]) => onView({ ...view, chips: next })
  const setGroups = (next: readonly ChipGroup[]) => onView({ ...view, groups: next.filter(({ length }) => length > 0) })
  const [grouping, setGrouping] = useState(false)
  const inner = match === 'all' ? 'any' : 'all'
  const joint = (
    <button
      type="button"
      title={match === 'all' ? 'All filters must hold. Click for any.' : 'One filter must hold. Click for all.'}
      className="rounded-sm px-1 text-sm text-text-muted hover:bg-bg-hover hover:text-text"
      onClick={() => onView({ ...view, match: inner })}
    >
      {match === 'all' ? 'and' : 'or'}
    </button>
  )
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of controls, not a form's fieldset
    <div role="group" aria-label="Filters and sorting" className="flex min-w-0 flex-1 flex-wrap items-center gap-1.5">
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
              setChips([...chips, chip])
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
      {custom === null ? null : (
        <Chip removeLabel="Remove the custom filter" onRemove={() => onView({ ...view, custom: null })}>
          <span className="px-2" title={JSON.stringify(custom)}>
            Custom filter
          </span>
        </Chip>
      )}
      {chips.map((chip, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two chips can be equal
        <span key={`${index} ${chip.column}`} className="flex min-w-0 items-center gap-1.5">
          {index > 0 ? joint : null}
          <FilterChipButton
            chip={chip}
            columns={columns}
            onChange={(next) => setChips(chips.map((one, at) => (at === index ? next : one)))}
            onRemove={() => setChips(chips.filter((_, at) => at !== index))}
          />
        </span>
      ))}
      {groups.map((group, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two groups can be equal
        <span key={index} className="flex min-w-0 items-center gap-1.5">
          {index > 0 || chips.length > 0 ? joint : null}
          <FilterGroup
            group={group}
            columns={columns}
            match={inner}
            onChange={(next) => setGroups(groups.map((one, at) => (at === index ? next : one)))}
          />
        </span>
      ))}
      {chips.length > 0 || groups.length > 0 ? (
        <Popover open={grouping} onOpenChange={setGrouping}>
          <PopoverTrigger>
            <Button size="sm" variant="ghost" icon={Group} title={`A group of filters, ${inner} of which must hold`}>
              Group
            </Button>
          </PopoverTrigger>
          <PopoverContent aria-label="Add a group of filters" className="w-80 overflow-hidden">
            <FilterComposer
              columns={columns}
              chip={null}
              onDone={(chip) => {
                setGroups([...groups, [chip]])
                setGrouping(false)
              }}
            />
          </PopoverContent>
        </Popover>
      ) : null}
      {sort.map(({ column, direction }) => {
        const Arrow = direction === 'asc' ? ArrowUp : ArrowDown
        return (
          <Chip
            key={column}
            removeLabel={`Do not sort by ${column}`}
            onRemove={() => onView({ ...view, sort: sort.filter((one) => one.column !== column) })}
          >
            <button
              type="button"
              aria-label={`Sorted by ${column}, ${direction === 'asc' ? 'ascending' : 'descending'}. Turn around.`}
              className="flex h-full items-center gap-1 rounded-l-md px-2 hover:bg-bg-hover"
              onClick={() =>
                onView({
                  ...view,
                  sort: sort.map((one) =>
                    one.column === column ? { column, direction: direction === 'asc' ? 'desc' : 'asc' } : one,
                  ),
                })
              }
            >
              <Arrow aria-hidden className="size-3.5 text-accent-text" />
              {column}
            </button>
          </Chip>
        )
      })}
      {countChips(view) > 1 ? (
        <Button
          size="sm"
          variant="ghost"
          aria-label="Clear all filters"
          onClick={() => onView({ ...view, ...noFilters })}
        >
          Clear
        </Button>
      ) : null}
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
