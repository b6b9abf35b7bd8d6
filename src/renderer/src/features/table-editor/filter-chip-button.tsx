import { cn } from '@renderer/ui/cn'
import { Popover, PopoverContent, PopoverTrigger } from '@renderer/ui/popover'
import { TypeMark } from '@renderer/ui/type-mark'
import { X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { cellText } from './cell-text'
import { parseChipColumn } from './chip-column'
import { type FilterChip, isNullTest, operatorWords, readChip } from './filter-chips'
import { FilterComposer } from './filter-composer'
import type { GridColumn } from './grid-column'

/** One condition: pressed, it can be changed. */
export function FilterChipButton(props: {
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

export function Chip(props: {
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
