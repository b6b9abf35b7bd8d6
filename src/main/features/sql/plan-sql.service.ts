import { AppError } from '@shared/app-error'
import type { TableSchema } from '@shared/domain/table-schema'
import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import type { SqlSession } from '../../db/sql-login'
import { actorOf } from '../audit/activity'
import type { StoredTable } from '../tables/stored-table'
import { selectTablesSql } from '../tables/tables.sql'
import { type PlannedStatement, planRun } from './plan-run'
import { openParser } from './postgres-parser'
import { readQuoting } from './reserved-names'
import * as texts from './sql.sql'
import { sqlError } from './sql-error'
import { haveLogin, toLogin } from './sql-login.service'
import type { ParsedStatement } from './syntax'
import { unitsOf } from './text-offsets'
import { ungroupedColumn } from './ungrouped'

export interface PlanDeps {
  readonly db: StudioDatabase
  readonly principal: Principal
  readonly signal: AbortSignal | undefined
}

export interface PlannedSql {
  readonly statements: readonly PlannedStatement[]
  /** As Postgres' parser reads them. */
  readonly parsed: readonly ParsedStatement[]
  readonly tables: readonly TableSchema[]
  /** Has Postgres plan every statement as the database's own login; throws what it says. Nothing runs. */
  explain(): Promise<void>
}

const timeoutMs = 10_000

/** SQL looked at without being run or written into the log. VALIDATION or FORBIDDEN, with the place, for what cannot be. */
export async function planSql(
  { db, principal, signal }: PlanDeps,
  databaseId: string,
  query: string,
): Promise<PlannedSql> {
  const parser = await openParser()
  const { stored, login } = await db.withDatabase(
    principal.account.id,
    databaseId,
    async (tx, database) => ({
      stored: await tx.query<StoredTable>(selectTablesSql(database.id)),
      login: toLogin(await haveLogin(tx, database, 'runner'), 'runner'),
    }),
    { signal },
  )
  const statements = planRun(parser, query, stored)
  const names = stored.map(({ schema }) => schema.name)
  const { statements: parsed } = readQuoting(parser, query, new Set(names))
  const { name: actor } = actorOf(principal)
  return {
    statements,
    parsed,
    tables: stored.map(({ schema }) => schema),
    explain: () =>
      db.logins.withSession(login, signal, async (session) => {
        // A plan of a write writes nothing, and a read-only transaction would not let one be made.
        await session.execute(texts.beginRunSql({ readOnly: false, timeoutMs, actor, isSharedOnly: false }))
        try {
          for (const statement of statements) await explainStatement(session, statement, query, names)
        } finally {
          await session.execute(texts.rollbackSql).catch(() => undefined)
        }
      }),
  }
}

/** Again with what GROUP BY misses, where plain tables would not miss it. */
async function explainStatement(
  session: SqlSession,
  planned: PlannedStatement,
  query: string,
  tables: readonly string[],
): Promise<void> {
  if (!planned.facts.isQuery)
    throw new AppError('VALIDATION', 'Only SELECT, INSERT, UPDATE, DELETE and MERGE can be planned.')
  await session.execute(texts.savepointSql)
  let statement = planned
  for (;;) {
    const text = `${prefix}${statement.text}`
    try {
      await session.run({ text, params: [], limit: 1, byteLimit: 100_000, toEnd: false })
      return
    } catch (error) {
      const missing = planned.facts.groups ? ungroupedColumn(error, text, prefix.length) : null
      const next = missing === null ? null : statement.grouped(missing)
      if (next === null || next.text === statement.text) {
        const sent = statement
        const toQuery = (position: number) => {
          const unit = unitsOf(text, position - 1) - prefix.length
          return unit < 0 ? null : sent.toQuery(unit)
        }
        throw sqlError(error, { number: planned.number, query, toQuery }, tables)
      }
      statement = next
      await session.execute(texts.rollbackToSavepointSql)
    }
  }
}

const prefix = 'explain '
