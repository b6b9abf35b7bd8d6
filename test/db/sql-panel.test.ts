import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin } from '../helpers/database'
import { createPanelProject, type PanelProject } from '../helpers/panel-project'
import { failureOf, signUpTenant } from '../helpers/test-studio'

let project: PanelProject
let databaseId: string
let run: PanelProject['run']

beforeAll(async () => {
  project = await createPanelProject()
  ;({ databaseId, run } = project)
})
afterAll(() => project.close())

async function one(...asked: Parameters<typeof run>) {
  return (await run(...asked)).results[0]?.rows[0]?.[0]
}

async function fill(count: number): Promise<void> {
  await run('delete from orders', { confirmed: true })
  await run(`insert into orders (code, total, open) select 'c' || n, n, n % 2 = 0 from generate_series(1, ${count}) n`)
}

describe('a run', () => {
  test('tells each statement, its columns, its rows and how it ended', async () => {
    await fill(3)
    const { events, results } = await run('select code, total from orders order by code;\nselect 1 as one')
    expect(events.map(({ type }) => type).filter((type) => type !== 'progress')).toEqual([
      'statement',
      'columns',
      'rows',
      'finished',
      'statement',
      'columns',
      'rows',
      'finished',
    ])
    expect(events[0]).toMatchObject({ index: 0, start: 0, end: 44, command: 'SELECT' })
    expect(results[0]).toMatchObject({
      columns: [
        { name: 'code', type: 'text' },
        { name: 'total', type: 'numeric(10,2)' },
      ],
      rows: [
        ['c1', '1.00'],
        ['c2', '2.00'],
        ['c3', '3.00'],
      ],
      rowCount: 3,
      truncated: false,
    })
    expect(results[1]?.rows).toEqual([[1]])
  })

  test('is one transaction: what fails leaves nothing behind, and is shown where it stands', async () => {
    await fill(1)
    const text = `insert into orders (code) values ('x');\nselect nothing from orders`
    const { failure } = await run(text)
    expect(failure).toMatchObject({ index: 1, code: 'VALIDATION', at: text.indexOf('nothing') })
    expect(failure?.message).toContain('nothing')
    expect(await one('select count(*) from orders')).toBe('1')
  })

  test('does nothing when one of its statements cannot be read', async () => {
    await fill(1)
    const text = `delete from orders where code = 'c1';\nselec 1`
    const { failure } = await run(text)
    expect(failure).toMatchObject({ index: 1, code: 'VALIDATION', at: text.indexOf('selec') })
    expect(await one('select count(*) from orders')).toBe('1')
  })

  test('takes values by name, in each statement by itself', async () => {
    await fill(5)
    const { results } = await run(
      `select code from orders where total > :least order by code limit :most;
       select :word::text || ':least', code from orders where total = :least -- :nothing`,
      { values: { least: 2, most: 2, word: 'a' } },
    )
    expect(results.map(({ rows }) => rows)).toEqual([[['c3'], ['c4']], [['a:least', 'c2']]])
    expect((await run('select :a')).failure).toMatchObject({ code: 'VALIDATION', message: 'Give a value for :a.' })
  })

  test('keeps as many rows as it was to keep, and says that there were more', async () => {
    const { results } = await run('select n from generate_series(1, 1000) n', { rowLimit: 300 })
    expect(results[0]?.rows).toHaveLength(300)
    expect(results[0]).toMatchObject({ rowCount: 300, truncated: true })
  })

  test('gives every row of many pages in order, and long cells whole', async () => {
    const { results } = await run(
      `select n, repeat('x', case when n % 1000 = 7 then 10000 else 3 end) from generate_series(1, 5000) n`,
    )
    const rows = results[0]?.rows ?? []
    expect(rows.map(([n]) => n)).toEqual(Array.from({ length: 5000 }, (_, index) => index + 1))
    expect(rows[6]?.[1]).toHaveLength(10_000)
  })

  test('groups as on plain tables', async () => {
    await fill(4)
    const { results, failure } = await run('select o.code, count(*) from orders o group by o.id order by 1')
    expect(failure).toBeNull()
    expect(results[0]?.rows).toHaveLength(4)
  })

  test('is cancelled on the server', async () => {
    const stop = new AbortController()
    const events = await project.tenant.client.sqlPanel.run(
      { databaseId, query: 'select pg_sleep(60)' },
      { signal: stop.signal },
    )
    await events.next()
    const sessions = async () =>
      (
        await asAdmin(
          project.studio.adminUrl,
          "select pid from pg_stat_activity where state = 'active' and query = 'select pg_sleep(60)'",
        )
      ).length
    await expect.poll(sessions).toBe(1)
    stop.abort()
    await expect.poll(sessions).toBe(0)
  })

  test('ends when its time is up', async () => {
    const { failure } = await run('select pg_sleep(60)', { timeoutMs: 200 })
    expect(failure).toMatchObject({ index: 0, code: 'TIMEOUT' })
  })
})

