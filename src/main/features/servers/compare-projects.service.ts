import { AppError } from '@shared/app-error'
import type { DatabaseRow, Transaction } from '../../db/database'
import { openSchema } from '../tables/open-schema.service'
import { lastChangeSql, tableDigestSql } from './project-digest.sql'

/** One moment of a database, in words that are equal for equal ones. */
export interface Description {
  readonly database: DatabaseRow
  readonly tables: ReadonlyMap<string, DescribedTable>
  readonly lastChange: string
}

interface DescribedTable {
  /** Columns and rules. */
  readonly schema: string
  readonly records: number
  /** Of all values. */
  readonly digest: string
}

/** Reads every value of the database: 1,000,000 records of eight take about 5 s. */
export async function describeProject(
  tx: Transaction,
  database: DatabaseRow,
  report: (table: string) => void,
): Promise<Description> {
  const { tables } = await openSchema(tx, database)
  const described = new Map<string, DescribedTable>()
  for (const table of tables) {
    report(table.schema.name)
    const [read] = await tx.query<Pick<DescribedTable, 'records' | 'digest'>>(
      tableDigestSql({ projectId: database.project_id, table }),
    )
    if (!read) throw new Error('The table was not counted')
    described.set(table.schema.name, { ...read, schema: JSON.stringify(table.schema) })
  }
  return { database, tables: described, lastChange: await lastChange(tx, database) }
}

export async function lastChange(tx: Transaction, { project_id }: DatabaseRow): Promise<string> {
  const [last] = await tx.query<{ id: string }>(lastChangeSql(project_id))
  return last?.id ?? '0'
}

/** INTERNAL, and which table it is, when the one there is not what was read here. */
export function compareProjects(here: Description, there: Description): void {
  for (const [name, table] of here.tables) {
    const other = there.tables.get(name)
    if (other === undefined) throw different(`table "${name}" is not there`)
    if (other.records !== table.records)
      throw different(`table "${name}" has ${other.records} records there, and ${table.records} here`)
    if (other.schema !== table.schema) throw different(`table "${name}" has other columns or rules there`)
    if (other.digest !== table.digest) throw different(`table "${name}" has other values there`)
  }
}

function different(what: string): AppError {
  return new AppError(
    'INTERNAL',
    `The copy is not the same: ${what}. Nothing was kept of it, and the original is as it was.`,
  )
}
