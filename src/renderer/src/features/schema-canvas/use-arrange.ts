import { toast } from '@renderer/ui/toast'
import { useCallback, useRef, useState } from 'react'
import { useReactFlow } from 'reactflow'
import { useActions } from './canvas-actions'
import { nodeIds } from './canvas-graph'
import type { Moving } from './moving-nodes'
import type { Point } from './place-tables'

/** Long enough to follow a table with the eyes. */
const travelMs = 320
/** Tables. The eyes cannot follow more, and every frame draws all of them anew. */
const mostFollowed = 60

/** Arranging may be next: the engine is 1.5 MB, and reading it takes a third of the time. */
export function expectArrange(): void {
  import('./layout-engine').then(
    ({ layoutEngine }) => layoutEngine(),
    // Who arranges then asks once more, and tells what is wrong.
    () => undefined,
  )
}

/** Arranges everything that is not pinned, as one step, and shows it on its way. */
export function useArrange() {
  const { store } = useActions()
  const flow = useReactFlow()
  const [arranging, setArranging] = useState<Moving | null>(null)
  const [busy, setBusy] = useState(false)
  const running = useRef(false)

  const arrangeAll = useCallback(async () => {
    if (running.current) return
    running.current = true
    setBusy(true)
    try {
      const { schema, layout } = store.state()
      const [{ arrange }, { layoutEngine }] = await Promise.all([import('./arrange'), import('./layout-engine')])
      const places = await arrange(layoutEngine(), schema.tables, layout)
      await travel(layout.tables, places, setArranging)
      store.arrange('Arrange the tables', { tables: places })
      setArranging(null)
      requestAnimationFrame(() => void flow.fitView({ padding: 0.12, maxZoom: 1, duration: still() ? 0 : 200 }))
    } catch {
      toast.error('The tables could not be arranged. Try again.')
    } finally {
      running.current = false
      setBusy(false)
      setArranging(null)
    }
  }, [store, flow])

  return { arrangeAll, arranging, busy }
}

/** From here to there in some frames; at once where motion is not wanted, or would be slow. */
function travel(
  from: Readonly<Record<string, Point>>,
  to: Readonly<Record<string, Point>>,
  show: (moving: Moving) => void,
): Promise<void> {
  if (still() || Object.keys(to).length > mostFollowed) return Promise.resolve()
  return new Promise((done) => {
    const begin = performance.now()
    const frame = (now: number) => {
      const at = Math.min(1, (now - begin) / travelMs)
      const eased = 1 - (1 - at) ** 3
      show(
        new Map(
          Object.entries(to).map(([name, end]) => {
            const start = from[name] ?? end
            return [
              nodeIds.table(name),
              { x: start.x + (end.x - start.x) * eased, y: start.y + (end.y - start.y) * eased },
            ]
          }),
        ),
      )
      if (at < 1) requestAnimationFrame(frame)
      else done()
    }
    requestAnimationFrame(frame)
  })
}

function still(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches
}
