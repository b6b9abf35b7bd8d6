import { AppError } from '@shared/app-error'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectDatabase } from '../../src/main/db/connect-database'
import { connectionUrl } from '../../src/main/db/connection-url'
import type { StudioDatabase } from '../../src/main/db/database'
import { identifier, type SqlQuery, sql } from '../../src/main/db/sql'
import { asAdmin, createTestDatabase, type TestDatabase } from '../helpers/database'

let t: TestDatabase
let db: StudioDatabase

beforeAll(async () => {
  t = await createTestDatabase()
  db = t.db
  // Tables of the test's own, without tenants.
  await asAdmin(
    t.adminUrl,
    `create schema sandbox;
     create table sandbox.places (id int primary key, name text not null, size int check (size > 0));
     create table sandbox.people (id int primary key, place int references sandbox.places);
     insert into sandbox.places values (1, 'here', 1), (2, 'there', 1);
     grant usage on schema sandbox to studio_app;
     grant all on all tables in schema sandbox to studio_app;
     create table sandbox.closed ()`,
  )
})

afterAll(() => t.close())

const query = (statement: SqlQuery) => db.withoutTenant((tx) => tx.query(statement))

async function failure(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    (value) => new Error(`Expected a failure, got ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
  if (error instanceof AppError) return error
  throw error
}

/** Waits for what another connection must come to see; the test's own time limit ends it. */
async function until(look: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 5))
}

const isRunning = (text: string) =>
  asAdmin(t.adminUrl, `select from pg_stat_activity where state = 'active' and query = $1`, [text]).then(
    (rows) => rows.length > 0,
  )

describe('values', () => {
  test('come whole', async () => {
    const [row] = await query(sql`select
      9007199254740993::bigint as bigint, array[9007199254740993::bigint, null] as bigints,
      123456789.123456789012345678::numeric as numeric, array[0.10::numeric] as numerics,
      '2026-01-02 04:04:05.1+01'::timestamptz as at, array['2026-01-02 03:04:05.123456+00'::timestamptz] as ats,
      '2026-01-02 03:04:05'::timestamp as local, 'infinity'::timestamptz as forever,
      '0044-03-15 00:00:00+00 BC'::timestamptz as ides, '2026-01-02'::date as date,
      interval '1 day 2 hours' as interval, '{"a": [1, null]}'::jsonb as json, true as bool, 1.5::float8 as float`)
    expect(row).toEqual({
      bigint: '9007199254740993',
      bigints: ['9007199254740993', null],
      numeric: '123456789.123456789012345678',
      numerics: ['0.10'],
      at: '2026-01-02T03:04:05.100000Z',
      ats: ['2026-01-02T03:04:05.123456Z'],
      local: '2026-01-02T03:04:05.000000',
      forever: 'infinity',
      ides: '0044-03-15 00:00:00+00 BC',
      date: '2026-01-02',
      interval: 'P1DT2H',
      json: { a: [1, null] },
      bool: true,
      float: 1.5,
    })
  })

  test('are parameters, whatever they hold', async () => {
    const text = `'; drop table sandbox.people; --`
    expect(await query(sql`select ${text}::text as text`)).toEqual([{ text }])
    expect(await query(sql`select count(*) as n from sandbox.people`)).toEqual([{ n: '0' }])
  })

  test('execute answers how many rows were touched', async () => {
    const touched = db.withoutTenant((tx) => tx.execute(sql`update sandbox.places set size = size`))
    expect(await touched).toBe(2)
  })
})

