import { useMaybeProject } from '@renderer/app/current-project'
import { closeTable } from '@renderer/app/open-tables'
import { paths } from '@renderer/app/paths'
import { useTablePath } from '@renderer/app/use-table-path'
import { toAppError, useApi } from '@renderer/bridge/api'
import { toast } from '@renderer/ui/toast'
import type { Table } from '@shared/contract/tables.contract'
import { useNavigate, useParams } from 'react-router'
import { useOpenTable } from './use-open-table'
import { useTablesCache } from './use-tables-cache'

/** Rename and delete, with the tabs and the address following. */
export function useTableActions(databaseId: string) {
  const { client } = useApi()
  const project = useMaybeProject()?.project
  const { tableName } = useParams()
  const navigate = useNavigate()
  const tablePath = useTablePath()
  const openTable = useOpenTable()
  const cache = useTablesCache(databaseId)

  return {
    /** Throws when the name cannot be. */
    async rename(table: Table, name: string) {
      const { table: renamed } = await client.tables.update({
        databaseId,
        tableId: table.id,
        edits: [{ type: 'renameTable', table: table.table_name, name }],
      })
      if (tableName === table.table_name) openTable(renamed, { replace: true })
      cache.put(renamed)
      void cache.refresh()
    },
    async remove(table: Table) {
      const at = { databaseId, tableId: table.id }
      const inFront = tableName === table.table_name
      try {
        await client.tables.delete(at)
      } catch (error) {
        toast.error(toAppError(error).message)
        return
      }
      const next = project ? closeTable(project.id, table.id) : null
      if (inFront && project) void navigate((next && tablePath(next)) ?? paths.tables(project.id), { replace: true })
      cache.take(table.id)
      toast.success(`Table ${table.table_name} is deleted`, {
        async undo() {
          const { table: restored } = await client.tables.restore(at)
          cache.put(restored)
          await cache.refresh()
          if (inFront) openTable(restored, { keep: true })
        },
      })
    },
  }
}