describe('what asks first', () => {
  test('is not run before it is confirmed, and tells how many records it would change', async () => {
    await fill(7)
    const { client } = project.tenant
    for (const query of ['delete from orders', 'truncate orders', 'update orders set total = 0']) {
      expect((await failureOf(run(query))).code).toBe('CONFLICT')
      const { dangers } = await client.sqlPanel.preview({ databaseId, query })
      expect(dangers).toMatchObject([{ statement: 0, table: 'orders', records: 7 }])
    }
    const joined = 'update orders o set total = 0 from orders p where true'
    expect((await client.sqlPanel.preview({ databaseId, query: joined })).dangers).toMatchObject([{ records: 7 }])
    const after = "insert into orders (code) values ('new'); delete from orders"
    expect((await client.sqlPanel.preview({ databaseId, query: after })).dangers).toMatchObject([
      { statement: 1, records: 8 },
    ])
    const cte = 'with gone as (delete from orders returning *) select count(*) from gone'
    expect((await failureOf(run(cte))).code).toBe('CONFLICT')
    for (const [query, records] of [
      [cte, [7]],
      ["with gone as (delete from orders returning *) insert into orders (code) select 'x' from gone limit 1", [7]],
      ['with gone as (delete from orders returning *), set as (update orders set total = 1) select 1', [7, 7]],
    ] as const)
      expect((await client.sqlPanel.preview({ databaseId, query })).dangers.map((each) => each.records)).toEqual(
        records,
      )
    expect(await one('select count(*) from orders')).toBe('7')
    const { results } = await run('truncate orders', { confirmed: true })
    expect(results[0]).toMatchObject({ command: 'TRUNCATE', rowCount: 7 })
    expect(await one('select count(*) from orders')).toBe('0')
  })
})

