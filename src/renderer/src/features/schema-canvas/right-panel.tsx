import { useStored } from '@renderer/app/stored'
import { IconButton } from '@renderer/ui/button'
import { ResizeHandle } from '@renderer/ui/resize-handle'
import { X } from 'lucide-react'
import type { DraftState } from './draft-store'
import { openPanel, panelWidth, panelWidths } from './open-panel'
import { ProposalPanel } from './proposal-panel'
import { sidePanels } from './side-panels'

export interface RightPanelProps {
  readonly databaseId: string
  readonly state: DraftState
}

/** Whatever panel is open, under what is proposed. */
export function RightPanel({ databaseId, state }: RightPanelProps) {
  const id = useStored(openPanel)
  const width = useStored(panelWidth)
  const panel = sidePanels.find((candidate) => candidate.id === id)
  if (!panel && !state.proposal) return null
  return (
    <aside
      aria-label={panel?.title ?? 'Proposed changes'}
      style={{ width }}
      className="relative flex max-w-[60%] shrink-0 flex-col border-l border-border bg-bg"
    >
      {state.proposal ? <ProposalPanel proposal={state.proposal} /> : null}
      {panel ? (
        <>
          <div className="flex h-10 shrink-0 items-center gap-2 border-b border-border pr-2 pl-3">
            <h2 className="flex-1 font-semibold">{panel.title}</h2>
            <IconButton label={`Close ${panel.title}`} icon={X} size="sm" onClick={() => openPanel.write(null)} />
          </div>
          <panel.Content databaseId={databaseId} onClose={() => openPanel.write(null)} />
        </>
      ) : null}
      <ResizeHandle
        label="Resize the panel"
        reversed
        size={width}
        min={panelWidths.min}
        max={panelWidths.max}
        onResize={panelWidth.write}
        onReset={() => panelWidth.write(panelWidths.first)}
        className="-left-[3px]"
      />
    </aside>
  )
}
