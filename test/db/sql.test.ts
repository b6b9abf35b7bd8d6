import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readValue } from '../../src/main/features/sql/sql-values'
import { asAdmin } from '../helpers/database'
import { createTestProject, type TestProject } from '../helpers/test-project'
import { failureOf, signUpTenant } from '../helpers/test-studio'

let project: TestProject

beforeAll(async () => {
  project = await createTestProject()
  await project.table('customers', [
    { name: 'name', type: 'text', required: true },
    { name: 'email', type: 'text', unique: true },
    { name: 'balance', type: 'numeric(20,4)' },
    { name: 'big', type: 'bigint' },
  ])
  await project.table('order', [
    { name: 'customer_id', type: 'uuid', references: { table: 'customers', column: 'id' } },
    { name: 'total', type: 'numeric' },
  ])
})
afterAll(() => project.close())

type Options = Partial<{
  params: (string | number | boolean | null | (string | null)[] | Record<string, number>)[]
  limit: number
  timeoutMs: number
  readOnly: boolean
  explain: boolean | 'plan' | 'analyze'
}>

async function run(query: string, options: Options = {}, signal?: AbortSignal) {
  const input = { databaseId: project.databaseId, query, ...options }
  return (await project.tenant.client.sql.run(input, signal === undefined ? {} : { signal })).results
}

async function rows(query: string, options: Options = {}) {
  return (await run(query, options)).at(-1)?.rows
}

async function count(table: string): Promise<unknown> {
  return (await rows(`select count(*) from ${table}`))?.[0]?.[0]
}

describe('values', () => {
  test('leave Postgres whole', async () => {
    const [result] = await run(`select 9007199254740993::bigint, 1.50::numeric, 1.5::real, 'NaN'::double precision,
      timestamptz '2026-01-02 03:04:05.123456+02', date '2026-01-02', interval '1 day 2 hours', '\\xdead'::bytea,
      true, null::text, array['a', null, 'NULL'], array[9007199254740993], '{"a": [1, {"b": 1.50}]}'::jsonb,
      '{"a": 12345678901234567890}'::jsonb, array['{"a": 1}'::jsonb], int4range(1, 5), 'x'::varchar(20)`)
    expect(result?.rows).toEqual([
      [
        '9007199254740993',
        '1.50',
        1.5,
        'NaN',
        '2026-01-02T01:04:05.123456Z',
        '2026-01-02',
        'P1DT2H',
        '\\xdead',
        true,
        null,
        ['a', null, 'NULL'],
        ['9007199254740993'],
        { a: [1, { b: 1.5 }] },
        '{"a": 12345678901234567890}',
        [{ a: 1 }],
        '[1,5)',
        'x',
      ],
    ])
    expect(result?.columns.map(({ type }) => type)).toEqual([
      'bigint',
      'numeric',
      'real',
      'double precision',
      'timestamp with time zone',
      'date',
      'interval',
      'bytea',
      'boolean',
      'text',
      'text[]',
      'bigint[]',
      'jsonb',
      'jsonb',
      'jsonb[]',
      'int4range',
      'character varying(20)',
    ])
  })

  test.each([
    ['{"a": 1}', { a: 1 }],
    ['[1.50, 15e-1, 0.1, 1e2, -0, 123456789012345]', [1.5, 1.5, 0.1, 100, -0, 123456789012345]],
    ['1234567890123456', 1234567890123456],
    ['12345678901234567', '12345678901234567'],
    ['0.12345678901234567890', '0.12345678901234567890'],
    ['{"1234567890123456789": "12345678901234567890"}', { '1234567890123456789': '12345678901234567890' }],
    ['1e400', '1e400'],
    [`${'['.repeat(600)}${']'.repeat(600)}`, `${'['.repeat(600)}${']'.repeat(600)}`],
  ])('jsonb keeps every digit, %#', (text, value) => {
    expect(readValue(3802, text)).toEqual(value)
  })

  test('parameters arrive as they are', async () => {
    const params = ["it's", 7, true, null, ['a"b', null, '\\'], { a: 1 }]
    expect(
      await rows('select $1::text, $2::int + 1, $3::boolean, $4::text, $5::text[], $6::jsonb', { params }),
    ).toEqual([["it's", 8, true, null, ['a"b', null, '\\'], { a: 1 }]])
    expect(await rows('select $1::jsonb', { params: [['a', 'b']] })).toEqual([[['a', 'b']]])
  })
})

