import { useMaybeProject } from '@renderer/app/current-project'
import { keepTable } from '@renderer/app/open-tables'
import { paths } from '@renderer/app/paths'
import type { Table } from '@shared/contract/tables.contract'
import { useNavigate } from 'react-router'

/** Shows a table in the editor; with `keep` in a tab of its own. */
export function useOpenTable() {
  const project = useMaybeProject()?.project
  const navigate = useNavigate()
  return (table: Table, { keep = false, replace = false } = {}) => {
    if (!project) return
    if (keep) keepTable(project.id, table.id)
    void navigate(paths.table(project.id, table.table_name), { replace })
  }
}
