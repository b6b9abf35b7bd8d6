import { AppError } from '@shared/app-error'
import { isSecretColumn } from '@shared/domain/secret-column'
import type { ColumnSchema } from '@shared/domain/table-schema'
import { identifier, inlined, join, type SqlQuery, sql } from '../../db/sql'
import {
  buildDocument,
  jsonColumn,
  ownRecords,
  recordId,
  recordRevision,
  recordsOf,
  storedValue,
} from '../tables/column.sql'
import { type Referrer, referrersOf, type StoredTable } from '../tables/stored-table'

/**
 * Records that come along with each record of a page: the one that a reference points to, or those that point to it.
 * Computed by the statement of the page, for the records of the page only.
 */
export interface Embed {
  /** A reference of this table; with `table`, the reference of that table by which its records point here. */
  readonly column?: string | undefined
  /** A table whose records point to this one. */
  readonly table?: string | undefined
  /** The member of the record; the name of the other table when left out. */
  readonly as?: string | undefined
  readonly select?: readonly string[] | undefined
  /** Of many; 20 when left out. */
  readonly limit?: number | undefined
}

export interface EmbedColumn {
  readonly name: string
  /** In the select list of the row `d`. */
  readonly sql: SqlQuery
  /** Its name there. */
  readonly alias: string
}

const usualLimit = 20

/** VALIDATION when there is no such reference, or the name is taken. */
export function embedColumns(
  projectId: string,
  all: readonly StoredTable[],
  table: StoredTable,
  embeds: readonly Embed[],
): readonly EmbedColumn[] {
  const taken = new Set(table.schema.columns.map(({ name }) => name))
  return embeds.map((embed, index) => {
    const { other, value } =
      embed.table === undefined ? one(projectId, all, table, embed) : many(projectId, all, table, embed)
    const name = embed.as ?? other.schema.name
    if (taken.has(name))
      throw refuse(`The records already have a member "${name}". Give this one another name with "as".`, { as: name })
    taken.add(name)
    const alias = `_e${index}`
    return { name, alias, sql: sql`(${value}) as ${identifier(alias)}` }
  })
}

interface Embedded {
  readonly other: StoredTable
  readonly value: SqlQuery
}

function one(projectId: string, all: readonly StoredTable[], table: StoredTable, embed: Embed): Embedded {
  const column = table.schema.columns.find(({ name }) => name === embed.column)
  const { references } = column ?? {}
  const other = all.find(({ schema }) => schema.name === references?.table)
  const key = other?.schema.columns.find(({ name }) => name === references?.column)
  if (!column || !other || !key)
    throw refuse(`Table "${table.schema.name}" has no reference "${embed.column ?? ''}" to embed.`, {
      column: embed.column,
    })
  const same = inlined(sql`${storedValue(other, key, 'o')} = ${storedValue(table, column, 'd')}`)
  return {
    other,
    value: sql`select ${documentSql(other, embed.select)} from ${recordsOf(other, 'o')}
      where ${ownRecords(projectId, other, 'o')} and ${same} limit 1`,
  }
}

function many(projectId: string, all: readonly StoredTable[], table: StoredTable, embed: Embed): Embedded {
  const referrers = referrersOf(all, table.schema.name).filter(
    ({ table: other, column }) =>
      other.schema.name === embed.table && (embed.column === undefined || column.name === embed.column),
  )
  const [referrer, ...more] = referrers
  if (!referrer)
    throw refuse(`No column of table "${embed.table ?? ''}" references "${table.schema.name}".`, { table: embed.table })
  if (more.length > 0)
    throw refuse(
      `Table "${embed.table ?? ''}" references "${table.schema.name}" by ${referrers.map(({ column }) => `"${column.name}"`).join(' and ')}. Say which with "column".`,
      { table: embed.table },
    )
  const other = referrer.table
  const same = inlined(
    sql`${storedValue(other, referrer.column, 'o')} = ${storedValue(table, keyOf(table, referrer), 'd')}`,
  )
  return {
    other,
    value: sql`select coalesce(jsonb_agg(found.record order by found.id), '[]'::jsonb) from (
      select ${documentSql(other, embed.select)} as record, ${recordId(other, 'o')} as id from ${recordsOf(other, 'o')}
      where ${ownRecords(projectId, other, 'o')} and ${same}
      order by 2 limit ${embed.limit ?? usualLimit}) found`,
  }
}

function keyOf(table: StoredTable, { target }: Referrer): ColumnSchema {
  const key = table.schema.columns.find(({ name }) => name === target)
  if (!key) throw new Error(`No column ${target}`)
  return key
}

/** The record as it leaves, without what is secret. */
function documentSql(table: StoredTable, select: readonly string[] | undefined): SqlQuery {
  const unknown = select?.find((name) => !table.schema.columns.some((column) => column.name === name))
  if (unknown !== undefined)
    throw refuse(`Table "${table.schema.name}" has no column "${unknown}".`, {
      table: table.schema.name,
      column: unknown,
    })
  if (select?.some((name) => isSecretColumn(table.schema.name, name)))
    throw new AppError('FORBIDDEN', 'Password hashes cannot be read.', { details: { table: table.schema.name } })
  const columns = table.schema.columns.filter(
    ({ name }) => !isSecretColumn(table.schema.name, name) && (select?.includes(name) ?? true),
  )
  const members = columns.map((column) => [column.name, inlined(jsonColumn(table, column, 'o'))] as const)
  const identity = sql`jsonb_build_object('_id', ${recordId(table, 'o')}, '_revision', ${recordRevision(table, 'o')})`
  return join([identity, buildDocument(members)], ' || ')
}

function refuse(sentence: string, details: object): AppError {
  return new AppError('VALIDATION', sentence, { details })
}
