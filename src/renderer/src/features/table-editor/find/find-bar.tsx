import { IconButton } from '@renderer/ui/button'
import { formatCount } from '@renderer/ui/figures'
import { ChevronDown, ChevronUp, Search, X } from 'lucide-react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import type { GridColumn } from '../grid-column'
import type { RecordsSource } from '../use-record-pages'
import { type FoundCell, useFind } from './use-find'
import { useHighlights } from './use-highlights'

export interface FindBarProps {
  readonly source: RecordsSource
  readonly columns: readonly GridColumn[]
  /** What the grid is in, to mark what is found. */
  readonly area: RefObject<HTMLElement | null>
  readonly onGo: (cell: FoundCell) => void
  readonly onClose: () => void
}

/** Finds a text in every record the filter shows: Enter goes to the next place, Shift+Enter back, Escape closes. */
export function FindBar({ source, columns, area, onGo, onClose }: FindBarProps) {
  const [text, setText] = useState('')
  const names = columns.filter(({ secret }) => !secret).map(({ name }) => name)
  const find = useFind(source, names, text)
  const { found, cell, running } = find
  const input = useRef<HTMLInputElement>(null)
  useHighlights(area, text)
  useEffect(() => input.current?.focus(), [])
  const go = useRef(onGo)
  go.current = onGo
  // The first place is gone to as soon as it is known.
  const first = found?.cells[0]
  const foundText = found?.text
  useEffect(() => {
    if (first && foundText !== undefined) go.current(first)
  }, [first, foundText])

  async function step(by: 1 | -1) {
    const next = await find.step(by)
    if (next) onGo(next)
  }
  const places = found?.cells.length ?? 0
  const many = found !== null && (found.cursor !== null || found.more)
  return (
    <search className="absolute top-2 right-4 z-30 flex h-9 w-96 max-w-[calc(100%-2rem)] items-center gap-1 rounded-lg border border-border bg-bg-raised pr-1 pl-2.5 shadow-float">
      <Search aria-hidden className="size-3.5 shrink-0 text-text-muted" />
      <input
        ref={input}
        value={text}
        spellCheck={false}
        autoComplete="off"
        maxLength={1000}
        aria-label="Find in table"
        placeholder="Find in table"
        className="h-full min-w-0 flex-1 bg-transparent px-1 outline-none"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose()
          else if (event.key === 'Enter' && !event.nativeEvent.isComposing) void step(event.shiftKey ? -1 : 1)
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      <span
        role="status"
        className={find.failure ? 'truncate text-sm text-danger' : 'shrink-0 text-sm text-text-muted tabular-nums'}
      >
        {find.failure ??
          (text === ''
            ? ''
            : found?.text !== text
              ? running
                ? 'Looking'
                : ''
              : cell
                ? `${formatCount(find.at + 1)} of ${formatCount(places)}${many ? '+' : ''}`
                : 'Not found')}
      </span>
      <IconButton
        size="sm"
        label="Previous place"
        shortcut="Shift+Enter"
        icon={ChevronUp}
        disabled={places === 0}
        onClick={() => void step(-1)}
      />
      <IconButton
        size="sm"
        label="Next place"
        shortcut="Enter"
        icon={ChevronDown}
        disabled={places === 0}
        onClick={() => void step(1)}
      />
      <IconButton size="sm" label="Close" icon={X} onClick={onClose} />
    </search>
  )
}
