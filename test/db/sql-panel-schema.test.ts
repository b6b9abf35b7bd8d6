import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPanelProject, type PanelProject } from '../helpers/panel-project'
import { failureOf } from '../helpers/test-studio'

let project: PanelProject
let databaseId: string
let run: PanelProject['run']

beforeAll(async () => {
  project = await createPanelProject()
  ;({ databaseId, run } = project)
  await run("insert into orders (code, total) select 'c' || n, n from generate_series(1, 5) n")
})
afterAll(() => project.close())

const versions = async () => (await project.tenant.client.schema.versions({ databaseId })).versions

describe('SQL that describes tables', () => {
  test('becomes a version of the schema, and what follows reads it', async () => {
    const { client } = project.tenant
    const before = await client.schema.versions({ databaseId })
    const made = await run(
      "create table places (id uuid primary key, city text not null); insert into places (city) values ('Bern'); select city from places",
    )
    expect(made.failure).toBeNull()
    expect(made.results.at(-1)?.rows).toEqual([['Bern']])
    const after = await client.schema.versions({ databaseId })
    expect(after.versions.length).toBe(before.versions.length + 1)
    expect((await failureOf(run('drop table places'))).code).toBe('CONFLICT')
    expect((await client.sqlPanel.preview({ databaseId, query: 'drop table places' })).dangers).toMatchObject([
      { table: 'places', records: 1 },
    ])
    expect((await run('drop table places', { confirmed: true })).failure).toBeNull()
  })

  test('a column that is dropped is one version, asks first with the number of values, and comes back', async () => {
    const { client } = project.tenant
    const before = (await versions()).length
    const query = 'alter table orders drop column total'
    expect((await failureOf(run(query))).code).toBe('CONFLICT')
    expect((await client.sqlPanel.preview({ databaseId, query })).dangers).toMatchObject([
      { kind: 'dropColumn', table: 'orders', records: 5 },
    ])
    expect((await run(query, { confirmed: true })).failure).toBeNull()
    const [newest, ...older] = await versions()
    expect(older).toHaveLength(before)
    const { edits } = await client.schema.version({ databaseId, number: newest?.number ?? 0 })
    expect(edits).toEqual([{ type: 'dropColumn', table: 'orders', column: 'total' }])
    expect((await run('alter table orders add column total numeric(10,2)')).failure).toBeNull()
  })

  test('several edits in one statement are one version', async () => {
    const before = (await versions()).length
    const { failure } = await run(
      "alter table orders add column note text default 'x', alter column code drop not null, alter column code type varchar(50)",
    )
    expect(failure).toBeNull()
    expect(await versions()).toHaveLength(before + 1)
  })

  test('a transaction that is open keeps nobody from the history, and a change of the schema says that it is in the way', async () => {
    const { client } = project.tenant
    const { transaction } = await client.sqlPanel.begin({ databaseId })
    await run("update orders set code = 'mine' where code = 'c1'", { transactionId: transaction.id })
    const before = await versions()
    const { failure } = await run('alter table orders add column late text')
    expect(failure).toMatchObject({ code: 'CONFLICT', message: expect.stringMatching(/open in the SQL panel/) })
    expect(await versions()).toEqual(before)
    const inside = await run('alter table orders add column late text', { transactionId: transaction.id })
    expect(inside.failure?.message).toMatch(/Commit or roll back first\.$/)
    await client.sqlPanel.commit({ databaseId, transactionId: transaction.id })
    expect((await run('alter table orders add column late text')).failure).toBeNull()
    expect(await versions()).toHaveLength(before.length + 1)
  })

  test('a question that is not answered leaves nothing that waits', async () => {
    const { client } = project.tenant
    const before = await versions()
    for (let time = 0; time < 12; time += 1) {
      expect((await failureOf(run('create table gone (a text); drop table gone'))).code).toBe('CONFLICT')
      const stop = new AbortController()
      const asked = client.sqlPanel.preview({ databaseId, query: 'delete from orders' }, { signal: stop.signal })
      stop.abort()
      await asked.catch(() => undefined)
    }
    expect(await versions()).toEqual(before)
    expect((await run('select count(*) from orders')).results[0]?.rows).toEqual([['5']])
  })

  test.each([
    ['create view v as select 1', 'no views. Save the query'],
    ['create materialized view v as select 1', 'no views. Save the query'],
    ['drop function f(int)', 'Nothing was dropped: a database here has no functions.'],
    ['drop index if exists places_city', 'Nothing was dropped: indexes have no names here'],
    ['create schema other', 'one schema'],
    ['create sequence s', 'no sequences'],
    ['create table things as select 1', 'cannot be made from a query'],
    ['select * into things from orders', 'cannot be made from a query'],
    ["comment on schema public is 'x'", 'Nothing was written'],
    ['create extension dblink', 'nothing else of a schema'],
    ['create trigger t after insert on orders execute function f()', 'nothing else of a schema'],
    ['create rule r as on select to orders do instead nothing', 'nothing else of a schema'],
    ["alter type t add value 'x'", 'nothing else of a schema'],
    ['create policy p on orders', 'Roles and rights are looked after by the studio'],
    ['grant select on orders to public', 'Roles and rights are looked after by the studio'],
    ['create function f() returns int language sql as $$ select 1 $$', 'Code cannot be run in the database'],
    ['do $$ begin perform 1; end $$', 'Code cannot be run in the database'],
    ['call f()', 'Code cannot be run in the database'],
    ['copy orders to stdout', 'Use import and export'],
    ['vacuum orders', 'looks after storage by itself'],
    ['lock table orders', 'Lock rows with SELECT ... FOR UPDATE'],
    ['prepare p as select 1', 'Send the statement itself'],
    ['listen a', 'LISTEN and NOTIFY do not work here'],
    ['set role postgres', 'cannot change to another role'],
    ['alter index i rename to j', 'only tables and their columns have names'],
    ['alter table orders enable row level security', 'set on the API page'],
    ['alter table orders force row level security', 'set on the API page'],
    ['alter table orders disable trigger all', 'no triggers'],
    ['alter table orders owner to postgres', 'belong to its project'],
    ['alter table orders set schema other', 'one schema'],
    ['alter table orders set tablespace fast', 'looks after how records are stored'],
    ['create temp table t (a text)', 'A temporary table cannot be made here'],
    ['alter table nowhere add column a text', 'There is no table "nowhere"'],
  ])('%s says why it cannot be', async (query, sentence) => {
    const before = await versions()
    const { failure } = await run(query)
    expect(failure?.message).toContain(sentence)
    expect(failure?.message).toMatch(/^[A-Z].*\.$/)
    expect(await versions()).toEqual(before)
  })

  test.each([
    ['alter table orders add constraint c check (total > 0)', 'The check "c" of "orders" is not kept'],
    ['alter table orders add exclude using gist (code with =)', 'The exclusion rule of "orders" is not kept'],
    ['create index on orders (lower(code))', 'it is over an expression'],
    ['create index on orders (code) where total > 1', 'some of the records'],
    ['create index on orders using gin (code)', 'there are no gin indexes here'],
    ['create table parts (a text) partition by list (a)', 'is one table here, without parts'],
    ['create table words (a tsvector)', 'tsvector is kept as text'],
    ['create table sums (a int generated always as (1 + 1) stored)', 'Here it is a column like any other'],
  ])('%s tells what became of it', async (query, sentence) => {
    const { events, failure } = await run(query)
    expect(failure).toBeNull()
    expect(events.find((event) => event.type === 'finished')).toMatchObject({ note: expect.stringContaining(sentence) })
  })
})
