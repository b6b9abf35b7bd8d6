import { useStatus } from '@renderer/app/status'
import { describeCount } from './row-count'
import type { Records } from './use-record-pages'

/** The status bar says how many records there are and how long the last page took, and offers what counting can do. */
export function useRecordsStatus(records: Records): void {
  const { count, counted, time } = records
  useStatus({
    rows: counted ? describeCount(count) : undefined,
    time: time === null ? undefined : `${Math.max(1, Math.round(time))} ms`,
    action: records.counting
      ? { label: 'Cancel counting', run: records.cancelCount }
      : counted && count.estimated
        ? { label: 'Count exactly', run: records.countExactly }
        : undefined,
  })
}
