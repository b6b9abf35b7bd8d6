import { useCurrentProject, useTables } from '@renderer/app/current-project'
import { paths } from '@renderer/app/paths'
import { parseColumnType } from '@shared/domain/column-type'
import type { ColumnReference } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { useNavigate } from 'react-router'
import { editText } from './edit-text'
import { viewToParams, wholeTable } from './view-params'

/** Goes to the table of a record, filtered by the column that knows it. */
export function useShowRecord(): (at: Pick<ColumnReference, 'table' | 'column'>, value: JsonValue) => void {
  const { project } = useCurrentProject()
  const tables = useTables()
  const navigate = useNavigate()
  return ({ table, column }, value) => {
    const schema = tables.find(({ table_name }) => table_name === table)?.schema_json.columns
    const type = parseColumnType(schema?.find(({ name }) => name === column)?.type ?? 'text')
    if (!type) return
    const chips = [{ column, op: 'eq', value: editText(type, value) }] as const
    void navigate(`${paths.table(project.id, table)}?${viewToParams({ ...wholeTable, chips })}`)
  }
}
