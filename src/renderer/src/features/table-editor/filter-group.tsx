import { IconButton } from '@renderer/ui/button'
import { Popover, PopoverContent, PopoverTrigger } from '@renderer/ui/popover'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { FilterChipButton } from './filter-chip-button'
import type { ChipGroup, ChipMatch } from './filter-chips'
import { FilterComposer } from './filter-composer'
import type { GridColumn } from './grid-column'

/** Conditions in brackets, joined the other way than those around them. */
export function FilterGroup(props: {
  readonly group: ChipGroup
  readonly columns: readonly GridColumn[]
  /** How those inside are joined. */
  readonly match: ChipMatch
  readonly onChange: (group: ChipGroup) => void
}) {
  const { group, columns, match, onChange } = props
  const [adding, setAdding] = useState(false)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of controls, not a form's fieldset
    <span
      role="group"
      aria-label={match === 'any' ? 'Any of these filters' : 'All of these filters'}
      className="flex min-w-0 flex-wrap items-center gap-1 rounded-lg border border-dashed border-border-strong bg-bg-subtle p-0.5"
    >
      {group.map((chip, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two chips can be equal
        <span key={`${index} ${chip.column}`} className="contents">
          {index > 0 ? <span className="px-0.5 text-sm text-text-muted">{match === 'any' ? 'or' : 'and'}</span> : null}
          <FilterChipButton
            chip={chip}
            columns={columns}
            onChange={(next) => onChange(group.map((one, at) => (at === index ? next : one)))}
            onRemove={() => onChange(group.filter((_, at) => at !== index))}
          />
        </span>
      ))}
      <Popover open={adding} onOpenChange={setAdding}>
        <PopoverTrigger>
          <IconButton size="sm" label="Add a filter to this group" icon={Plus} />
        </PopoverTrigger>
        <PopoverContent aria-label="Add a filter to this group" className="w-80 overflow-hidden">
          <FilterComposer
            columns={columns}
            chip={null}
            onDone={(chip) => {
              onChange([...group, chip])
              setAdding(false)
            }}
          />
        </PopoverContent>
      </Popover>
      <IconButton size="sm" label="Remove this group" icon={X} onClick={() => onChange([])} />
    </span>
  )
}
