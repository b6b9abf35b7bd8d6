import { hasUuidId, type TableSchema } from '@shared/domain/table-schema'
import { sqlLiteral, sqlName } from '../clipboard/sql-literal'
import type { GridColumn } from '../grid-column'
import type { StagedBatch } from './staged-batch'

/** What a save writes, as statements, in the order it is written. Secrets are told by their place only. */
export function stagedSql(
  schema: TableSchema,
  columns: readonly GridColumn[],
  batches: readonly StagedBatch[],
): string {
  const table = sqlName(schema.name)
  const key = hasUuidId(schema) ? 'id' : '_id'
  const types = new Map(columns.map((column) => [column.name, column]))
  const literal = (name: string, value: Parameters<typeof sqlLiteral>[1]) => {
    const column = types.get(name)
    if (column?.secret) return "'…'"
    return column ? sqlLiteral(column.type, value) : 'null'
  }
  const lines = batches.flatMap(({ create, update, delete: gone }) => [
    ...gone.map(({ id }) => `delete from ${table} where ${key} = '${id}';`),
    ...update.map(({ id, record }) => {
      const sets = Object.entries(record).map(([name, value]) => `${sqlName(name)} = ${literal(name, value)}`)
      return `update ${table} set ${sets.join(', ')} where ${key} = '${id}';`
    }),
    ...create.map(({ record }) => {
      const names = Object.keys(record)
      if (names.length === 0) return `insert into ${table} default values;`
      const values = names.map((name) => literal(name, record[name]))
      return `insert into ${table} (${names.map(sqlName).join(', ')}) values (${values.join(', ')});`
    }),
  ])
  return lines.length === 0 ? '' : ['begin;', ...lines, 'commit;'].join('\n')
}