describe('failures', () => {
  const cases: readonly (readonly [string, () => SqlQuery, string, object | undefined])[] = [
    [
      'a value twice',
      () => sql`insert into sandbox.places values (1, 'x', 1)`,
      'CONFLICT',
      { constraint: 'places_pkey', table: 'places' },
    ],
    [
      'a missing reference',
      () => sql`insert into sandbox.people values (1, 99)`,
      'CONSTRAINT',
      { constraint: 'people_place_fkey', table: 'people' },
    ],
    [
      'a broken check',
      () => sql`insert into sandbox.places values (3, 'x', 0)`,
      'CONSTRAINT',
      { constraint: 'places_size_check', table: 'places' },
    ],
    [
      'a missing value',
      () => sql`insert into sandbox.places values (3, null, 1)`,
      'CONSTRAINT',
      { column: 'name', table: 'places' },
    ],
    ['a closed table', () => sql`select * from sandbox.closed`, 'FORBIDDEN', undefined],
    ['a wrong value', () => sql`select ${'abc'}::text::int`, 'VALIDATION', undefined],
    ['a NUL in text', () => sql`select ${'a\0b'}::text`, 'VALIDATION', undefined],
    ['a number out of range', () => sql`select ${'99999999999'}::text::int`, 'VALIDATION', undefined],
    ['a fault of ours', () => sql`select nonsense`, 'INTERNAL', undefined],
  ]

  test.each(cases)('%s', async (_, statement, code, details) => {
    const error = await failure(query(statement()))
    expect(error.code).toBe(code)
    expect(error.details).toEqual(details)
    expect(error.message).toMatch(/^[A-Z][^!]*\.$/)
    expect(error.message).not.toMatch(/\d{2}[0-9A-Z]{3}|nonsense|sandbox/)
  })

  test('a statement that takes too long is a TIMEOUT', async () => {
    const slow = db.withoutTenant((tx) => tx.query(sql`select pg_sleep(60)`), { statementTimeout: 20 })
    expect(await failure(slow)).toMatchObject({ code: 'TIMEOUT' })
    expect(await query(sql`show statement_timeout`)).toEqual([{ statement_timeout: '30s' }])
  })

  test('nothing is written in a read-only transaction', async () => {
    const write = sql`insert into sandbox.places values (9, 'x', 1)`
    const refused = db.withoutTenant((tx) => tx.execute(write), { readOnly: true })
    expect(await failure(refused)).toMatchObject({ code: 'FORBIDDEN' })
  })

  test('the failure of the work itself is handed on as it is, and undoes everything', async () => {
    const fault = new Error('of the work')
    const work = db.withoutTenant(async (tx) => {
      await tx.execute(sql`insert into sandbox.places values (5, 'x', 1)`)
      throw fault
    })
    await expect(work).rejects.toBe(fault)
    expect(await query(sql`select from sandbox.places where id = 5`)).toEqual([])
  })

  test('a failure that the work keeps to itself does not pass for a success', async () => {
    const work = db.withoutTenant(async (tx) => {
      await tx.execute(sql`insert into sandbox.places values (6, 'x', 1)`)
      await tx.query(sql`select 1 / 0`).catch(() => undefined)
      return 'saved'
    })
    expect(await failure(work)).toMatchObject({ code: 'INTERNAL' })
    expect(await query(sql`select from sandbox.places where id = 6`)).toEqual([])
  })

  test('a statement after the end of its transaction is refused', async () => {
    const tx = await db.withoutTenant(async (open) => open)
    expect(await failure(tx.query(sql`select 1`))).toMatchObject({ code: 'INTERNAL' })
  })

  test('two that lock each other out both succeed, one of them by a second try', async () => {
    let tries = 0
    const waiting: (() => void)[] = []
    const both = () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve)
        if (tries > 2 || waiting.length === 2) for (const go of waiting.splice(0)) go()
      })
    const change = (first: number, second: number) =>
      db.withoutTenant(async (tx) => {
        tries += 1
        await tx.execute(sql`update sandbox.places set size = size + 1 where id = ${first}`)
        await both()
        await tx.execute(sql`update sandbox.places set size = size + 1 where id = ${second}`)
      })
    await Promise.all([change(1, 2), change(2, 1)])
    expect(tries).toBe(3)
    expect(await query(sql`select size from sandbox.places order by id`)).toEqual([{ size: 3 }, { size: 3 }])
  })

  test('one that meets another in the catalogue succeeds by a second try', async () => {
    const grant = 'grant select on sandbox.places to public'
    await asAdmin(t.adminUrl, 'alter table sandbox.places owner to studio_app')
    const other = new Client({ connectionString: t.adminUrl })
    await other.connect()
    try {
      await other.query(`begin; ${grant}`)
      let tries = 0
      const granted = db.withoutTenant(async (tx) => {
        tries += 1
        await tx.execute(sql`grant select on sandbox.places to public`)
      })
      await until(() => isRunning(grant))
      await other.query('commit')
      await granted
      expect(tries).toBe(2)
    } finally {
      await other.end()
    }
  })
})

