import { formatCount } from '@renderer/ui/figures'
import { exactTime } from '@renderer/ui/time-ago'

/** One bar for each moment; what failed stands on what succeeded. */
export function TrafficBars({
  points,
}: {
  readonly points: ReadonlyArray<{ readonly at: string; readonly ok: number; readonly failed: number }>
}) {
  const highest = Math.max(0, ...points.map(({ ok, failed }) => ok + failed))
  const most = Math.max(1, highest)
  const total = points.reduce((sum, { ok, failed }) => sum + ok + failed, 0)
  const failed = points.reduce((sum, point) => sum + point.failed, 0)
  const label =
    total === 0
      ? 'No requests in this time.'
      : `${formatCount(total)} ${total === 1 ? 'request' : 'requests'}, ${formatCount(failed)} of them failed, at most ${formatCount(highest)} in a bar.`
  return (
    <figure className="px-4 pt-4 pb-2">
      <div role="img" aria-label={label} className="flex h-24 items-end gap-px">
        {points.map((point) => (
          <div
            key={point.at}
            title={`${exactTime(point.at)}: ${point.ok} succeeded, ${point.failed} failed`}
            className="flex h-full flex-1 flex-col justify-end rounded-t-sm bg-bg-subtle"
          >
            <div className="bg-danger" style={{ height: `${(point.failed / most) * 100}%` }} />
            <div className="bg-accent" style={{ height: `${(point.ok / most) * 100}%` }} />
          </div>
        ))}
      </div>
      <figcaption className="pt-2 text-sm text-text-muted tabular-nums">{label}</figcaption>
    </figure>
  )
}
