import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SqlLogin, SqlLogins, SqlSession } from '../../src/main/db/sql-login'
import { createOpenTransactions } from '../../src/main/features/sql-panel/open-transactions'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const owner = { accountId: 'ada', databaseId: 'shop' }
const login: SqlLogin = { role: 'runner', password: 'open', schema: 'shop', connections: 3 }

/** Sessions that write down what they are told. */
function sessions() {
  const told: string[] = []
  const session = {
    execute: async (query: { readonly text: string }) => void told.push(query.text),
  } as unknown as SqlSession
  const logins = {
    withSession: (_login: unknown, _signal: unknown, work: (each: SqlSession) => Promise<unknown>) => work(session),
  } as unknown as SqlLogins
  return { told, logins }
}

test('a transaction that nobody uses is rolled back when its time is up, and says so to who comes later', async () => {
  const { told, logins } = sessions()
  const transactions = createOpenTransactions(1_000)
  const { id } = await transactions.begin(logins, login, owner, 'Ada')
  await vi.advanceTimersByTimeAsync(900)
  await transactions.use(owner, id, async () => undefined)
  // Used once more, it has its whole time again.
  await vi.advanceTimersByTimeAsync(900)
  expect(transactions.of(owner)).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(200)
  expect(transactions.of(owner)).toEqual([])
  expect(told.at(-1)).toMatch(/rollback/i)
  await expect(transactions.end(owner, id, 'commit')).rejects.toThrow(
    'This transaction is not open any more: it was rolled back',
  )
})