describe('cancel', () => {
  test('stops the statement on the server', async () => {
    const stop = new AbortController()
    const statement = sql`select pg_sleep(61)`
    const work = failure(db.withoutTenant((tx) => tx.query(statement), { signal: stop.signal }))
    await until(() => isRunning(statement.text))
    stop.abort()
    expect(await work).toMatchObject({ code: 'CANCELLED' })
    expect(await isRunning(statement.text)).toBe(false)
  })

  test('before the start runs nothing, and between statements ends the work', async () => {
    expect(
      await failure(db.withoutTenant((tx) => tx.query(sql`select 1`), { signal: AbortSignal.abort() })),
    ).toMatchObject({ code: 'CANCELLED' })

    const stop = new AbortController()
    const work = db.withoutTenant(
      async (tx) => {
        await tx.execute(sql`insert into sandbox.places values (7, 'x', 1)`)
        stop.abort()
        return 'saved'
      },
      { signal: stop.signal },
    )
    expect(await failure(work)).toMatchObject({ code: 'CANCELLED' })
    expect(await query(sql`select from sandbox.places where id = 7`)).toEqual([])
  })

  test('while waiting for a connection leaves the queue', async () => {
    const single = await connectDatabase({ appUrl: t.appUrl, adminUrl: t.adminUrl, maxConnections: 1 })
    try {
      const releases: (() => void)[] = []
      const held = single.withoutTenant(() => new Promise<void>((resolve) => releases.push(resolve)))
      await until(() => releases.length === 1)
      const stop = new AbortController()
      const waiting = failure(single.withoutTenant((tx) => tx.query(sql`select 1`), { signal: stop.signal }))
      stop.abort()
      expect(await waiting).toMatchObject({ code: 'CANCELLED' })
      for (const release of releases) release()
      await held
      expect(await single.withoutTenant((tx) => tx.query(sql`select 1 as n`))).toEqual([{ n: 1 }])
    } finally {
      await single.close()
    }
  })

  test('never hits the next statement on the connection', async () => {
    const single = await connectDatabase({ appUrl: t.appUrl, adminUrl: t.adminUrl, maxConnections: 1 })
    try {
      for (let round = 0; round < 100; round += 1) {
        const stop = new AbortController()
        const first = single
          .withoutTenant((tx) => tx.query(sql`select pg_sleep(${(round % 10) / 10_000})`), { signal: stop.signal })
          .then(
            () => 'done',
            (error: AppError) => error.code,
          )
        if (round % 3 === 0) await new Promise((resolve) => setImmediate(resolve))
        stop.abort()
        const next = single.withoutTenant((tx) => tx.query(sql`select pg_sleep(0.001), 1 as n`))
        expect(['done', 'CANCELLED']).toContain(await first)
        expect(await next).toMatchObject([{ n: 1 }])
      }
    } finally {
      await single.close()
    }
  })
})

