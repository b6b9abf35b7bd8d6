import { IconButton } from '@renderer/ui/button'
import { Map as MapIcon, Maximize, Minus, Plus } from 'lucide-react'
import { useReactFlow, useStore } from 'reactflow'

export interface ZoomBarProps {
  readonly minimap: boolean
  readonly onMinimap: () => void
}

/** How near, in the corner of the canvas. */
export function ZoomBar({ minimap, onMinimap }: ZoomBarProps) {
  const flow = useReactFlow()
  const percent = useStore((state) => Math.round(state.transform[2] * 100))
  return (
    <section
      aria-label="Zoom"
      className="absolute bottom-3 left-3 z-10 flex items-center rounded-md border border-border bg-bg-raised p-0.5"
    >
      <IconButton label="Zoom out" icon={Minus} size="sm" side="top" onClick={() => void flow.zoomOut()} />
      <button
        type="button"
        title="Zoom to 100 %"
        className="h-6 w-11 rounded-sm text-center text-sm text-text-muted tabular-nums hover:bg-bg-hover hover:text-text"
        onClick={() => void flow.zoomTo(1)}
      >
        {percent} %
      </button>
      <IconButton label="Zoom in" icon={Plus} size="sm" side="top" onClick={() => void flow.zoomIn()} />
      <IconButton
        label="Show everything"
        icon={Maximize}
        size="sm"
        side="top"
        shortcut="0"
        onClick={() => void flow.fitView({ padding: 0.12, maxZoom: 1 })}
      />
      <IconButton
        label={minimap ? 'Hide the map' : 'Show the map'}
        icon={MapIcon}
        size="sm"
        side="top"
        aria-pressed={minimap}
        onClick={onMinimap}
      />
    </section>
  )
}
