import type { SqlLogin as ConnectionLogin } from '@shared/contract/connection.contract'
import type { Principal } from '../../context'
import type { DatabaseRow, StudioDatabase, Transaction } from '../../db/database'
import { notFound } from '../../db/pg-error'
import type { SqlAddress } from '../../db/sql-login'
import { recordActivity } from '../audit/record-activity'
import { deleteLoginSql, type LoginRow, markLoginSql, rotateLoginSql, selectLoginSql } from '../sql/sql.sql'
import { haveLogin, markOf, toLogin } from '../sql/sql-login.service'

export interface ConnectionDeps {
  readonly db: StudioDatabase
  readonly principal: Principal
  readonly signal: AbortSignal | undefined
}

/** The login for psql and other programs; null until it is made, and after it was revoked. */
export async function getConnection(deps: ConnectionDeps, databaseId: string) {
  const { db, principal, signal } = deps
  const row = await db.withDatabase(
    principal.account.id,
    databaseId,
    async (tx, database) => (await tx.query<LoginRow>(selectLoginSql(database.id, 'person')))[0],
    { signal, readOnly: true },
  )
  if (row === undefined) return { login: null }
  // Not set yet, or by an older studio: what is shown must be accepted.
  const isOurs = row.password_mark === markOf(row.password)
  return { login: isOurs ? shown(row, db.logins.address) : await madeSure(deps, databaseId, row) }
}

/** Makes the login, or answers the one there is. */
export async function createConnection(deps: ConnectionDeps, databaseId: string) {
  const row = await changed(deps, databaseId, 'connection.create', 'Made the connection for psql.', (tx, database) =>
    haveLogin(tx, database, 'person'),
  )
  return { login: await madeSure(deps, databaseId, row) }
}

/** A new password; who is connected with the old one is put out. NOT_FOUND when there is no login. */
export async function rotateConnection(deps: ConnectionDeps, databaseId: string) {
  const row = await changed(
    deps,
    databaseId,
    'connection.rotate',
    'Changed the password of the connection for psql.',
    async (tx, database) => (await tx.query<LoginRow>(rotateLoginSql(database.id, 'person')))[0],
  )
  const login = await madeSure(deps, databaseId, row)
  await deps.db.logins.endSessions(row.role_name)
  return { login }
}

/** Drops the login and ends its sessions. NOT_FOUND when there is none. */
export async function revokeConnection(deps: ConnectionDeps, databaseId: string): Promise<void> {
  const { principal, db, signal } = deps
  const row = await db.withDatabase(
    principal.account.id,
    databaseId,
    async (tx, database) => (await tx.query<LoginRow>(selectLoginSql(database.id, 'person')))[0],
    { signal, readOnly: true },
  )
  if (row === undefined) throw notFound()
  // First the role: a row without a role is made whole by the next call, a role without a row would stay for good.
  await db.logins.drop(row.role_name)
  await changed(deps, databaseId, 'connection.revoke', 'Revoked the connection for psql.', async (tx, database) => {
    await tx.execute(deleteLoginSql(database.id, 'person'))
    return row
  })
}

async function changed(
  { db, principal, signal }: ConnectionDeps,
  databaseId: string,
  action: string,
  sentence: string,
  change: (tx: Transaction, database: DatabaseRow) => Promise<LoginRow | undefined>,
): Promise<LoginRow> {
  return db.withDatabase(
    principal.account.id,
    databaseId,
    async (tx, database) => {
      const row = await change(tx, database)
      if (row === undefined) throw notFound()
      await recordActivity(tx, { projectId: database.project_id, principal, action, sentence, kind: 'project' })
      return row
    },
    { signal },
  )
}

async function madeSure(deps: ConnectionDeps, databaseId: string, row: LoginRow): Promise<ConnectionLogin> {
  const { db, principal, signal } = deps
  const login = toLogin(row, 'person')
  await db.logins.ensure(login)
  const mark = markOf(login.password)
  if (row.password_mark !== mark)
    await db.withDatabase(
      principal.account.id,
      databaseId,
      (tx, database) => tx.execute(markLoginSql(database.id, 'person', mark)),
      { signal },
    )
  return shown(row, db.logins.address)
}

function shown(row: LoginRow, address: SqlAddress): ConnectionLogin {
  const { host, port, database, sslmode } = address
  const place = `${host.includes('/') ? '' : host}:${port}/${encodeURIComponent(database)}`
  const query = [
    ...(host.includes('/') ? [`host=${encodeURIComponent(host)}`] : []),
    ...(sslmode === null ? [] : [`sslmode=${encodeURIComponent(sslmode)}`]),
  ].join('&')
  return {
    host,
    port,
    database,
    user: row.role_name,
    schema: row.schema_name,
    url: `postgres://${row.role_name}:${row.password}@${place}${query === '' ? '' : `?${query}`}`,
  }
}
