import { Button, IconButton } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { countOf, formatCount } from '@renderer/ui/figures'
import { Download, PencilLine, Plus, RefreshCw, Search, Trash2, X } from 'lucide-react'
import type { ReactNode } from 'react'

export interface EditorToolbarProps {
  readonly selected: number
  /** How many more "all" would be; null when they are selected, or nothing is. */
  readonly all: number | null
  readonly onNewRecord: () => void
  readonly onDelete: () => void
  readonly onEditMany: () => void
  /** The ticked records, or what the grid shows. */
  readonly onExport: () => void
  readonly onFind: () => void
  readonly onSelectAll: () => void
  readonly onClearSelection: () => void
  readonly columnsButton: ReactNode
  readonly onRefresh: () => void
  /** A line of their own. */
  readonly chips: ReactNode
  readonly children: ReactNode
}

/** Over the grid: filters, or what can be done with the ticked records; at the right what makes something new. */
export function EditorToolbar(props: EditorToolbarProps) {
  return (
    <div className="@container flex min-h-11 shrink-0 flex-wrap items-start gap-2 border-b border-border bg-bg px-2 py-2">
      {props.selected > 0 ? (
        <div className="flex min-w-0 flex-1 items-center gap-2">
          <span role="status" className="pl-1.5 font-medium whitespace-nowrap tabular-nums">
            {formatCount(props.selected)} selected
          </span>
          <Button icon={PencilLine} onClick={props.onEditMany}>
            Edit {countOf(props.selected, 'record')}
          </Button>
          <Button icon={Download} onClick={props.onExport}>
            Export {countOf(props.selected, 'record')}
          </Button>
          <Button variant="danger" icon={Trash2} onClick={props.onDelete}>
            Delete {countOf(props.selected, 'record')}
          </Button>
          {props.all !== null ? (
            <Button variant="ghost" onClick={props.onSelectAll}>
              Select all {formatCount(props.all)}
            </Button>
          ) : null}
          <Button variant="ghost" icon={X} onClick={props.onClearSelection}>
            Clear
          </Button>
        </div>
      ) : (
        props.children
      )}
      {/* Where there is no room for both, what can be done with the ticked records goes first. */}
      <div className={cn('flex shrink-0 items-center gap-1', props.selected > 0 && 'max-xl:hidden')}>
        <IconButton label="Find in table" shortcut="Mod+F" icon={Search} onClick={props.onFind} />
        <IconButton label="Read again" icon={RefreshCw} onClick={props.onRefresh} />
        <IconButton label="Export what is shown" icon={Download} onClick={props.onExport} />
        {props.columnsButton}
        <Button variant="primary" icon={Plus} className="ml-1" onClick={props.onNewRecord}>
          New record
        </Button>
      </div>
      {props.chips}
    </div>
  )
}
