import { IconButton } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { ContextMenu, ContextMenuContent, ContextMenuItem, ContextMenuTrigger } from '@renderer/ui/menu'
import { FileCode2, LoaderCircle, Plus, X } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import type { Draft } from './draft-cache'
import type { Panel } from './panel'
import type { PanelState } from './panel-state'

/** The open texts, each kept until it is closed. */
export function DraftTabs({ panel, state }: { readonly panel: Panel; readonly state: PanelState }) {
  const { tabs, active, runs } = state
  const list = useRef<HTMLDivElement>(null)
  const [renaming, setRenaming] = useState<string | null>(null)

  function onKeyDown(event: KeyboardEvent) {
    if (renaming !== null) return
    const at = tabs.findIndex(({ id }) => id === active)
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key]
    const target = next === undefined ? undefined : tabs[next]
    if (target && next !== undefined) {
      panel.show(target.id)
      list.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus()
    } else if (event.key === 'Delete') panel.close(active)
    else if (event.key === 'F2') setRenaming(active)
    else return
    event.preventDefault()
  }

  return (
    <div className="flex h-9 shrink-0 items-stretch border-b border-border bg-bg-subtle">
      <div
        ref={list}
        role="tablist"
        aria-label="Open queries"
        className="flex min-w-0 items-stretch overflow-x-auto [&::-webkit-scrollbar]:hidden"
        onKeyDown={onKeyDown}
      >
        {tabs.map((tab) => (
          <DraftTab
            key={tab.id}
            tab={tab}
            selected={tab.id === active}
            running={runs.has(tab.id)}
            renaming={renaming === tab.id}
            onSelect={() => panel.show(tab.id)}
            onRename={() => setRenaming(tab.id)}
            onRenamed={(name) => {
              setRenaming(null)
              if (name !== null && name.trim() !== '') panel.rename(tab.id, name.trim())
            }}
            onClose={() => panel.close(tab.id)}
            onCloseOthers={() => {
              for (const other of tabs) if (other.id !== tab.id) panel.close(other.id)
            }}
          />
        ))}
      </div>
      <span className="flex items-center px-1">
        <IconButton label="New query" icon={Plus} size="sm" onClick={() => panel.open()} />
      </span>
    </div>
  )
}

function DraftTab(props: {
  readonly tab: Draft
  readonly selected: boolean
  readonly running: boolean
  readonly renaming: boolean
  readonly onSelect: () => void
  readonly onRename: () => void
  readonly onRenamed: (name: string | null) => void
  readonly onClose: () => void
  readonly onCloseOthers: () => void
}) {
  const { tab, selected } = props
  const Icon = props.running ? LoaderCircle : FileCode2
  if (props.renaming)
    return (
      <input
        aria-label="Name of the query"
        defaultValue={tab.name}
        ref={(input) => input?.select()}
        className="m-1 w-36 rounded-sm border border-border-strong bg-bg px-2"
        onBlur={(event) => props.onRenamed(event.target.value)}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Enter') props.onRenamed(event.currentTarget.value)
          if (event.key === 'Escape') props.onRenamed(null)
        }}
      />
    )
  return (
    <ContextMenu>
      <ContextMenuTrigger asChild>
        <div
          role="presentation"
          className={cn(
            'group relative flex max-w-52 min-w-28 shrink-0 items-center border-r border-border',
            selected ? 'bg-bg' : 'hover:bg-bg-hover',
          )}
        >
          <button
            type="button"
            role="tab"
            aria-selected={selected}
            tabIndex={selected ? 0 : -1}
            data-saved={tab.saved}
            className={cn(
              'flex h-full min-w-0 flex-1 items-center gap-1.5 pr-7 pl-3',
              selected ? 'text-text' : 'text-text-muted',
            )}
            onClick={props.onSelect}
            onDoubleClick={props.onRename}
            onAuxClick={(event) => event.button === 1 && props.onClose()}
          >
            <Icon aria-hidden className={cn('size-3.5 shrink-0', props.running && 'animate-spin')} />
            <span className="truncate">{tab.name}</span>
          </button>
          <button
            type="button"
            tabIndex={-1}
            aria-hidden
            title="Close"
            className="absolute right-1 flex size-5 items-center justify-center rounded-sm opacity-0 group-hover:opacity-100 hover:bg-bg-active data-[selected=true]:opacity-70"
            data-selected={selected}
            onClick={props.onClose}
          >
            <X aria-hidden className="size-3" />
          </button>
        </div>
      </ContextMenuTrigger>
      <ContextMenuContent>
        <ContextMenuItem shortcut="F2" onSelect={props.onRename}>
          Rename
        </ContextMenuItem>
        <ContextMenuItem shortcut="Alt+W" onSelect={props.onClose}>
          Close
        </ContextMenuItem>
        <ContextMenuItem onSelect={props.onCloseOthers}>Close others</ContextMenuItem>
      </ContextMenuContent>
    </ContextMenu>
  )
}
