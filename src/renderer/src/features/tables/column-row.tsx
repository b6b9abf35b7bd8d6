import { useSortable } from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { Button, IconButton } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { Checkbox, TextInput } from '@renderer/ui/field'
import { Tooltip } from '@renderer/ui/tooltip'
import { TypeMark } from '@renderer/ui/type-mark'
import { parseColumnType } from '@shared/domain/column-type'
import { ChevronDown, GripVertical, Lock, Undo2, X } from 'lucide-react'
import { type Dispatch, type ReactNode, useId, useState } from 'react'
import { ColumnDetails } from './column-details'
import { type ColumnDraft, type ColumnPatch, isIdentity } from './column-draft'
import type { DraftAction } from './column-drafts'
import { columnSummary } from './column-summary'
import { allowedName, type DraftProblem } from './draft-problems'
import type { ReferenceChoice } from './reference-choices'
import { TypePicker } from './type-picker'

/** Grip, name, type, required, the rest, remove. */
export const columnGrid =
  'grid grid-cols-[1.5rem_minmax(0,1fr)_10.5rem_4rem_minmax(0,12rem)_1.75rem] items-center gap-x-1.5 px-1 max-sm:grid-cols-[1.5rem_minmax(0,1fr)_8rem_1.75rem_1.75rem]'

export interface ColumnRowProps {
  readonly column: ColumnDraft
  readonly nameId: string
  readonly choices: readonly ReferenceChoice[]
  readonly problem: DraftProblem | null
  readonly keptBecause: string | null
  readonly choosesKey: boolean
  readonly note: ReactNode
  readonly dispatch: Dispatch<DraftAction>
  readonly onEnter: () => void
  readonly onRemove: () => void
  readonly onKeep: () => void
}

/** One column in one line; what is rarely needed folds out under it. */
export function ColumnRow(props: ColumnRowProps) {
  const { column, problem, dispatch } = props
  const [open, setOpen] = useState(false)
  const id = useId()
  const sortable = useSortable({ id: column.key })
  const name = column.name || 'the new column'
  const fixed = isIdentity(column)
  const fallback = problem?.field === 'name' ? allowedName(column.name) : null
  const change = (patch: ColumnPatch) => dispatch({ type: 'change', key: column.key, patch })

  return (
    <li
      ref={sortable.setNodeRef}
      style={{ transform: CSS.Translate.toString(sortable.transform), transition: sortable.transition }}
      className={cn(
        'relative rounded-md py-0.5',
        sortable.isDragging && 'z-10 bg-bg-raised shadow-float',
        open && !column.dropped && 'bg-bg-subtle',
        props.note !== null && 'shadow-[inset_2px_0_0_var(--edge)]',
        column.dropped ? '[--edge:var(--danger)]' : column.was ? '[--edge:var(--warning)]' : '[--edge:var(--success)]',
      )}
    >
      <div className={columnGrid}>
        <button
          type="button"
          ref={sortable.setActivatorNodeRef}
          {...sortable.attributes}
          {...sortable.listeners}
          aria-label={`Move ${name}`}
          className="flex h-7 w-6 cursor-grab touch-none items-center justify-center rounded-md text-text-muted hover:bg-bg-hover hover:text-text active:cursor-grabbing"
        >
          <GripVertical aria-hidden className="size-3.5" />
        </button>
        {column.dropped ? (
          <DroppedColumn id={props.nameId} column={column} onKeep={props.onKeep} />
        ) : (
          <>
            <TextInput
              id={props.nameId}
              mono
              value={column.name}
              disabled={fixed}
              placeholder="column_name"
              aria-label="Column name"
              aria-invalid={problem?.field === 'name' || undefined}
              aria-describedby={problem ? `${id}-problem` : undefined}
              onChange={(event) => change({ name: event.target.value })}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
                if (event.ctrlKey || event.metaKey) return
                event.preventDefault()
                if (column.name.trim() !== '') props.onEnter()
              }}
            />
            <TypePicker
              label={`Type of ${name}`}
              type={column.type}
              disabled={fixed}
              onChange={(type) => change({ type, unfit: 'refuse' })}
            />
            <div className="flex justify-center max-sm:hidden">
              <Checkbox
                aria-label={`${name} is required`}
                checked={column.required || column.inKey}
                disabled={column.inKey}
                onCheckedChange={(checked) => change({ required: checked === true })}
              />
            </div>
            <button
              type="button"
              aria-expanded={open}
              aria-controls={open ? `${id}-details` : undefined}
              aria-label={`More about ${name}`}
              className="flex h-7 min-w-0 items-center justify-between gap-1 rounded-md pr-1 pl-2 text-left text-sm text-text-muted transition-colors hover:bg-bg-hover hover:text-text max-sm:justify-center max-sm:px-0"
              onClick={() => setOpen(!open)}
            >
              <span className="min-w-0 truncate max-sm:hidden">{columnSummary(column)}</span>
              <ChevronDown aria-hidden className={cn('size-3.5 shrink-0 transition-transform', open && 'rotate-180')} />
            </button>
            {props.keptBecause ? (
              <Tooltip content={props.keptBecause}>
                <button
                  type="button"
                  aria-label={`${name} cannot be dropped. ${props.keptBecause}`}
                  className="flex size-7 items-center justify-center rounded-md text-text-muted"
                >
                  <Lock aria-hidden className="size-3.5" />
                </button>
              </Tooltip>
            ) : (
              <IconButton
                label={column.was ? `Drop ${name}` : `Remove ${name}`}
                tooltip={column.was ? 'Drop column' : 'Remove column'}
                icon={X}
                onClick={props.onRemove}
              />
            )}
          </>
        )}
      </div>
      {problem ? (
        <p id={`${id}-problem`} role="alert" className="py-1 pr-2 pl-9 text-sm text-danger">
          {problem.sentence}
          {fallback ? (
            <Button size="sm" className="ml-2 h-5" onClick={() => change({ name: fallback })}>
              Use {fallback}
            </Button>
          ) : null}
        </p>
      ) : null}
      {open && !column.dropped ? (
        <ColumnDetails
          id={`${id}-details`}
          column={column}
          choices={props.choices}
          choosesKey={props.choosesKey}
          onChange={change}
        />
      ) : null}
      {props.note}
    </li>
  )
}

function DroppedColumn(props: { readonly id: string; readonly column: ColumnDraft; readonly onKeep: () => void }) {
  const { column } = props
  const type = parseColumnType(column.was?.type ?? column.type)
  return (
    <>
      <span className="truncate px-2 font-mono text-danger line-through">{column.was?.name}</span>
      <span className="flex min-w-0 items-center gap-2 px-2 text-text-muted line-through">
        {type ? <TypeMark base={type.base} /> : null}
        <span className="truncate">{column.was?.type}</span>
      </span>
      <span className="max-sm:hidden" />
      <span className="max-sm:hidden" />
      <IconButton
        id={props.id}
        label={`Keep ${column.name}`}
        tooltip="Keep column"
        icon={Undo2}
        onClick={props.onKeep}
      />
    </>
  )
}
