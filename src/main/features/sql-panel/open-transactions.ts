import { randomUUID } from 'node:crypto'
import { AppError } from '@shared/app-error'
import type { OpenTransaction } from '@shared/contract/sql-panel.contract'
import type { SqlLogin, SqlLogins, SqlSession } from '../../db/sql-login'
import { keepTransactionSql, longestKept } from '../../db/sql-login.sql'
import * as texts from '../sql/sql.sql'

/** Whose a transaction is: nobody else runs in it. */
export interface TransactionOwner {
  readonly accountId: string
  readonly databaseId: string
}

export interface KeptTransaction extends TransactionOwner {
  readonly id: string
  readonly session: SqlSession
  readonly facts: () => OpenTransaction
}

/** Sessions that people keep open between runs, each in its transaction. */
export interface OpenTransactions {
  begin(logins: SqlLogins, login: SqlLogin, owner: TransactionOwner, actor: string): Promise<KeptTransaction>
  /** Lends it for one run at a time; NOT_FOUND when it is not open any more. */
  use<T>(owner: TransactionOwner, id: string, work: (kept: KeptTransaction) => Promise<T>): Promise<T>
  end(owner: TransactionOwner, id: string, how: 'commit' | 'rollback'): Promise<void>
  of(owner: TransactionOwner): readonly OpenTransaction[]
  close(): Promise<void>
}

/** Milliseconds after the last statement at which it is rolled back. */
const defaultPatience = 10 * 60_000
/** Of one database at a time: its login has three sessions, and one is for everything else. */
const mostOfDatabase = 2

interface Entry extends KeptTransaction {
  giveBack(): Promise<void>
  timer: NodeJS.Timeout
  expiresAt: number
  statements: number
  busy: boolean
  readonly began: number
}

export function createOpenTransactions(patience = defaultPatience): OpenTransactions {
  const open = new Map<string, Entry>()

  function find(owner: TransactionOwner, id: string): Entry {
    const entry = open.get(id)
    if (entry === undefined || !isOf(entry, owner))
      throw new AppError(
        'NOT_FOUND',
        'This transaction is not open any more: it was rolled back, and nothing of it was kept. Begin another one.',
      )
    return entry
  }

  function extend(entry: Entry): void {
    clearTimeout(entry.timer)
    entry.expiresAt = Math.min(Date.now() + patience, entry.began + longestKept - 60_000)
    entry.timer = setTimeout(() => void expire(entry), entry.expiresAt - Date.now())
    entry.timer.unref()
  }

  async function expire(entry: Entry): Promise<void> {
    // A statement has a limit of its own, and extends it when it ends.
    if (!entry.busy) await finish(entry, 'rollback').catch(() => undefined)
  }

  async function finish(entry: Entry, how: 'commit' | 'rollback'): Promise<void> {
    clearTimeout(entry.timer)
    open.delete(entry.id)
    try {
      await entry.session.execute(how === 'commit' ? texts.commitSql : texts.rollbackSql)
    } finally {
      await entry.giveBack()
    }
  }

  return {
    async begin(logins, login, owner, actor) {
      const databaseId = owner.databaseId.toLowerCase()
      const { length: others } = [...open.values()].filter((entry) => entry.databaseId === databaseId)
      if (others >= mostOfDatabase)
        throw new AppError(
          'CONFLICT',
          `${mostOfDatabase} transactions of this database are open already. Commit or roll back one of them first.`,
        )
      const { session, giveBack } = await lend(logins, login)
      try {
        await session.execute(texts.beginRunSql({ readOnly: false, timeoutMs: 300_000, actor, isSharedOnly: false }))
        await session.execute(keepTransactionSql)
      } catch (error) {
        await giveBack()
        throw error
      }
      const entry: Entry = {
        id: randomUUID(),
        accountId: owner.accountId,
        databaseId,
        session,
        giveBack,
        timer: setTimeout(() => undefined, 0),
        expiresAt: 0,
        statements: 0,
        busy: false,
        began: Date.now(),
        facts: () => ({
          id: entry.id,
          expiresAt: new Date(entry.expiresAt).toISOString(),
          statements: entry.statements,
        }),
      }
      open.set(entry.id, entry)
      extend(entry)
      return entry
    },
    async use(owner, id, work) {
      const entry = find(owner, id)
      if (entry.busy)
        throw new AppError('CONFLICT', 'The transaction runs another statement. Wait for it, or cancel it.')
      entry.busy = true
      try {
        return await work(entry)
      } finally {
        entry.busy = false
        entry.statements += 1
        if (open.has(id)) extend(entry)
      }
    },
    async end(owner, id, how) {
      const entry = find(owner, id)
      if (entry.busy)
        throw new AppError('CONFLICT', 'The transaction runs another statement. Wait for it, or cancel it.')
      await finish(entry, how)
    },
    of: (owner) => [...open.values()].filter((entry) => isOf(entry, owner)).map((entry) => entry.facts()),
    async close() {
      await Promise.all([...open.values()].map((entry) => finish(entry, 'rollback').catch(() => undefined)))
    },
  }
}

function isOf(entry: TransactionOwner, { accountId, databaseId }: TransactionOwner): boolean {
  return entry.accountId === accountId && entry.databaseId === databaseId.toLowerCase()
}

/** A session for as long as it is wanted. */
async function lend(
  logins: SqlLogins,
  login: SqlLogin,
): Promise<{ readonly session: SqlSession; giveBack(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const ended = logins.withSession(login, undefined, async (session) => {
      await new Promise<void>((back) => {
        resolve({
          session,
          async giveBack() {
            back()
            await ended
          },
        })
      })
    })
    ended.catch(reject)
  })
}
