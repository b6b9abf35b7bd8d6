import { useApi } from '@renderer/bridge/api'
import type { EditEffect } from '@shared/contract/tables.contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { sentEdits } from './effect-words'
import type { PlannedEdit } from './plan-edits'

/** A preview locks the table for a moment, so it waits until typing rests. */
const restMs = 250

export interface EditPreview {
  readonly effectOf: (planned: PlannedEdit) => EditEffect | null
  /** The effects of all edits as they are now are known. */
  readonly known: boolean
  readonly error: Error | null
}

/** What the edits would do to the records that exist. Asks nothing while `edits` is null. */
export function useEditPreview(databaseId: string, tableId: string, edits: readonly PlannedEdit[] | null): EditPreview {
  const { client } = useApi()
  const wanted = edits === null || edits.length === 0 ? null : JSON.stringify(edits.map(({ edit }) => edit))
  const [asked, setAsked] = useState<string | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), restMs)
    return () => clearTimeout(timer)
  }, [wanted])
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ['edit-preview', databaseId, tableId, asked],
    enabled: asked !== null && asked === wanted,
    async queryFn({ signal }) {
      const sent = edits ?? []
      const { effects } = await client.tables.preview({ databaseId, tableId, edits: sentEdits(sent) }, { signal })
      return new Map(sent.map(({ edit }, index) => [JSON.stringify(edit), effects[index]] as const))
    },
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  })
  const isCurrent = asked === wanted && !isPlaceholderData
  return {
    effectOf: ({ edit }) => data?.get(JSON.stringify(edit)) ?? null,
    known: isCurrent && data !== undefined && error === null,
    error: isCurrent ? error : null,
  }
}
