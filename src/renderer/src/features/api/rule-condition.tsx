import { FilterChipButton } from '@renderer/features/table-editor/filter-chip-button'
import { type ChipMatch, chipsFilter, type FilterChip } from '@renderer/features/table-editor/filter-chips'
import { FilterComposer } from '@renderer/features/table-editor/filter-composer'
import { treeOf } from '@renderer/features/table-editor/filter-from-saved'
import type { GridColumn } from '@renderer/features/table-editor/grid-column'
import { Button } from '@renderer/ui/button'
import { Popover, PopoverContent, PopoverTrigger } from '@renderer/ui/popover'
import type { Filter } from '@shared/domain/filter'
import { ListFilter } from 'lucide-react'
import { useState } from 'react'

/** Which records a rule is about, as the filters of the table editor. A condition that chips cannot say is shown whole. */
export function RuleCondition(props: {
  readonly label: string
  readonly columns: readonly GridColumn[]
  readonly where: Filter | undefined
  readonly onWhere: (where: Filter | undefined) => void
}) {
  const { columns, where, onWhere } = props
  const schemas = columns.map(({ schema }) => schema)
  const [adding, setAdding] = useState(false)
  const tree = treeOf(where ?? null, schemas)
  const isWhole = tree.custom !== null || tree.groups.length > 0
  const change = (chips: readonly FilterChip[], match: ChipMatch = tree.match) =>
    onWhere(chipsFilter(chips, match, schemas))
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of controls, not a form's fieldset
    <div role="group" aria-label={props.label} className="flex min-w-0 flex-wrap items-center gap-1.5">
      {isWhole ? (
        <>
          <code className="max-w-full min-w-0 rounded-md border border-border bg-bg-subtle px-2 py-1 font-mono text-sm wrap-anywhere">
            {JSON.stringify(where)}
          </code>
          <Button size="sm" variant="ghost" onClick={() => onWhere(undefined)}>
            Remove the condition
          </Button>
        </>
      ) : (
        <>
          {tree.chips.map((chip, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two chips can be equal
            <span key={`${index} ${chip.column}`} className="flex min-w-0 items-center gap-1.5">
              {index > 0 ? (
                <button
                  type="button"
                  title={tree.match === 'all' ? 'All must hold. Click for any.' : 'One must hold. Click for all.'}
                  className="rounded-sm px-1 text-sm text-text-muted hover:bg-bg-hover hover:text-text"
                  onClick={() => change(tree.chips, tree.match === 'all' ? 'any' : 'all')}
                >
                  {tree.match === 'all' ? 'and' : 'or'}
                </button>
              ) : null}
              <FilterChipButton
                chip={chip}
                columns={columns}
                onChange={(next) => change(tree.chips.map((one, at) => (at === index ? next : one)))}
                onRemove={() => change(tree.chips.filter((_, at) => at !== index))}
              />
            </span>
          ))}
          <Popover open={adding} onOpenChange={setAdding}>
            <PopoverTrigger>
              <Button size="sm" variant="ghost" icon={ListFilter}>
                {tree.chips.length === 0 ? 'Only where' : 'And where'}
              </Button>
            </PopoverTrigger>
            <PopoverContent aria-label="Add a condition" className="w-80 overflow-hidden">
              <FilterComposer
                columns={columns}
                chip={null}
                onDone={(chip) => {
                  change([...tree.chips, chip])
                  setAdding(false)
                }}
              />
            </PopoverContent>
          </Popover>
        </>
      )}
    </div>
  )
}