describe('a run', () => {
  test('is one transaction with a result for each statement', async () => {
    const results = await run(`
      insert into customers (name, email, balance, big) values ('Ada', 'ada@example.org', 1.5, 9007199254740993);
      -- a comment with a ; in it
      select name, balance, big from customers where email = 'ada@example.org';
      update customers set name = 'Ada L.' where email = 'ada@example.org'`)
    expect(results.map(({ command, rowCount }) => [command, rowCount])).toEqual([
      ['INSERT', 1],
      ['SELECT', 1],
      ['UPDATE', 1],
    ])
    expect(results[1]?.rows).toEqual([['Ada', '1.5000', '9007199254740993']])

    const failure = await failureOf(
      run(`insert into customers (name) values ('Lost'); insert into customers (email) values ('no name')`),
    )
    expect(failure).toMatchObject({
      code: 'CONSTRAINT',
      data: { statement: 2, table: 'customers', column: 'name', constraint: 'required' },
    })
    expect(await count(`customers where name = 'Lost'`)).toBe('0')
  })

  test('of nothing has no results', async () => {
    expect(await run('-- nothing')).toEqual([])
    expect(await run(' ;; ')).toEqual([])
  })

  test('fetches no more rows than it answers', async () => {
    const [result] = await run('select n from generate_series(1, 3) n; ', { limit: 3 })
    expect(result).toMatchObject({ rowCount: 3, truncated: false })
    const [pieces] = await run('select n from generate_series(1, 777) n')
    expect(pieces).toMatchObject({ command: 'SELECT', rowCount: 777, truncated: false })
    const [cut] = await run('select generate_series(1, 1000000000000) n', { limit: 250 })
    expect(cut).toMatchObject({ command: 'SELECT', rowCount: 250, truncated: true })
    expect(cut?.rows.at(-1)).toEqual(['250'])
    const [written] = await run(
      `insert into customers (name) select 'many' from generate_series(1, 300) returning id`,
      { limit: 10 },
    )
    expect(written).toMatchObject({ command: 'INSERT', rowCount: 300, truncated: true })
    expect(written?.rows).toHaveLength(10)
    expect(await count(`customers where name = 'many'`)).toBe('300')
    await run(`delete from customers where name = 'many'`)
  })

  test('ends at 32 MB of rows, and gives up a row that is far larger', async () => {
    const [result] = await run(`select repeat('x', 1000000) from generate_series(1, 1000)`)
    expect(result?.truncated).toBe(true)
    expect(result?.rowCount).toBeLessThan(40)
    const huge = await failureOf(run(`select repeat('x', 400000000)`))
    expect(huge).toMatchObject({ code: 'TOO_LARGE', message: expect.stringContaining('larger than 256 MB') })
    expect(await rows('select 1')).toEqual([[1]])
  })

  test('that reads only cannot write', async () => {
    expect(await failureOf(run(`delete from customers`, { readOnly: true }))).toMatchObject({ code: 'FORBIDDEN' })
    const inCte = `with gone as (delete from customers returning *) select * from gone`
    expect(await failureOf(run(inCte, { readOnly: true }))).toMatchObject({ code: 'FORBIDDEN' })
    expect(await failureOf(run('select * from customers for update', { readOnly: true }))).toMatchObject({
      code: 'FORBIDDEN',
    })
    expect(await rows('show transaction_read_only', { readOnly: true })).toEqual([['on']])
  })

  test('shows plans, and takes back what it wrote for one', async () => {
    const [plan] = await run('select * from customers', { explain: true })
    expect(plan).toMatchObject({ command: 'EXPLAIN', columns: [{ name: 'QUERY PLAN', type: 'text' }] })
    const [analyzed] = await run(`insert into customers (name) values ('Planned')`, { explain: 'analyze' })
    expect(JSON.stringify(analyzed?.rows)).toContain('actual')
    expect(await count(`customers where name = 'Planned'`)).toBe('0')
    expect(await failureOf(run('show timezone', { explain: true }))).toMatchObject({ code: 'VALIDATION' })
  })

  test('leaves nothing in the session for the next', async () => {
    await run(`set statement_timeout = '1min'; set enable_seqscan = off`)
    for (let index = 0; index < 4; index += 1) expect(await rows('show enable_seqscan')).toEqual([['on']])
  })

  test('is stopped by the clock, whatever the session sets', async () => {
    const failure = await failureOf(run(`set statement_timeout = 0; select pg_sleep(60)`, { timeoutMs: 200 }))
    expect(failure).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('200 ms') })
    expect(await rows('select 1')).toEqual([[1]])
  })

  test('is cancelled on the server', async () => {
    const abort = new AbortController()
    const running = run(`insert into customers (name) values ('Cancelled'); select pg_sleep(60)`, {}, abort.signal)
    const failure = running.then(
      () => null,
      (error: unknown) => error,
    )
    const busy = () =>
      asAdmin(
        project.studio.adminUrl,
        `select from pg_stat_activity where datname = current_database() and query like '%pg_sleep(60)%'
           and state = 'active' and usename like 'tr\\_%'`,
      )
    await expect.poll(async () => (await busy()).length, { timeout: 10_000 }).toBe(1)
    abort.abort()
    expect(await failure).toBeInstanceOf(Error)
    await expect.poll(async () => (await busy()).length, { timeout: 10_000 }).toBe(0)
    expect(await count(`customers where name = 'Cancelled'`)).toBe('0')
  })

  test('is tried again when another transaction was in the way', async () => {
    await run(`insert into customers (name, balance) values ('left', 0), ('right', 0)`)
    const add = (first: string, second: string) =>
      run(`update customers set balance = balance + 1 where name = '${first}';
        select pg_sleep(0.05);
        update customers set balance = balance + 1 where name = '${second}'`)
    await Promise.all([add('left', 'right'), add('right', 'left'), add('left', 'right')])
    expect(await rows(`select distinct balance from customers where name in ('left', 'right')`)).toEqual([['3.0000']])
    await run(`delete from customers where name in ('left', 'right')`)
  })

  test('is written down, with who ran it', async () => {
    await run(`insert into customers (name, email) values ('Noted', 'noted@example.org'); select 1`)
    const entries = await asAdmin(
      project.studio.adminUrl,
      `select actor, action, sentence, details from studio.audit where action in ('sql.run', 'records.sql')
         order by id desc limit 2`,
    )
    expect(entries).toContainEqual({
      actor: 'ada@example.org',
      action: 'sql.run',
      sentence: 'Ran 2 statements of SQL.',
      details: { statements: 2, readOnly: false, explain: false },
    })
    expect(entries).toContainEqual(expect.objectContaining({ actor: 'SQL of ada@example.org', action: 'records.sql' }))
  })
})

