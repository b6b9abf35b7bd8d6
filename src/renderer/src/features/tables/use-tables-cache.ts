import { useApi } from '@renderer/bridge/api'
import type { Table } from '@shared/contract/tables.contract'
import { useQueryClient } from '@tanstack/react-query'

/** Puts answers into the list of tables, so that what shows it changes at once and together. */
export function useTablesCache(databaseId: string) {
  const { query } = useApi()
  const queryClient = useQueryClient()
  const queryKey = query.tables.list.queryKey({ input: { databaseId } })
  const change = (next: (tables: readonly Table[]) => Table[]) =>
    queryClient.setQueryData(queryKey, (old) => old && { tables: next(old.tables) })
  return {
    put: (table: Table) =>
      change((tables) => {
        const known = tables.some(({ id }) => id === table.id)
        return known ? tables.map((other) => (other.id === table.id ? table : other)) : [...tables, table]
      }),
    take: (tableId: string) => change((tables) => tables.filter(({ id }) => id !== tableId)),
    /** Other tables may have changed with it: references follow a rename. */
    refresh: () => queryClient.invalidateQueries({ queryKey: query.tables.key() }),
  }
}