describe('connections', () => {
  const endAll = () =>
    asAdmin(
      t.adminUrl,
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity
         where datname = current_database() and usename = 'studio_app'`,
    )

  test('that were ended while idle do not break the next requests', async () => {
    const pids = sql`select pg_backend_pid() as pid, pg_sleep(0.01)`
    const use = () => Promise.all([1, 2, 3, 4, 5].map(() => query(pids)))
    const before = (await use()).map(([row]) => row?.pid)
    await endAll()
    const after = (await use()).map(([row]) => row?.pid)
    expect(before.filter((pid) => after.includes(pid))).toEqual([])
  })

  test('that are lost in the middle are UNAVAILABLE once', async () => {
    const statement = sql`select pg_sleep(62)`
    const work = failure(db.withoutTenant((tx) => tx.query(statement)))
    const idle = failure(
      db.withoutTenant(async (tx) => {
        await until(() => isRunning(statement.text))
        await endAll()
        return tx.query(sql`select 1`)
      }),
    )
    expect(await work).toMatchObject({ code: 'UNAVAILABLE' })
    expect(await idle).toMatchObject({ code: 'UNAVAILABLE' })
    expect(await query(sql`select 1 as n`)).toEqual([{ n: 1 }])
  })

  test('that cannot be had are UNAVAILABLE', async () => {
    for (const url of [
      connectionUrl(t.appUrl, { database: 'nowhere' }),
      connectionUrl(t.appUrl, { password: 'wrong' }),
      'postgres://studio_app:x@127.0.0.1:1/postgres',
    ]) {
      expect(await failure(connectDatabase({ appUrl: url, adminUrl: url }))).toMatchObject({ code: 'UNAVAILABLE' })
    }
  })

  test('know the server’s version', () => {
    expect(db.version).toMatch(/^\d+(\.\d+)+$/)
  })
})

describe('listen', () => {
  const notify = (channel: string, payload: string) =>
    db.withoutTenant((tx) => tx.query(sql`select pg_notify(${channel}, ${payload})`))

  /** Sends until the first is heard: LISTEN is on its way when `listen` returns. */
  async function hear(heard: readonly string[], channel: string, payload: string): Promise<void> {
    await until(async () => {
      await notify(channel, payload)
      return heard.includes(payload)
    })
  }

  test('hears its channel only, in order, until it is ended', async () => {
    const heard: string[] = []
    const other: string[] = []
    const unlisten = db.listen('a "quoted" channel', (payload) => heard.push(payload))
    const stopOther = db.listen('other', (payload) => other.push(payload))
    await hear(heard, 'a "quoted" channel', 'ready')
    for (const payload of ['1', '2', '3']) await notify('a "quoted" channel', payload)
    await until(() => heard.includes('3'))
    expect(heard.filter((payload) => payload !== 'ready')).toEqual(['1', '2', '3'])

    unlisten()
    await notify('a "quoted" channel', 'after')
    await hear(other, 'other', 'still')
    expect(heard).not.toContain('after')
    stopOther()
  })

  test('what is rolled back is never heard', async () => {
    const heard: string[] = []
    const unlisten = db.listen('changes', (payload) => heard.push(payload))
    await hear(heard, 'changes', 'ready')
    const undone = db.withoutTenant(async (tx) => {
      await tx.query(sql`select pg_notify('changes', 'undone')`)
      throw new Error('undo')
    })
    await undone.catch(() => undefined)
    await hear(heard, 'changes', 'later')
    expect(heard).not.toContain('undone')
    unlisten()
  })

  test('says when it listens, also to those who come later, and never twice for one connection', async () => {
    const told: string[] = []
    const stops = [
      db.listen(
        'told',
        () => undefined,
        () => told.push('first'),
      ),
    ]
    stops.push(
      db.listen(
        'told',
        () => undefined,
        () => told.push('second'),
      ),
    )
    await until(() => told.length === 2)
    stops.push(
      db.listen(
        'told',
        () => undefined,
        () => told.push('late'),
      ),
    )
    expect(told).toEqual(['first', 'second', 'late'])
    const heard: string[] = []
    stops.push(
      db.listen(
        'other',
        (payload) => heard.push(payload),
        () => told.push('other'),
      ),
    )
    await until(() => told.includes('other'))
    // What is sent from here on is heard the first time.
    await notify('other', 'at once')
    await until(() => heard.includes('at once'))
    told.splice(0)
    await asAdmin(
      t.adminUrl,
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity
         where datname = current_database() and application_name = 'tessera-listen'`,
    )
    await until(() => told.length >= 4)
    expect(told.sort()).toEqual(['first', 'late', 'other', 'second'])
    for (const stop of stops) stop()
  })

  test('listens again after its connection was lost', async () => {
    const heard: string[] = []
    const unlisten = db.listen('changes', (payload) => heard.push(payload))
    await hear(heard, 'changes', 'before')
    const ended = await asAdmin(
      t.adminUrl,
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity
         where datname = current_database() and application_name = 'tessera-listen'`,
    )
    expect(ended).toHaveLength(1)
    await hear(heard, 'changes', 'after')
    unlisten()
  })
})

test('an identifier is quoted, never run', async () => {
  const name = 'x"; drop schema sandbox cascade; --'
  expect(await failure(query(sql`select * from ${identifier(name)}`))).toMatchObject({ code: 'INTERNAL' })
  expect(await query(sql`select id from sandbox.places where id = 1`)).toEqual([{ id: 1 }])
})