describe('a text that describes tables', () => {
  test('is one version of the schema, or nothing', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    const versions = async () => (await client.schema.versions({ databaseId })).versions
    const before = await versions()
    const results = await run(
      `create type mood as enum ('good', 'bad'); create table ports (id bigint primary key, name text not null, mood mood);
      comment on table ports is 'Where ships rest'; create index on ports (name)`,
    )
    expect(results.map(({ command }) => command)).toEqual(['CREATE ENUM', 'CREATE TABLE', 'COMMENT', 'CREATE INDEX'])
    expect(results[0]?.rows.flat()).toContain('The index is built in the background.')
    expect(await versions()).toHaveLength(before.length + 1)
    expect(await rows(`insert into ports (id, name) values (1, 'Genoa') returning name`)).toEqual([['Genoa']])

    // The second statement cannot be, so the first is not either.
    expect(
      await failureOf(run('alter table ports add depth integer; alter table ports drop column nothing')),
    ).toMatchObject({
      code: 'VALIDATION',
    })
    expect(await versions()).toHaveLength(before.length + 1)
    const [altered] = await run('alter table ports add depth integer')
    expect(altered).toMatchObject({ command: 'ALTER TABLE', columns: [], rows: [] })
    expect(await rows('select depth from ports')).toEqual([[null]])
    await run('drop table ports')
    expect(await failureOf(run('select 1 from ports'))).toMatchObject({ code: 'VALIDATION' })
    expect(await asAdmin(project.studio.adminUrl, `select distinct actor, action from studio.audit`)).toContainEqual({
      actor: 'ada@example.org',
      action: 'sql.schema',
    })
  })

  test('a table whose name is a word of SQL', async () => {
    await run('alter table order add note text')
    expect(await rows('select note from order')).toEqual([])
    await run('alter table order drop column note')
  })
})

