import type { ContextMenuItem, DropdownMenuItem } from '@renderer/ui/menu'
import {
  ArrowDown,
  ArrowLeft,
  ArrowRight,
  ArrowUp,
  ChartColumn,
  EyeOff,
  ListFilter,
  MoveHorizontal,
  Pencil,
  Pin,
  PinOff,
  Trash2,
  Zap,
} from 'lucide-react'
import type { ReactNode } from 'react'
import type { GridColumn } from '../grid-column'
import type { ColumnActions, ColumnState } from './column-actions'

/** Pixels that "Wider" and "Narrower" add and take. */
const step = 64

/** The items of a column's menu, for whichever kind of menu they are in. */
export function ColumnMenuItems(props: {
  readonly item: typeof DropdownMenuItem | typeof ContextMenuItem
  readonly separator: ReactNode
  readonly column: GridColumn
  readonly state: ColumnState
  readonly actions: ColumnActions
}) {
  const { item: Item, separator, column, state, actions } = props
  const isKey = column.schema.primary_key === true
  return (
    <>
      <Item icon={ArrowUp} disabled={column.secret} onSelect={() => actions.sortTo(column, 'asc')}>
        Sort ascending
      </Item>
      <Item icon={ArrowDown} disabled={column.secret} onSelect={() => actions.sortTo(column, 'desc')}>
        Sort descending
      </Item>
      {state.sorted ? (
        <Item className="pl-7.5" onSelect={() => actions.sortTo(column, null)}>
          Do not sort by it
        </Item>
      ) : null}
      <Item icon={ListFilter} disabled={column.secret} onSelect={() => setTimeout(() => actions.filterBy(column))}>
        Filter by this column
      </Item>
      <Item
        icon={ChartColumn}
        disabled={column.secret}
        onSelect={() => setTimeout(() => actions.showStatistics(column))}
      >
        Statistics
      </Item>
      {separator}
      {state.pinned ? (
        <Item icon={PinOff} onSelect={() => actions.pin(column, false)}>
          Unpin
        </Item>
      ) : (
        <Item icon={Pin} onSelect={() => actions.pin(column, true)}>
          Pin to the left
        </Item>
      )}
      <Item icon={EyeOff} disabled={state.first && state.last} onSelect={() => actions.hide(column)}>
        Hide
      </Item>
      <Item icon={ArrowLeft} disabled={state.first} onSelect={() => actions.move(column, -1)}>
        Move left
      </Item>
      <Item icon={ArrowRight} disabled={state.last} onSelect={() => actions.move(column, 1)}>
        Move right
      </Item>
      <Item icon={MoveHorizontal} onSelect={() => actions.fit(column)}>
        Fit the width
      </Item>
      <Item className="pl-7.5" onSelect={() => actions.widen(column, step)}>
        Wider
      </Item>
      <Item className="pl-7.5" onSelect={() => actions.widen(column, -step)}>
        Narrower
      </Item>
      {separator}
      <Item icon={Pencil} onSelect={() => setTimeout(() => actions.edit(column))}>
        Edit column
      </Item>
      <Item icon={Zap} disabled={column.secret || isKey} onSelect={() => actions.addIndex(column)}>
        Add index
      </Item>
      <Item icon={Trash2} danger disabled={isKey} onSelect={() => setTimeout(() => actions.remove(column))}>
        Delete column
      </Item>
    </>
  )
}
