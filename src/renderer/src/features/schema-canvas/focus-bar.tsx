import { Button } from '@renderer/ui/button'
import { Segmented } from '@renderer/ui/segmented'
import { useActions } from './canvas-actions'
import { useMoment } from './canvas-ui'

const reach = [
  { value: '0', label: 'Alone' },
  { value: '1', label: '1' },
  { value: '2', label: '2' },
  { value: '3', label: '3' },
] as const

/** While one table is in focus: how many references away its neighbours are shown. */
export function FocusBar() {
  const { ui } = useActions()
  const focus = useMoment((moment) => moment.focus)
  if (!focus) return null
  return (
    <section
      aria-label="Focus"
      className="absolute top-3 left-1/2 z-10 flex max-w-[calc(100%-1.5rem)] -translate-x-1/2 items-center gap-3 rounded-lg border border-border bg-bg-raised py-1 pr-1 pl-3 shadow-float"
    >
      <span className="truncate font-medium">{focus.table}</span>
      <span className="shrink-0 text-text-muted max-lg:hidden">and neighbours within</span>
      <Segmented
        aria-label="References away"
        value={reach.find(({ value }) => value === String(focus.hops))?.value ?? '1'}
        options={reach}
        onValueChange={(value) => ui.set({ focus: { ...focus, hops: Number(value) } })}
      />
      <Button size="sm" variant="ghost" onClick={() => ui.set({ focus: null })}>
        Show all
      </Button>
    </section>
  )
}
