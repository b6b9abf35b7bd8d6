import { useTables } from '@renderer/app/current-project'
import { useApi } from '@renderer/bridge/api'
import { labelColumn } from '@shared/domain/label-column'
import type { ColumnReference } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { skipToken, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { gridColumns } from '../grid-column'

/** The record that a reference points to, and the columns of its table. Null value: nothing is asked. */
export function useReferenced(databaseId: string, reference: ColumnReference, value: JsonValue) {
  const { query } = useApi()
  const tables = useTables()
  const table = tables.find(({ table_name }) => table_name === reference.table)
  const columns = useMemo(() => (table ? gridColumns(table.schema_json) : []), [table])
  const { data, error } = useQuery(
    query.records.query.queryOptions({
      input:
        value === null
          ? skipToken
          : {
              databaseId,
              tableName: reference.table,
              filters: { column: reference.column, op: 'eq', value },
              limit: 1,
            },
      staleTime: 5_000,
    }),
  )
  return {
    table: table ?? null,
    columns,
    label: table ? (labelColumn(table.schema_json)?.name ?? null) : null,
    /** Undefined while it is on its way; null where there is no such record. */
    record: value === null ? null : error ? null : data === undefined ? undefined : (data.records[0] ?? null),
  }
}
