import { useEffect, useRef } from 'react'
import type { Staging } from './staged/staging'
import type { Records, RecordsSource } from './use-record-pages'

/** What was saved is in its place at once and the rest is read again; what is read is compared with what is staged. */
export function useSavedRecords(staging: Staging, source: RecordsSource, records: Records): void {
  const latest = useRef({ source, records })
  latest.current = { source, records }
  const { pages } = records
  useEffect(() => {
    staging.saving.onSaved = ({ created, records: saved, deleted }) => {
      const { source: from, records: shown } = latest.current
      const fresh = new Set(created)
      shown.pages.replaceAll(saved)
      shown.pages.remove(new Set(deleted))
      // Without an order of its own, what is new comes last.
      if (from.filter === undefined && from.sort.length === 0)
        shown.pages.append(
          shown.count.count,
          created.flatMap((id) => saved.find((record) => record._id === id) ?? []),
        )
      if (fresh.size + deleted.length > 0 || saved.length === 0) shown.refresh()
    }
    return () => {
      staging.saving.onSaved = null
    }
  }, [staging])
  // What others wrote meanwhile shows beside the edits it meets.
  useEffect(() => {
    pages.onRead = (read) => {
      for (const record of read) staging.noteRecord(record)
    }
    return () => {
      pages.onRead = null
    }
  }, [staging, pages])
}
