import { AppError } from '@shared/app-error'
import type { SqlStatementInfo } from '@shared/contract/sql-panel.contract'
import type { DatabaseRow, Transaction } from '../../db/database'
import { objectRefusal } from '../ddl/object-refusal'
import { checkStatement } from '../sql/check-statement'
import { openParser } from '../sql/postgres-parser'
import { loadTables } from '../tables/tables.service'
import { readScript, type ScriptStatement } from './read-script'
import { postgresFunctions } from './sql-functions.service'
import { effectOf } from './statement-effect'

/** What each statement of the text would do, and where it cannot be read. */
export async function analyse(tx: Transaction, database: DatabaseRow, query: string): Promise<SqlStatementInfo[]> {
  const parser = await openParser()
  const tables = new Set((await loadTables(tx, database.id)).map(({ schema }) => schema.name))
  const functions = new Set((await postgresFunctions(tx)).map(({ name }) => name))
  return readScript(parser, query, tables).map((statement) => describe(statement, functions))
}

export function describe(statement: ScriptStatement, functions: ReadonlySet<string>): SqlStatementInfo {
  const { start, end, parameters, read } = statement
  const place = { start, end, parameters: [...parameters] }
  if (read.kind === 'problem') {
    const { message, start: from, end: to } = read
    const problem = { message, start: from, end: to, syntax: true }
    return { ...place, command: '', effect: 'refused', locks: false, reads: [], writes: [], dangers: [], problem }
  }
  const { effect, reads, writes, dangers, ...rest } = effectOf(read.statement, functions)
  const refusal =
    effect === 'transaction' ? null : effect === 'schema' ? objectRefusal(read.statement) : refusalOf(statement)
  return {
    ...place,
    ...rest,
    effect: refusal === null ? effect : 'refused',
    reads: [...reads],
    writes: [...writes],
    dangers: refusal === null ? [...dangers] : [],
    problem: refusal === null ? null : { message: refusal, start, end: firstWord(statement), syntax: false },
  }
}

/** Why it is not run here. TRUNCATE is: as a DELETE. */
function refusalOf({ read }: ScriptStatement): string | null {
  if (read.kind === 'problem' || read.statement.kind === 'TruncateStmt') return null
  try {
    checkStatement(read.statement)
    return null
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
}

function firstWord({ start, text }: ScriptStatement): number {
  return start + (/^\w+/.exec(text)?.[0].length ?? 1)
}
