import { Button } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from '@renderer/ui/menu'
import { Popover, PopoverContent, PopoverTrigger } from '@renderer/ui/popover'
import { TypeMark } from '@renderer/ui/type-mark'
import { ArrowDown, ArrowDownUp, ArrowUp, ListFilter, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { cellText } from './cell-text'
import { parseChipColumn } from './chip-column'
import { type FilterChip, isNullTest, operatorWords, readChip } from './filter-chips'
import { FilterComposer } from './filter-composer'
import type { GridColumn } from './grid-column'
import type { TableView } from './view-params'

export interface FilterBarProps {
  readonly columns: readonly GridColumn[]
  readonly view: TableView
  readonly onView: (view: TableView) => void
  /** The composer of a new chip; the shortcut opens it. */
  readonly composing: boolean
  readonly onComposing: (open: boolean) => void
}

/** What is shown and in which order, as chips. */
export function FilterBar({ columns, view, onView, composing, onComposing }: FilterBarProps) {
  const { chips, match, sort } = view
  const setChips = (next: readonly FilterChip[]) => onView({ ...view, chips: next })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of controls, not a form's fieldset
    <div role="group" aria-label="Filters and sorting" className="flex min-w-0 flex-1 flex-wrap items-center gap-1.5">
      <Popover open={composing} onOpenChange={onComposing}>
        <PopoverTrigger>
          <Button variant="ghost" icon={ListFilter} aria-keyshortcuts="Alt+F">
            Filter
          </Button>
        </PopoverTrigger>
        <PopoverContent aria-label="Add a filter" className="w-80 overflow-hidden">
          <FilterComposer
            columns={columns}
            chip={null}
            onDone={(chip) => {
              setChips([...chips, chip])
              onComposing(false)
            }}
          />
        </PopoverContent>
      </Popover>
      <SortButton columns={columns} view={view} onView={onView} />
      {chips.map((chip, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two chips can be equal
        <span key={`${index} ${chip.column}`} className="contents">
          {index > 0 ? (
            <button
              type="button"
              title={match === 'all' ? 'All filters must hold. Click for any.' : 'One filter must hold. Click for all.'}
              className="rounded-sm px-1 text-sm text-text-muted hover:bg-bg-hover hover:text-text"
              onClick={() => onView({ ...view, match: match === 'all' ? 'any' : 'all' })}
            >
              {match === 'all' ? 'and' : 'or'}
            </button>
          ) : null}
          <FilterChipButton
            chip={chip}
            columns={columns}
            onChange={(next) => setChips(chips.map((one, at) => (at === index ? next : one)))}
            onRemove={() => setChips(chips.filter((_, at) => at !== index))}
          />
        </span>
      ))}
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
      {chips.length > 1 ? (
        <Button size="sm" variant="ghost" aria-label="Clear all filters" onClick={() => setChips([])}>
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

function FilterChipButton(props: {
  readonly chip: FilterChip
  readonly columns: readonly GridColumn[]
  readonly onChange: (chip: FilterChip) => void
  readonly onRemove: () => void
}) {
  const { chip, columns } = props
  const [open, setOpen] = useState(false)
  const schemas = columns.map(({ schema }) => schema)
  const found = parseChipColumn(chip.column, schemas)
  const read = readChip(chip, schemas)
  const words = operatorWords(chip.op)
  const shown = read.ok && found && 'value' in read.filter && !Array.isArray(read.filter.value) && chip.op !== 'in'
  const value = shown && 'value' in read.filter ? cellText(found.type, read.filter.value) : null
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <Chip invalid={!read.ok} removeLabel={`Remove the filter on ${chip.column}`} onRemove={props.onRemove}>
        <PopoverTrigger>
          <button
            type="button"
            title={read.ok ? undefined : read.reason}
            className="flex h-full min-w-0 items-center gap-1.5 rounded-l-md px-2 hover:bg-bg-hover"
          >
            {found ? <TypeMark base={found.column.type === 'jsonb' ? 'jsonb' : found.type.base} /> : null}
            <span className="truncate">{chip.column}</span>
            <span className="shrink-0 text-text-muted">{words.sign}</span>
            {isNullTest(chip.op) ? null : (
              <span className="max-w-48 truncate font-mono text-sm">
                {value && 'text' in value ? value.text : chip.value}
              </span>
            )}
          </button>
        </PopoverTrigger>
      </Chip>
      <PopoverContent aria-label={`Filter on ${chip.column}`} className="w-80 overflow-hidden">
        <FilterComposer
          columns={columns}
          chip={chip}
          onDone={(next) => {
            props.onChange(next)
            setOpen(false)
          }}
        />
      </PopoverContent>
    </Popover>
  )
}

function Chip(props: {
  readonly invalid?: boolean
  readonly removeLabel: string
  readonly onRemove: () => void
  readonly children: ReactNode
}) {
  return (
    <span
      className={cn(
        'flex h-7 max-w-full min-w-0 items-center rounded-md border bg-bg-raised',
        props.invalid ? 'border-danger' : 'border-border',
      )}
    >
      {props.children}
      <button
        type="button"
        aria-label={props.removeLabel}
        className="flex h-full w-6 shrink-0 items-center justify-center rounded-r-md text-text-muted hover:bg-bg-hover hover:text-text"
        onClick={props.onRemove}
      >
        <X aria-hidden className="size-3" />
      </button>
    </span>
  )
}
