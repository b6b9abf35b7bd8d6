import { performance } from 'node:perf_hooks'
import { AppError } from '@shared/app-error'
import type { SqlResult } from '@shared/contract/sql.contract'
import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import { applyDdl } from '../ddl/apply-ddl.service'
import { isDdl } from '../ddl/ddl.service'
import { loadTables } from '../tables/tables.service'
import { commandOf } from './command-of'
import { openParser, SyntaxProblem } from './postgres-parser'
import { type ReadText, readQuoting } from './reserved-names'
import type { ParsedStatement } from './syntax'

export interface DdlRun {
  readonly databaseId: string
  readonly query: string
  /** For each statement of Postgres that it takes. */
  readonly timeoutMs: number
  readonly readOnly: boolean
  readonly explain: boolean | 'plan' | 'analyze'
}

export interface DdlDeps {
  readonly db: StudioDatabase
  readonly principal: Principal
  readonly signal: AbortSignal | undefined
}

/**
 * A text whose statements all describe tables: one version of the schema, or nothing. Null for any other text, also for
 * one that is no SQL. What became other than it was written is told by rows of the first result.
 */
export async function runDdl(deps: DdlDeps, input: DdlRun): Promise<SqlResult[] | null> {
  const { databaseId, timeoutMs, readOnly, explain } = input
  const read = await readDescription(deps, input)
  if (read === null) return null
  if (readOnly)
    throw refused(
      'FORBIDDEN',
      'This run only reads, and the statement would change the schema. Run it without the read-only switch.',
    )
  if (explain !== false) throw refused('VALIDATION', 'Only SELECT, INSERT, UPDATE, DELETE and MERGE can be explained.')
  const startedAt = performance.now()
  const notes = await applyDdl(deps, databaseId, read.text, { signal: deps.signal, timeoutMs })
  const ms = Math.round((performance.now() - startedAt) * 1000) / 1000
  return read.statements.map(({ kind, body }, index) => {
    const told = index === 0 ? notes : []
    return {
      command: commandOf(kind, body),
      columns: told.length === 0 ? [] : [{ name: 'note', type: 'text' }],
      rows: told.map((note) => [note]),
      rowCount: told.length,
      truncated: false,
      ms,
    }
  })
}

async function readDescription(
  { db, principal, signal }: DdlDeps,
  { databaseId, query }: DdlRun,
): Promise<ReadText | null> {
  // Most texts are told by their words. To Postgres, a text ends at U+0000.
  if (!/\b(create|alter|drop|comment)\b/i.test(query) || query.includes('\0')) return null
  const parser = await openParser()
  const tables = await db.withDatabase(principal.account.id, databaseId, (tx, { id }) => loadTables(tx, id), { signal })
  try {
    const read = readQuoting(parser, query, new Set(tables.map(({ schema }) => schema.name)))
    return read.statements.length > 0 && read.statements.every(describesTables) ? read : null
  } catch (error) {
    if (error instanceof SyntaxProblem) return null
    throw error
  }
}

function describesTables(statement: ParsedStatement): boolean {
  // A type is of use to the tables that the same text makes.
  return isDdl(statement) || statement.kind === 'CreateEnumStmt' || statement.kind === 'CreateDomainStmt'
}

function refused(code: 'FORBIDDEN' | 'VALIDATION', sentence: string): AppError {
  return new AppError(code, sentence, { details: { statement: 1 } })
}
