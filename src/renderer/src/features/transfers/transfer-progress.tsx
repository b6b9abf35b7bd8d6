import { Button } from '@renderer/ui/button'
import { countOf, formatCount } from '@renderer/ui/figures'
import type { TransferProgress } from '@shared/contract/transfers.contract'

export interface ShownProgress {
  /** "Sending the file", "Reading records". */
  readonly step: string
  /** From 0 to 1; null where it is not known. */
  readonly part: number | null
  readonly rows: number
  readonly rate: number
}

export function stepOf({ phase, table }: TransferProgress): string {
  const of = table === null ? '' : ` of ${table}`
  switch (phase) {
    case 'waiting':
      return 'Waiting for another import'
    case 'connecting':
      return 'Connecting to the server'
    case 'reading':
      return `Reading records${of}`
    case 'checking':
      return `Looking at keys and references${of}`
    case 'writing':
      return `Writing records${of}`
    case 'settings':
      return 'Taking over keys, people and settings'
  }
}

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
