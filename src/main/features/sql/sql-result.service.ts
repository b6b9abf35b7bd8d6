import type { SqlResult } from '@shared/contract/sql.contract'
import type { SqlColumn, SqlRows, SqlSession } from '../../db/sql-login'
import { typeNamesSql } from './sql.sql'
import { knownTypeName, readValue } from './sql-values'

/** Postgres' own names of the columns' types; it is asked only for those that are not common. */
export async function typeNamesOf(
  session: SqlSession,
  columns: readonly SqlColumn[],
): Promise<(column: SqlColumn) => string> {
  const keyOf = ({ typeId, typeModifier }: SqlColumn) => `${typeId} ${typeModifier}`
  const names = new Map<string, string>()
  const unknown = new Map<string, SqlColumn>()
  for (const column of columns) {
    const name = knownTypeName(column.typeId, column.typeModifier)
    if (name === null) unknown.set(keyOf(column), column)
    else names.set(keyOf(column), name)
  }
  if (unknown.size > 0) {
    const asked = [...unknown.values()]
    const rows = await session.query<{ name: string }>(typeNamesSql(asked))
    for (const [index, column] of asked.entries()) names.set(keyOf(column), rows[index]?.name ?? 'unknown')
  }
  return (column) => names.get(keyOf(column)) ?? 'unknown'
}

export interface RawResult extends SqlRows {
  readonly command: string | null
  readonly ms: number
}

/** What came over the wire as the contract has it. */
export function readResult(raw: RawResult, typeName: (column: SqlColumn) => string): SqlResult {
  const columns = raw.columns ?? []
  const written = /(\d+)$/.exec(raw.tag)?.[1]
  return {
    command: raw.command ?? raw.tag.replace(/[ \d]+$/, ''),
    columns: columns.map((column) => ({ name: column.name, type: typeName(column) })),
    rows: raw.rows.map((row) => row.map((value, index) => readValue(columns[index]?.typeId ?? 0, value))),
    rowCount: written === undefined ? raw.rows.length : Number(written),
    truncated: raw.truncated,
    ms: raw.ms,
  }
}
