import { Button } from '@renderer/ui/button'
import { countOf, formatCount } from '@renderer/ui/figures'
import type { ShownProgress } from './shown-progress'

/** How far long work is, and a way out of it. */
export function TransferProgressView({
  progress,
  onCancel,
}: {
  readonly progress: ShownProgress
  readonly onCancel: () => void
}) {
  const { step, part, rows, rate } = progress
  const percent = part === null ? null : Math.round(part * 100)
  return (
    <div className="flex flex-col gap-3 py-6">
      <div className="flex items-baseline justify-between gap-4">
        <p role="status" className="font-medium">
          {step}
        </p>
        <p className="text-text-muted tabular-nums">{percent === null ? '' : `${percent} %`}</p>
      </div>
      <div
        role="progressbar"
        aria-label={step}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent ?? undefined}
        className="relative h-1.5 overflow-hidden rounded-full bg-bg-active"
      >
        {percent === null ? (
          <div className="h-full w-[30%] animate-slide bg-accent" />
        ) : (
          <div className="h-full rounded-full bg-accent transition-[width]" style={{ width: `${percent}%` }} />
        )}
      </div>
      <div className="flex min-h-7 items-center justify-between gap-4">
        <p className="text-text-muted tabular-nums">
          {rows > 0 ? countOf(rows, 'record') : ''}
          {rate > 0 ? ` · ${formatCount(rate)} a second` : ''}
        </p>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </div>
  )
}
