import type { JsonObject } from '@shared/json'
import type { TestProject } from './test-project'

/** What a writer may be told. Everything else is a failure of the store: a deadlock, a lost race, an inner error. */
const answers = new Set(['CONSTRAINT', 'CONFLICT', 'NOT_FOUND'])

export interface WritersResult {
  /** Calls that were acknowledged, by what they did. */
  readonly done: Readonly<Record<string, number>>
  /** Calls that a rule refused. */
  readonly refused: number
  /** Acknowledged increments of each counter. */
  readonly counted: ReadonlyMap<string, number>
  /** What nobody should be told: code and sentence. */
  readonly failures: readonly string[]
}

/** Adds the tables that the writers fight over. */
export async function makeContestedTables(project: TestProject): Promise<readonly string[]> {
  return [
    await project.table('accounts', [
      { name: 'code', type: 'text', unique: true, required: true },
      { name: 'n', type: 'integer', default: '0' },
    ]),
    await project.table('orders', [
      { name: 'account', type: 'uuid', references: { table: 'accounts', column: 'id', on_delete: 'restrict' } },
      { name: 'code', type: 'text', references: { table: 'accounts', column: 'code', on_delete: 'cascade' } },
      { name: 'place', type: 'integer', unique: true },
    ]),
    await project.table('counters', [{ name: 'n', type: 'integer', required: true, default: '0' }]),
  ]
}

/** `writers` people for so many milliseconds, each with a mix of everything, by the service and by SQL. */
export async function fight(project: TestProject, writers: number, duration: number): Promise<WritersResult> {
  const { databaseId, tenant } = project
  const { client } = tenant
  const done: Record<string, number> = {}
  const counted = new Map<string, number>()
  const failures: string[] = []
  let refused = 0
  for (let n = 0; n < 3; n++) counted.set((await project.create('counters', {}))._id, 0)
  const until = performance.now() + duration

  const sql = async (query: string, params: (string | number)[]) =>
    (await client.sql.run({ databaseId, query, params })).results[0]
  const attempt = async (name: string, work: () => Promise<boolean>) => {
    try {
      if (await work()) done[name] = (done[name] ?? 0) + 1
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code'
      if (answers.has(code)) refused += 1
      else failures.push(`${name}: ${code}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const anyAccount = async (): Promise<JsonObject | undefined> => {
    const { records } = await client.records.query({
      databaseId,
      tableName: 'accounts',
      filters: { column: 'code', op: 'gte', value: code() },
      limit: 1,
    })
    return records[0]
  }
  const create = (tableName: string, record: JsonObject) => async () =>
    (await client.records.create({ databaseId, tableName, record })).record !== undefined
  const count = (id: string) => counted.set(id, (counted.get(id) ?? 0) + 1)

  const works: readonly (readonly [string, () => Promise<boolean>])[] = [
    ['create account', () => create('accounts', { code: code() })()],
    [
      'create accounts together',
      async () => {
        const records = [{ code: code() }, { code: code() }, { code: code() }]
        return (await client.records.create({ databaseId, tableName: 'accounts', records })).records !== undefined
      },
    ],
    ['insert account', async () => (await sql('insert into accounts (code) values ($1)', [code()]))?.rowCount === 1],
    [
      'create order',
      async () => {
        const account = await anyAccount()
        if (!account) return false
        return create('orders', { account: account.id ?? null, code: account.code ?? null, place: below(400) })()
      },
    ],
    [
      'insert orders',
      async () => {
        const text = `insert into orders (account, code, place) select id, code, $2::integer from accounts where code >= $1 order by code limit 1`
        return (await sql(text, [code(), below(400)]))?.rowCount === 1
      },
    ],
    [
      'delete account',
      async () => {
        const account = await anyAccount()
        if (!account) return false
        await client.records.delete({
          params: { databaseId, recordId: String(account._id) },
          query: { table: 'accounts' },
        })
        return true
      },
    ],
    [
      'delete accounts by SQL',
      async () => (await sql('delete from accounts where code = $1', [code()]))?.rowCount === 1,
    ],
    [
      'delete orders',
      async () => {
        const filters = { column: 'place', op: 'lt' as const, value: below(40) }
        return (await client.records.deleteMany({ databaseId, tableName: 'orders', filters })).deleted > 0
      },
    ],
    [
      'delete orders by SQL',
      async () => ((await sql('delete from orders where place > $1', [400 - below(40)]))?.rowCount ?? 0) > 0,
    ],
    [
      'rename account',
      async () => {
        const account = await anyAccount()
        if (!account) return false
        await client.records.update({
          params: { databaseId, recordId: String(account._id) },
          query: { table: 'accounts' },
          body: { record: { code: code() } },
        })
        return true
      },
    ],
    [
      'rename account by SQL',
      async () => (await sql('update accounts set code = $2 where code = $1', [code(), code()]))?.rowCount === 1,
    ],
    [
      'count by revision',
      async () => {
        const recordId = anyOf([...counted.keys()])
        const at = { params: { databaseId, recordId }, query: { table: 'counters' } }
        const { record } = await client.records.get(at)
        const body = { record: { n: Number(record.n) + 1 }, revision: record._revision }
        await client.records.update({ ...at, body })
        count(recordId)
        return true
      },
    ],
    [
      'count by SQL',
      async () => {
        const id = anyOf([...counted.keys()])
        if ((await sql('update counters set n = n + 1 where id = $1', [id]))?.rowCount !== 1) return false
        count(id)
        return true
      },
    ],
  ]
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (performance.now() < until && failures.length < 20) {
        const [name, work] = anyOf(works)
        await attempt(name, work)
      }
    }),
  )
  return { done, refused, counted, failures }
}

/** Few enough that writers meet all the time. */
function code(): string {
  return `code ${String(below(60)).padStart(2, '0')}`
}

function below(limit: number): number {
  return Math.floor(Math.random() * limit)
}

function anyOf<T>(list: readonly T[]): T {
  const one = list[below(list.length)]
  if (one === undefined) throw new Error('Nothing to choose from')
  return one
}