describe('a transaction', () => {
  test('stays open between runs, and its end decides', async () => {
    await fill(1)
    const { client } = project.tenant
    const { transaction } = await client.sqlPanel.begin({ databaseId })
    const inside = { transactionId: transaction.id }
    await run("insert into orders (code) values ('t')", inside)
    expect(await one('select count(*) from orders', inside)).toBe('2')
    expect(await one('select count(*) from orders')).toBe('1')
    const failing = await run('select 1/0', inside)
    expect(failing.failure).toMatchObject({ code: 'VALIDATION' })
    expect(failing.transaction).toMatchObject({ id: transaction.id })
    expect(await one('select count(*) from orders', inside)).toBe('2')
    const { dangers } = await client.sqlPanel.preview({ databaseId, query: 'delete from orders', ...inside })
    expect(dangers).toMatchObject([{ records: 2 }])
    expect((await client.sqlPanel.transactions({ databaseId })).transactions).toMatchObject([{ id: transaction.id }])
    await client.sqlPanel.commit({ databaseId, transactionId: transaction.id })
    expect(await one('select count(*) from orders')).toBe('2')
    expect((await failureOf(client.sqlPanel.commit({ databaseId, transactionId: transaction.id }))).code).toBe(
      'NOT_FOUND',
    )
  })

  test('is begun and ended by its words', async () => {
    await fill(1)
    const begun = await run("begin; insert into orders (code) values ('t'); select count(*) from orders")
    expect(begun.results.at(-1)?.rows).toEqual([['2']])
    expect(begun.transaction).toMatchObject({ id: expect.any(String) })
    const ended = await run('rollback', { transactionId: begun.transaction?.id ?? null })
    expect(ended.transaction).toBeNull()
    const whole = await run("begin; insert into orders (code) values ('t'); commit; select count(*) from orders")
    expect(whole.failure).toBeNull()
    expect(whole.results.at(-1)?.rows).toEqual([['2']])
  })

  test('belongs to who began it', async () => {
    const { transaction } = await project.tenant.client.sqlPanel.begin({ databaseId })
    const other = await signUpTenant(project.studio, 'other@example.org')
    const theirs = { databaseId, transactionId: transaction.id }
    expect((await failureOf(other.client.sqlPanel.rollback(theirs))).code).toBe('NOT_FOUND')
    await project.tenant.client.sqlPanel.rollback(theirs)
  })
})

describe('what is kept', () => {
  test('every run, newest first, with what it said', async () => {
    await run('select 41')
    await run('select 1/0')
    await run('selec')
    const { runs } = await project.tenant.client.sqlPanel.history({ databaseId })
    expect(runs.slice(0, 3)).toMatchObject([
      { text: 'selec', outcome: 'failed' },
      { text: 'select 1/0', outcome: 'failed', error: expect.stringContaining('Division by zero') },
      { text: 'select 41', outcome: 'done', rowCount: 1, statements: 1 },
    ])
    const found = await project.tenant.client.sqlPanel.history({ databaseId, search: 'SELECT 41' })
    expect(found.runs.map(({ text }) => text)).toEqual(['select 41'])
    await project.tenant.client.sqlPanel.clearHistory({ databaseId })
    expect((await project.tenant.client.sqlPanel.history({ databaseId })).runs).toEqual([])
  })

  test('drafts, of which the later edit counts', async () => {
    const { client } = project.tenant
    const draft = {
      id: '7d444840-9dc0-41d1-b245-5ffdce74fad2',
      place: 1,
      name: 'Query 1',
      text: 'select 2',
      queryId: null,
      results: { run: [1] },
      editedAt: 1000,
    }
    await client.sqlPanel.saveDraft({ databaseId, draft })
    await client.sqlPanel.saveDraft({ databaseId, draft: { ...draft, text: 'older', editedAt: 999 } })
    expect((await client.sqlPanel.drafts({ databaseId })).drafts).toEqual([draft])
    await client.sqlPanel.deleteDraft({ databaseId, draftId: draft.id })
    expect((await client.sqlPanel.drafts({ databaseId })).drafts).toEqual([])
  })

  test('saved queries in folders', async () => {
    const { client } = project.tenant
    const { query } = await client.sqlPanel.createQuery({
      databaseId,
      folder: ' sales / 2026/',
      name: 'Top',
      text: 'select 1',
    })
    expect(query).toMatchObject({ folder: 'sales/2026', name: 'Top' })
    const again = { databaseId, folder: 'sales/2026', name: 'Top', text: '' }
    expect((await failureOf(client.sqlPanel.createQuery(again))).code).toBe('CONFLICT')
    await client.sqlPanel.updateQuery({ databaseId, queryId: query.id, name: 'Best' })
    expect((await client.sqlPanel.savedQueries({ databaseId })).queries).toMatchObject([
      { folder: 'sales/2026', name: 'Best', text: 'select 1' },
    ])
    await client.sqlPanel.deleteQuery({ databaseId, queryId: query.id })
    expect((await failureOf(client.sqlPanel.deleteQuery({ databaseId, queryId: query.id }))).code).toBe('NOT_FOUND')
  })
})
