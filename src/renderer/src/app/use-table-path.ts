import { useMaybeProject, useTables } from './current-project'
import { paths } from './paths'

/** The address of a table by its id; null when it is gone or not known yet. */
export function useTablePath(): (tableId: string) => string | null {
  const current = useMaybeProject()
  const tables = useTables()
  return (tableId) => {
    const table = tables.find(({ id }) => id === tableId)
    return current && table ? paths.table(current.project.id, table.table_name) : null
  }
}
