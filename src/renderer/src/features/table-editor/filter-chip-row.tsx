import { Button } from '@renderer/ui/button'
import { Popover, PopoverContent, PopoverTrigger } from '@renderer/ui/popover'
import { ArrowDown, ArrowUp, Group } from 'lucide-react'
import { useState } from 'react'
import { Chip, FilterChipButton } from './filter-chip-button'
import { type ChipGroup, countChips, type FilterChip, noFilters } from './filter-chips'
import { FilterComposer } from './filter-composer'
import { FilterGroup } from './filter-group'
import type { GridColumn } from './grid-column'
import type { TableView } from './view-params'

/** What is shown and in which order, as chips; nothing when that is everything. */
export function FilterChipRow(props: {
  readonly columns: readonly GridColumn[]
  readonly view: TableView
  readonly onView: (view: TableView) => void
}) {
  const { columns, view, onView } = props
  const { chips, groups, match, sort, custom } = view
  const setChips = (next: readonly FilterChip[]) => onView({ ...view, chips: next })
  const setGroups = (next: readonly ChipGroup[]) => onView({ ...view, groups: next.filter(({ length }) => length > 0) })
  const [grouping, setGrouping] = useState(false)
  if (countChips(view) === 0 && sort.length === 0) return null
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
    <div role="group" aria-label="Filters and sorting" className="flex basis-full flex-wrap items-center gap-1.5 px-1">
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