describe('what may not be run is refused in a sentence', () => {
  test.each([
    ['begin', 'VALIDATION', /one transaction already/],
    ['commit', 'VALIDATION', /one transaction already/],
    ['savepoint a', 'VALIDATION', /one transaction already/],
    ['set transaction isolation level serializable', 'VALIDATION', /one transaction/],
    ['set role postgres', 'FORBIDDEN', /cannot change to another role/],
    ['reset role', 'FORBIDDEN', /cannot change to another role/],
    ['set session authorization postgres', 'FORBIDDEN', /cannot change to another role/],
    [`set studio.actor = 'root@example.org'`, 'FORBIDDEN', /studio\.actor/],
    [`select set_config('studio.actor', 'root@example.org', false)`, 'FORBIDDEN', /set_config/],
    ['copy customers to stdout', 'FORBIDDEN', /COPY/],
    [`copy customers to program 'id'`, 'FORBIDDEN', /COPY/],
    ['listen x', 'FORBIDDEN', /LISTEN/],
    ['notify studio_changes', 'FORBIDDEN', /NOTIFY/],
    ['lock table customers', 'FORBIDDEN', /LOCK/],
    ['do $$ begin end $$', 'FORBIDDEN', /DO, CALL/],
    [`create function f() returns int language sql as 'select 1'`, 'FORBIDDEN', /CREATE FUNCTION/],
    ['vacuum', 'FORBIDDEN', /storage/],
    ['prepare p as select 1', 'VALIDATION', /params/],
    ['declare c cursor for select 1', 'VALIDATION', /limit/],
    ['truncate customers', 'VALIDATION', /DELETE FROM/],
    ['create table t (a int)', 'VALIDATION', /version of its own/],
    ['create temp table t as select 1', 'FORBIDDEN', /made from a query/],
    ['select 1 as a into t', 'FORBIDDEN', /made from a query/],
    ['alter table customers add x int', 'VALIDATION', /version of its own/],
    ['drop table customers', 'VALIDATION', /version of its own/],
    ['create index on customers (name)', 'VALIDATION', /version of its own/],
    ['grant select on customers to public', 'FORBIDDEN', /rights/],
    [`alter role current_user password 'x'`, 'FORBIDDEN', /Roles/],
    ['create role x', 'FORBIDDEN', /Roles/],
    ['select pg_advisory_lock(1)', 'FORBIDDEN', /pg_advisory_lock/],
    [`select query_to_xml('select 1', true, false, '')`, 'FORBIDDEN', /query_to_xml/],
    [`explain analyze create table t as select 1`, 'VALIDATION', /explained/],
  ])('%s', async (query, code, message) => {
    const failure = await failureOf(run(`select 1; ${query}`))
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message), data: { statement: 2 } })
    expect(failure.message).toMatch(/^[A-Z].*\.$/)
  })

  test.each([
    ['drop table customers', { readOnly: true }, 'FORBIDDEN', /only reads/],
    ['alter table customers add x int', { explain: true }, 'VALIDATION', /explained/],
    ['create view v as select 1', {}, 'FORBIDDEN', /has tables/],
    ['create temp table t (a int)', {}, 'VALIDATION', /temporary/],
    ['create table t (a int); drop table nowhere', {}, 'VALIDATION', /nowhere/],
    ['create sequence s', {}, 'FORBIDDEN', /nothing else of a schema/],
    ['create extension dblink', {}, 'FORBIDDEN', /nothing else of a schema/],
    ['create schema x', {}, 'FORBIDDEN', /nothing else of a schema/],
    ['alter system set work_mem = 1', {}, 'FORBIDDEN', /nothing else of a schema/],
    ['alter database postgres set work_mem = 1', {}, 'FORBIDDEN', /nothing else of a schema/],
  ])('%s alone, with %j', async (query, options, code, message) => {
    const before = await project.tenant.client.tables.list({ databaseId: project.databaseId })
    expect(await failureOf(run(query, options))).toMatchObject({ code, message: expect.stringMatching(message) })
    expect(await project.tenant.client.tables.list({ databaseId: project.databaseId })).toEqual(before)
  })

  test('deep texts, of any depth', async () => {
    for (const depth of [1_000, 3_000, 10_000, 30_000]) {
      const answer = await run(`select ${'1+'.repeat(depth)}1`).then(
        ([result]) => result?.rows,
        (error: unknown) => error,
      )
      if (answer instanceof Error) expect(answer.message).toContain('nested too deeply')
      else expect(answer).toEqual([[depth + 1]])
    }
  })

  test.each([
    ['select $1::int + $2::int', [1], 'takes 2 parameters, and 1 came'],
    ['select $1::int', [], 'takes one parameter, and 0 came'],
    ['select 1', [1], 'takes 0 parameters, and 1 came'],
  ])('%s with %j', async (query, params, message) => {
    expect(await failureOf(run(query, { params }))).toMatchObject({
      code: 'VALIDATION',
      message: expect.stringContaining(message),
    })
  })

  test('parameters with several statements', async () => {
    expect(await failureOf(run('select $1::int; select 2', { params: [1] }))).toMatchObject({ code: 'VALIDATION' })
  })

  test('a text that ends before its end', async () => {
    expect(await failureOf(run('select 1\0; drop table customers'))).toMatchObject({
      code: 'VALIDATION',
      message: expect.stringContaining('U+0000'),
    })
  })

  test('a text that nobody can read, as often as it comes', async () => {
    for (let index = 0; index < 3; index += 1) {
      const failure = await failureOf(run(`select ${'1+'.repeat(100_000)}1`))
      expect(failure).toMatchObject({ code: 'VALIDATION', message: expect.stringContaining('too deeply') })
      expect(await rows('select 1')).toEqual([[1]])
    }
  })
})

