import { AppError } from '@shared/app-error'
import { showValue } from '@shared/domain/text-problem'
import type { JsonValue } from '@shared/json'
import type { DatabaseRow, Transaction } from '../../db/database'
import type { StoredTable } from '../tables/stored-table'
import { labelsSql } from './bulk-load.sql'
import { type ColumnMapping, type MappedColumn, mapColumns } from './import-columns'
import { type ReadingColumn, type Resolve, readingColumns } from './read-rows'

/** The columns of the table as the file fills them, with what its labels mean now. */
export async function readingOf(
  tx: Transaction,
  database: Pick<DatabaseRow, 'project_id'>,
  all: readonly StoredTable[],
  table: StoredTable,
  mappings: readonly ColumnMapping[],
): Promise<readonly ReadingColumn[]> {
  const mapped = mapColumns(table, mappings)
  return readingColumns(table, mapped, await readLabels(tx, database.project_id, all, table, mapped))
}

/** Records of a referenced table whose labels are kept in memory. */
const mostLabels = 200_000

/** For each column that is filled by label: what its labels mean now. Upper and lower case are one where that is clear. */
async function readLabels(
  tx: Transaction,
  projectId: string,
  all: readonly StoredTable[],
  table: StoredTable,
  mapped: readonly MappedColumn[],
): Promise<ReadonlyMap<string, Resolve>> {
  const resolvers = new Map<string, Resolve>()
  for (const { column, label, planned } of mapped) {
    if (label === undefined) continue
    const { references } = planned.column
    const target = all.find(({ schema }) => schema.name === references?.table)
    const shown = target?.schema.columns.find(({ name }) => name === label)
    const key = target?.schema.columns.find(({ name }) => name === references?.column)
    if (!target || !shown || !key)
      throw new AppError(
        'VALIDATION',
        `Column "${column}" of table "${table.schema.name}" points to no column "${label}".`,
        {
          details: { table: table.schema.name, column },
        },
      )
    const rows = await tx.query<{ label: string; key: JsonValue }>(
      labelsSql(projectId, target, shown, key, mostLabels + 1),
    )
    if (rows.length > mostLabels)
      throw new AppError(
        'TOO_LARGE',
        `Table "${target.schema.name}" has more than 200,000 records, too many to look up by "${label}". Bring their keys.`,
      )
    resolvers.set(column, resolver(target.schema.name, label, rows))
  }
  return resolvers
}

function resolver(
  table: string,
  label: string,
  rows: readonly { readonly label: string; readonly key: JsonValue }[],
): Resolve {
  const exact = new Map<string, JsonValue[]>()
  const folded = new Map<string, JsonValue[]>()
  for (const row of rows) {
    push(exact, row.label, row.key)
    push(folded, fold(row.label), row.key)
  }
  return (value) => {
    const text = typeof value === 'string' ? value : String(value)
    const found = exact.get(text) ?? folded.get(fold(text)) ?? []
    const [key] = found
    if (key === undefined) return { reason: `No record of "${table}" has the ${label} ${showValue(value)}.` }
    return found.length === 1
      ? { value: key }
      : {
          reason: `${found.length} records of "${table}" have the ${label} ${showValue(value)}, so it is not clear which is meant.`,
        }
  }
}

function push(map: Map<string, JsonValue[]>, name: string, key: JsonValue): void {
  const list = map.get(name)
  if (list) list.push(key)
  else map.set(name, [key])
}

function fold(text: string): string {
  return text.trim().toLocaleLowerCase('en')
}
