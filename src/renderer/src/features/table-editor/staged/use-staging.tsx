import { saveAutomatically } from '@renderer/app/preferences'
import { useStored } from '@renderer/app/stored'
import { useApi, useConnectionState } from '@renderer/bridge/api'
import { useQuery } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useMemo, useSyncExternalStore } from 'react'
import type { StagingTable } from './saving'
import { StagedDatabase } from './staged-database'
import { Staging } from './staging'

/** Staged edits outlive the page: going to another table and back loses nothing. */
const open = new Map<string, Staging>()

const StagingContext = createContext<Staging | null>(null)
export const StagingProvider = StagingContext.Provider

/** The edits of the table in front; renders again with every one that is shown. */
export function useStagedEdits(): Staging {
  const staging = useContext(StagingContext)
  if (staging === null) throw new Error('useStagedEdits needs a StagingProvider above it')
  useSyncExternalStore(staging.edits.subscribe, staging.edits.version)
  return staging
}

/** For the table's page: makes the edits' place, and asks again for what a broken connection left unanswered. */
export function useStaging(table: StagingTable): Staging {
  const { client, query } = useApi()
  const { data: session } = useQuery(query.session.get.queryOptions())
  const automatic = useStored(saveAutomatically)
  const connection = useConnectionState()
  const scope = `${session?.user?.id ?? 'owner'}/${table.databaseId}/${table.tableId}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the table is now follows by itself
  const staging = useMemo(() => {
    const secret = new Set(table.columns.flatMap((column) => (column.secret ? [column.name] : [])))
    const found = open.get(scope) ?? new Staging(client, new StagedDatabase(scope, secret), table, `staged ${scope}`)
    open.set(scope, found)
    return found
  }, [scope, client])
  useEffect(() => staging.follow(table, automatic))
  useEffect(() => {
    if (connection === 'connected' && staging.state.kind === 'waiting') void staging.resume()
  }, [connection, staging])
  useSyncExternalStore(staging.edits.subscribe, staging.edits.version)
  useSyncExternalStore(staging.saving.subscribe, staging.saving.state)
  return staging
}
