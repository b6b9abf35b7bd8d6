import type { Pool, PoolClient } from 'pg'
import { parseConnectionUrl } from './connection-url'
import { isConnectionLoss, sqlState, toAppError } from './pg-error'
import { openPool } from './pool'
import { scramVerifier } from './scram'
import { type SqlQuery, sql } from './sql'
import type { SqlAddress, SqlLogins } from './sql-login'
import * as statements from './sql-login.sql'
import { createSqlSessions } from './sql-sessions'

export interface OpenSqlLogins extends SqlLogins {
  close(): Promise<void>
}

/** `control` is the admin's pool. */
export function createSqlLogins(adminUrl: string, control: Pool, onError: (error: unknown) => void): OpenSqlLogins {
  const sessions = createSqlSessions(adminUrl, control)
  // Apart from `control`: making a role may wait for another admin, and a cancel must not.
  const admin = openPool(adminUrl, { max: 2, idleTimeoutMillis: 10_000 }, onError)

  const logins: OpenSqlLogins = {
    address: addressFrom(adminUrl),
    ensure: (login) =>
      asAdmin(admin, async (run) => {
        const [facts] = await run<DatabaseFacts>(statements.databaseFactsSql)
        // The owner of the database may close it; on a server where we are not, its admin is told to (README).
        if (facts?.open === true) await optional(run, statements.closeDatabaseSql(facts.name))
        const { length: exists } = await run(statements.roleExistsSql(login.role))
        if (exists === 0) await run(statements.createRoleSql(login.role))
        await run(statements.alterRoleSql(login, scramVerifier(login.password)))
        // Who is no superuser may cancel and end only what roles do whose rights they have.
        const { length: controls } = await run(statements.hasRightsOfSql(login.role))
        if (controls === 0) await run(statements.takeRightsOfSql(login.role))
        for (const setting of statements.roleSettingsSql(login)) await run(setting)
        if (facts?.superuser === true) await run(statements.tempLimitSql(login.role))
        await run(statements.actAsStoreSql)
        for (const grant of statements.grantsSql(login)) await run(grant)
      }),
    async endSessions(role) {
      await control.query(...parts(statements.endSessionsSql(role)))
    },
    async drop(role) {
      // Committed first, or it logs in again while its sessions are being ended.
      await asAdmin(admin, async (run) => {
        const { length: exists } = await run(statements.roleExistsSql(role))
        if (exists > 0) await run(statements.mayLoginSql(role, false))
      })
      await asAdmin(admin, (run) => dropRole(run, role))
    },
    async withSession(login, signal, work) {
      const lent = await sessions.take(login, signal).catch(async (error: unknown) => {
        if (!isUnknownLogin(error)) throw toAppError(error)
        // Somebody set another password, or dropped the role.
        await logins.ensure(login)
        return sessions.take(login, signal).catch((again: unknown) => {
          throw toAppError(again)
        })
      })
      try {
        return await work(lent.session)
      } catch (error) {
        throw isConnectionLoss(error) ? toAppError(error) : error
      } finally {
        await sessions.giveBack(lent)
      }
    },
    async tidy() {
      const stray = await asAdmin(admin, async (run) => {
        await run(statements.actAsOwnerSql)
        return run<{ role_name: string; todo: 'drop' | 'close' | 'open' }>(statements.strayLoginsSql)
      })
      for (const { role_name: role, todo } of stray) {
        if (todo === 'open') await asAdmin(admin, (run) => run(statements.mayLoginSql(role, true)))
        else if (todo === 'drop') {
          await logins.drop(role)
          await asAdmin(admin, async (run) => {
            await run(statements.actAsOwnerSql)
            await run(statements.forgetLoginSql(role))
          })
        } else {
          await asAdmin(admin, (run) => run(statements.mayLoginSql(role, false)))
          await logins.endSessions(role)
        }
      }
    },
    async endHogs() {
      const { rows } = await control.query<{ busy: number; ended: number }>(...parts(statements.endHogsSql))
      return rows[0] ?? { busy: 0, ended: 0 }
    },
    async close() {
      await sessions.close()
      await admin.end()
    },
  }
  return logins
}

interface DatabaseFacts {
  readonly name: string
  readonly open: boolean
  readonly superuser: boolean
}

type Run = <Row extends object>(query: SqlQuery) => Promise<readonly Row[]>

/** One transaction of the admin, alone among those that change logins. */
async function asAdmin<T>(admin: Pool, work: (run: Run) => Promise<T>): Promise<T> {
  let client: PoolClient | undefined
  let failure: unknown
  try {
    client = await admin.connect()
    const lent = client
    await lent.query('begin')
    await lent.query(...parts(statements.lockLoginsSql))
    const result = await work(
      async <Row extends object>(query: SqlQuery) => (await lent.query<Row>(...parts(query))).rows,
    )
    await lent.query('commit')
    return result
  } catch (error) {
    failure = error
    await client?.query('rollback').catch(() => undefined)
    throw toAppError(error)
  } finally {
    client?.release(isConnectionLoss(failure))
  }
}

async function dropRole(run: Run, role: string): Promise<void> {
  const { length: exists } = await run(statements.roleExistsSql(role))
  if (exists === 0) return
  await run(statements.endSessionsSql(role))
  const schemas = await run<{ name: string }>(statements.schemasOfRoleSql(role))
  await run(statements.actAsStoreSql)
  for (const revoke of statements.revokeGrantsSql(
    role,
    schemas.map(({ name }) => name),
  ))
    await run(revoke)
  await run(statements.actAsAdminSql)
  await run(statements.dropRoleSql(role))
}

async function optional(run: Run, query: SqlQuery): Promise<void> {
  await run(sql`savepoint optional`)
  try {
    await run(query)
    await run(sql`release savepoint optional`)
  } catch (error) {
    if (sqlState(error) !== '42501') throw error
    await run(sql`rollback to savepoint optional`)
  }
}

/** The password is wrong, or there is no such role. Some servers answer 28000 for both. */
function isUnknownLogin(error: unknown): boolean {
  return ['28P01', '28000'].includes(sqlState(error) ?? '')
}

function parts(query: SqlQuery): [string, unknown[]] {
  return [query.text, [...query.values]]
}

function addressFrom(adminUrl: string): SqlAddress {
  const url = parseConnectionUrl(adminUrl)
  return {
    host: url.hostname || url.searchParams.get('host') || 'localhost',
    port: Number(url.port || '5432'),
    database: decodeURIComponent(url.pathname.slice(1)),
    sslmode: url.searchParams.get('sslmode'),
  }
}