describe('a failure says what and where', () => {
  test.each([
    [`select 1;\n  select *\n  from custmers`, 'VALIDATION', 'Did you mean "customers"?', [2, 3, 8]],
    [`select nam from customers`, 'VALIDATION', 'Column "nam" does not exist.', [1, 1, 8]],
    [`select '😀é', naam from customers`, 'VALIDATION', 'Column "naam" does not exist', [1, 1, 14]],
    [`select 'a'::integer`, 'VALIDATION', 'Invalid input syntax for type integer: "a".', [1, 1, 8]],
    [`select fo('a')`, 'VALIDATION', 'Function fo(unknown) does not exist.', [1, 1, 8]],
  ])('%s', async (query, code, sentence, [statement, line, column]) => {
    expect(await failureOf(run(query))).toMatchObject({
      code,
      message: expect.stringContaining(sentence),
      data: { statement, line, column, position: expect.any(Number) },
    })
  })

  test('a syntax error, found before anything runs', async () => {
    expect(await failureOf(run('select 1;\nselect * frm customers'))).toMatchObject({
      code: 'VALIDATION',
      message: 'Syntax error at or near "frm".',
      data: { position: 20, line: 2, column: 10 },
    })
  })

  test('a broken rule as the records API tells it', async () => {
    await run(`insert into customers (name, email) values ('One', 'one@example.org')`)
    expect(await failureOf(run(`insert into customers (name, email) values ('Two', 'one@example.org')`))).toMatchObject(
      { code: 'CONSTRAINT', data: { table: 'customers', column: 'email', constraint: 'unique' } },
    )
    expect(await failureOf(run(`insert into "order" (customer_id) values (gen_random_uuid())`))).toMatchObject({
      code: 'CONSTRAINT',
      data: { table: 'order', column: 'customer_id', constraint: 'reference' },
    })
  })

  test('division by zero, and no more rows than one', async () => {
    expect(await failureOf(run('select 1/0'))).toMatchObject({ code: 'VALIDATION', message: 'Division by zero.' })
    expect(await failureOf(run('select (select generate_series(1, 2))'))).toMatchObject({ code: 'VALIDATION' })
  })
})

describe('whose database it is', () => {
  test('another account has no way to it', async () => {
    const other = await signUpTenant(project.studio, 'eve@example.org')
    const call = other.client.sql.run({ databaseId: project.databaseId, query: 'select 1' })
    expect(await failureOf(call)).toMatchObject({ code: 'NOT_FOUND' })
    for (const action of ['get', 'create', 'rotate', 'revoke'] as const)
      expect(await failureOf(other.client.connection[action]({ databaseId: project.databaseId }))).toMatchObject({
        code: 'NOT_FOUND',
      })
  })
})
