import type { DatabaseRow, Transaction } from '../../db/database'
import type { TableAt } from '../records/page.sql'
import { planOf } from '../records/record-plan'
import { columnsOf } from '../store/indexes.service'
import { type AskedIndex, selectAskedSql } from '../store/indexes.sql'
import { statementsDigest, writeManifest } from './dump-manifest'
import { copyRowsOutSql, countExportSql, type ExportedRows } from './export-rows.sql'
import { ownId } from './import-columns'
import {
  constraintTexts,
  createTableText,
  indexTexts,
  type PlainIndex,
  qualified,
  quoteName,
  referenceTexts,
} from './plain-ddl'
import { policyTexts, readRules } from './plain-rules'

interface DumpPart {
  readonly at: TableAt
  readonly rows: ExportedRows
}

interface Watching {
  readonly report: (progress: { readonly rows: number; readonly table: string }) => void
  /** For a copy in the studio: records keep their ids. Such a file is none for psql. */
  readonly withOwnIds?: boolean
}

/**
 * A plain Postgres database: `psql -v ON_ERROR_STOP=1` loads it into an empty one. Everything of the records is in it,
 * the bcrypt hashes of people too, so that their passwords go on working. Answers how many records it holds.
 */
export async function writeSqlDump(
  tx: Transaction,
  database: DatabaseRow,
  parts: readonly DumpPart[],
  { report, withOwnIds = false }: Watching,
  sink: (chunk: Uint8Array) => Promise<void>,
): Promise<number> {
  const write = (text: string) => sink(Buffer.from(text))
  const schemas = parts.map(({ at }) => at.table.schema)
  const known = new Set(schemas.map(({ name }) => name))
  const indexes = new Map<string, readonly PlainIndex[]>()
  const counts: { [table: string]: number } = {}
  for (const { at, rows } of parts) {
    indexes.set(at.table.id, await askedIndexes(tx, at))
    const [counted] = await tx.query<{ count: number }>(countExportSql(at, rows))
    counts[at.table.schema.name] = counted?.count ?? 0
  }
  const rules = await readRules(tx, database)
  const before = schemas.map(createTableText)
  const after = [
    ...schemas.flatMap(constraintTexts),
    ...parts.flatMap(({ at }) => indexTexts(at.table.schema, indexes.get(at.table.id) ?? [])),
    ...schemas.flatMap((schema) => referenceTexts(schema, known)),
    ...parts.flatMap(({ at }) => policyTexts(at.table.schema, rules.get(at.table.id))),
  ]
  await write(`-- Database ${database.ref}, exported ${new Date().toISOString()}.\n`)
  await write(
    '-- Restore it into an empty database of Postgres 15 or newer: psql -v ON_ERROR_STOP=1 -f FILE DATABASE\n',
  )
  await write(
    writeManifest({
      version: 1,
      statements: statementsDigest([...before, ...after]),
      tables: schemas.map((schema) => ({
        name: schema.name,
        columns: schema.columns.map((column) => ({ ...column })),
        ...(schema.unique ? { unique: schema.unique.map((names) => [...names]) } : {}),
      })),
      indexes: parts.flatMap(({ at }) =>
        (indexes.get(at.table.id) ?? []).map(({ columns }) => ({
          table: at.table.schema.name,
          columns: columns.map(({ name, path }) => ({ name, path: [...path] })),
        })),
      ),
      rules: parts.flatMap(({ at }) => {
        const own = rules.get(at.table.id)
        return own === undefined ? [] : [{ table: at.table.schema.name, rules: own }]
      }),
      records: counts,
    }),
  )
  await write(preamble)
  for (const text of before) await write(`\n${text}`)
  let total = 0
  for (const { at, rows } of parts) {
    // A table of the file has all of its columns, those too that are shown to nobody.
    const { columns } = planOf(at.table)
    const own = withOwnIds && planOf(at.table).id === undefined
    const names = [...(own ? [ownId] : []), ...columns].map(({ name }) => quoteName(name)).join(', ')
    await write(`\nCOPY ${qualified(at.table.schema.name)} (${names}) FROM stdin;\n`)
    for await (const chunk of tx.copyTo(copyRowsOutSql(at, { ...rows, columns, withOwnIds: own }, 'text', 'text'))) {
      await sink(chunk)
      total += lineBreaks(chunk)
      report({ rows: total, table: at.table.schema.name })
    }
    await write('\\.\n')
  }
  for (const text of after) await write(`\n${text}`)
  await write('\nCOMMIT;\n')
  return total
}

async function askedIndexes(tx: Transaction, { projectId, table }: TableAt): Promise<readonly PlainIndex[]> {
  const asked = await tx.query<AskedIndex>(selectAskedSql(projectId, table.id))
  return asked.flatMap(({ members }) => {
    const columns = columnsOf(table, members)
    return columns ? [{ columns: columns.map(({ column, path }) => ({ name: column.name, path })) }] : []
  })
}

const preamble = `
SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET TimeZone = 'UTC';
SET client_min_messages = warning;
BEGIN;
`

function lineBreaks(chunk: Uint8Array): number {
  const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  let count = 0
  for (let at = buffer.indexOf(0x0a); at >= 0; at = buffer.indexOf(0x0a, at + 1)) count += 1
  return count
}
