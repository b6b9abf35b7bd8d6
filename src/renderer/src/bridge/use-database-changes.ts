import type { DatabaseChange } from '@shared/contract/databases.contract'
import { useEffect, useRef } from 'react'
import { type StudioClient, useApi } from './api'
import { followEvents } from './follow-events'

export interface ChangesReader {
  readonly onChange: (change: DatabaseChange) => void
  /** Changes may have been missed: ask for everything anew. */
  readonly onReopen: () => void
}

interface SharedStream {
  readonly readers: Set<() => ChangesReader>
  readonly end: AbortController
}

/** One for each database, however many read it: opening a table asks the studio for no other. */
const streams = new WeakMap<StudioClient, Map<string, SharedStream>>()

/** Tells what is committed in a database, by whomever, while the component is mounted; null tells nothing. */
export function useDatabaseChanges(databaseId: string | null, reader: ChangesReader): void {
  const { client } = useApi()
  const latest = useRef(reader)
  latest.current = reader
  useEffect(() => {
    if (databaseId === null) return
    return readChanges(client, databaseId, () => latest.current)
  }, [client, databaseId])
}

function readChanges(client: StudioClient, databaseId: string, reader: () => ChangesReader): () => void {
  const open = streams.get(client) ?? new Map<string, SharedStream>()
  streams.set(client, open)
  const stream = open.get(databaseId) ?? follow(client, databaseId)
  open.set(databaseId, stream)
  stream.readers.add(reader)
  return () => {
    stream.readers.delete(reader)
    if (stream.readers.size > 0) return
    stream.end.abort()
    open.delete(databaseId)
  }
}

function follow(client: StudioClient, databaseId: string): SharedStream {
  const stream: SharedStream = { readers: new Set(), end: new AbortController() }
  const tell = (what: (reader: ChangesReader) => void) => {
    for (const reader of [...stream.readers]) what(reader())
  }
  void followEvents(
    () => ({
      open: (signal) => client.databases.watch({ databaseId }, { signal }),
      onEvent: (change) => tell(({ onChange }) => onChange(change)),
      onReopen: () => tell(({ onReopen }) => onReopen()),
    }),
    stream.end.signal,
  )
  return stream
}
