import { useStored } from '@renderer/app/stored'
import { Button, IconButton } from '@renderer/ui/button'
import { countOf } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import { Redo2, Undo2, Workflow } from 'lucide-react'
import type { ReactNode } from 'react'
import { useActions } from './canvas-actions'
import type { DraftState } from './draft-store'
import { openPanel } from './open-panel'
import { sidePanels } from './side-panels'
import { expectArrange } from './use-arrange'

export interface ToolbarProps {
  readonly state: DraftState
  readonly busy: boolean
  readonly onArrange: () => void
  readonly onReview: () => void
  /** Find, after the first group; the menu of files, at the end. */
  readonly find: ReactNode
  readonly menu: ReactNode
}

export function Toolbar({ state, busy, onArrange, onReview, find, menu }: ToolbarProps) {
  const { store } = useActions()
  const shown = useStored(openPanel)
  const changes = state.edits.length

  function discard() {
    const restore = store.discard()
    toast.success(`${countOf(changes, 'change')} discarded`, { undo: restore })
  }

  return (
    <div
      role="toolbar"
      aria-label="Schema"
      className="flex h-11 shrink-0 items-center gap-1 overflow-x-auto border-b border-border px-2"
    >
      <IconButton
        label="Undo"
        tooltip={state.undo === null ? 'Undo' : `Undo: ${state.undo}`}
        icon={Undo2}
        shortcut="Mod+Z"
        disabled={state.undo === null}
        onClick={() => store.undo()}
      />
      <IconButton
        label="Redo"
        tooltip={state.redo === null ? 'Redo' : `Redo: ${state.redo}`}
        icon={Redo2}
        shortcut="Mod+Shift+Z"
        disabled={state.redo === null}
        onClick={() => store.redo()}
      />
      <span aria-hidden className="mx-1 h-5 w-px shrink-0 bg-border" />
      <Button
        variant="ghost"
        icon={Workflow}
        title="Arrange the tables"
        disabled={busy}
        onPointerEnter={expectArrange}
        onFocus={expectArrange}
        onClick={onArrange}
      >
        <span className="max-xl:sr-only">Arrange</span>
      </Button>
      {find}
      {menu}
      <div className="flex-1" />
      {sidePanels.map(({ id, title, icon }) => (
        <Button
          key={id}
          variant="ghost"
          icon={icon}
          title={title}
          aria-pressed={shown === id}
          className={shown === id ? 'bg-bg-active text-text' : ''}
          onClick={() => openPanel.write(shown === id ? null : id)}
        >
          <span className="max-xl:sr-only">{title}</span>
        </Button>
      ))}
      {changes > 0 ? (
        <>
          <span aria-hidden className="mx-1 h-5 w-px shrink-0 bg-border" />
          <span role="status" className="flex items-center gap-1.5 px-1 whitespace-nowrap text-text-muted">
            <span aria-hidden className="size-1.5 rounded-full bg-warning" />
            {countOf(changes, 'change')}
          </span>
          <Button variant="ghost" onClick={discard}>
            Discard
          </Button>
        </>
      ) : null}
      <Button variant="primary" disabled={changes === 0} onClick={onReview}>
        Review and apply
      </Button>
    </div>
  )
}
