import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatabaseRow } from '../../src/main/db/database'
import { makeDedicated } from '../helpers/dedicated'
import { createTestProject, type TestProject } from '../helpers/test-project'

const psql = '/usr/lib/postgresql/15/bin/psql'
const columns = {
  authors: [
    { name: 'id', type: 'integer', primary_key: true },
    { name: 'name', type: 'text', required: true, unique: true },
  ],
  books: [
    { name: 'title', type: 'text', required: true },
    { name: 'author', type: 'text', references: { table: 'authors', column: 'name', on_delete: 'set_null' } },
    { name: 'part_of', type: 'uuid', references: { table: 'books', column: 'id', on_delete: 'cascade' } },
    { name: 'n', type: 'integer', default: '0' },
  ],
  loans: [
    {
      name: 'book',
      type: 'uuid',
      primary_key: true,
      references: { table: 'books', column: 'id', on_delete: 'restrict' },
    },
    { name: 'day', type: 'date', primary_key: true },
    { name: 'fee', type: 'numeric(8,3)' },
  ],
  notes: [{ name: 'line', type: 'text' }],
} as const

/** Which tables are dedicated: none, all, or one side of each reference. */
const layouts = {
  shared: [],
  dedicated: ['authors', 'books', 'loans', 'notes'],
  // As on Citus: the project leads every key of the relations.
  'tenant-keyed': ['authors', 'books', 'loans', 'notes'],
  'shared parents': ['loans', 'notes'],
  'dedicated parents': ['authors', 'books'],
} as const

describe.each(Object.entries(layouts))('%s', (layout, dedicated) => {
  let project: TestProject
  let database: DatabaseRow
  let sql: Client
  const other = () => connect(project, database)

  beforeAll(async () => {
    project = await createTestProject()
    for (const [name, list] of Object.entries(columns))
      await project.table(name, list, name === 'notes' ? { primary_key: false, timestamps: false } : {})
    database = await project.studio.db.withDatabase(
      project.tenant.userId,
      project.databaseId,
      async (_, found) => found,
    )
    const distributed = layout === 'tenant-keyed'
    for (const name of dedicated)
      await makeDedicated(project.studio, project.tenant.userId, project.databaseId, name, { distributed })
    sql = await connect(project, database)
  })

  afterAll(async () => {
    await sql.end()
    await project.close()
  })

  test('references follow their rules, through any number of tables', async () => {
    await sql.query(`insert into authors values (1, 'Ada'), (2, 'Grace')`)
    const [book] = (await sql.query(`insert into books (title, author) values ('One', 'Ada') returning id`)).rows
    const [part] = (
      await sql.query(`insert into books (title, author, part_of) values ('Two', 'Grace', $1) returning id`, [book.id])
    ).rows
    await sql.query(`insert into loans values ($1, '2026-01-01', 1.5)`, [part.id])
    expect(await failure(sql, `insert into books (title, author) values ('x', 'Nobody')`)).toMatchObject({
      code: '23503',
      facts: { table: 'books', column: 'author', constraint: 'reference', value: 'Nobody' },
    })
    expect(await failure(sql, `insert into loans values (gen_random_uuid(), '2026-01-01')`)).toMatchObject({
      code: '23503',
    })
    expect(await failure(sql, `update authors set name = 'Countess' where id = 1`)).toMatchObject({
      code: '23503',
      facts: { table: 'books', column: 'author', constraint: 'reference', value: 'Ada' },
    })
    // The cascade from book to part meets the loan, which forbids it; all of it stays.
    expect(await failure(sql, `delete from books where title = 'One'`)).toMatchObject({
      code: '23503',
      facts: { table: 'loans' },
    })
    expect((await sql.query('select count(*)::int as n from books')).rows).toEqual([{ n: 2 }])
    await sql.query(`delete from authors where id = 1`)
    expect((await sql.query(`select author from books where title = 'One'`)).rows).toEqual([{ author: null }])
    await sql.query('delete from loans')
    await sql.query(`delete from books where title = 'One'`)
    expect((await sql.query('select count(*)::int as n from books')).rows).toEqual([{ n: 0 }])
    await sql.query('delete from authors')
  })

  test('a key of several columns finds, forbids and moves its record', async () => {
    const [book] = (await sql.query(`insert into books (title) values ('Lent') returning id`)).rows
    await sql.query(`insert into loans values ($1, '2026-01-01', 1), ($1, '2026-01-02', 2)`, [book.id])
    expect(await failure(sql, `insert into loans values ('${book.id}', '2026-01-02', 3)`)).toMatchObject({
      code: '23505',
      facts: { columns: ['book', 'day'], constraint: 'unique', value: [book.id, '2026-01-02'] },
    })
    await sql.query(`update loans set day = day + 10, fee = fee * 1.5 where day = '2026-01-02'`)
    expect((await sql.query(`select day::text, fee from loans order by day`)).rows).toEqual([
      { day: '2026-01-01', fee: '1.000' },
      { day: '2026-01-12', fee: '3.000' },
    ])
    await sql.query(`insert into loans values ($1, '2026-01-02', 9)`, [book.id])
    await sql.query(`delete from loans where fee > 2`)
    expect((await sql.query('select count(*)::int as n from loans')).rows).toEqual([{ n: 1 }])
    await sql.query('delete from loans')
    await sql.query('delete from books')
  })

  test('without a key, equal rows are told apart one by one', async () => {
    await sql.query(`insert into notes values ('a'), ('a'), (null), ('b')`)
    await sql.query(`update notes set line = line || '!' where line = 'a'`)
    expect((await sql.query(`select line from notes order by line nulls last`)).rows.map(({ line }) => line)).toEqual([
      'a!',
      'a!',
      'b',
      null,
    ])
    expect((await sql.query(`delete from notes where line is null or line = 'a!'`)).rowCount).toBe(3)
    await sql.query('delete from notes')
  })

  test('what is left out takes its default, and NULL is NULL', async () => {
    const { rows } = await sql.query(
      `insert into books (title, n) values ('a', default), ('b', null), ('c', 3) returning n, created_at is not null as made`,
    )
    expect(rows).toEqual([
      { n: 0, made: true },
      { n: null, made: true },
      { n: 3, made: true },
    ])
    const before = await sql.query(`select updated_at from books where title = 'a'`)
    await sql.query(`update books set n = 1 where title = 'a'`)
    const after = await sql.query(`select updated_at from books where title = 'a'`)
    expect(after.rows[0].updated_at.getTime()).toBeGreaterThan(before.rows[0].updated_at.getTime())
    await sql.query('delete from books')
  })

  test('two writers of one record: none is lost', async () => {
    await sql.query(`insert into books (title, n) values ('counter', 0)`)
    const [one, two] = [await other(), await other()]
    try {
      await one.query('begin')
      await one.query(`update books set n = n + 1`)
      const second = failure(two, `update books set n = n + 1`)
      await new Promise((resolve) => setTimeout(resolve, 50))
      await one.query('commit')
      // Its n + 1 was computed from the old n.
      expect(await second).toMatchObject({ code: '40001' })
      await two.query(`update books set n = n + 1`)
      expect((await sql.query('select n from books')).rows).toEqual([{ n: 2 }])
    } finally {
      await Promise.all([one.end(), two.end()])
    }
    await sql.query('delete from books')
  })

  test('a target cannot go while it is being pointed to, nor be pointed to while it goes', async () => {
    await sql.query(`insert into authors values (5, 'Edsger')`)
    const [one, two] = [await other(), await other()]
    try {
      await one.query('begin')
      await one.query(`insert into books (title, author) values ('Structured', 'Edsger')`)
      const gone = two.query(`delete from authors where id = 5`)
      await new Promise((resolve) => setTimeout(resolve, 50))
      await one.query('commit')
      await gone
      expect((await sql.query('select author from books')).rows).toEqual([{ author: null }])

      await sql.query(`insert into authors values (6, 'Barbara')`)
      await one.query('begin')
      await one.query(`delete from authors where id = 6`)
      const pointing = failure(two, `insert into books (title, author) values ('CLU', 'Barbara')`)
      await new Promise((resolve) => setTimeout(resolve, 50))
      await one.query('commit')
      expect(await pointing).toMatchObject({ code: '23503' })
    } finally {
      await Promise.all([one.end(), two.end()])
    }
    await sql.query('delete from books')
    await sql.query('delete from authors')
  })

  test('two writers of one unique value: one of them has it', async () => {
    const [one, two] = [await other(), await other()]
    try {
      await one.query('begin')
      await one.query(`insert into authors values (10, 'Same')`)
      const second = failure(two, `insert into authors values (11, 'Same')`)
      await new Promise((resolve) => setTimeout(resolve, 50))
      await one.query('commit')
      expect(await second).toMatchObject({ code: '23505', facts: { column: 'name', value: 'Same' } })
    } finally {
      await Promise.all([one.end(), two.end()])
    }
    await sql.query('delete from authors')
  })

  test('every write is in the log, with the record before and after', async () => {
    const since = (await sql.query('select coalesce(max(id), 0) as id from studio.changes')).rows[0].id
    await sql.query(`insert into authors values (20, 'Tony')`)
    await sql.query(`update authors set name = 'Antony'`)
    await sql.query(`delete from authors`)
    const log = await sql.query(`select op, revision, before, after from studio.changes where id > $1 order by id`, [
      since,
    ])
    expect(log.rows).toEqual([
      { op: 'insert', revision: 1, before: null, after: { id: 20, name: 'Tony' } },
      { op: 'update', revision: 2, before: { name: 'Tony' }, after: { name: 'Antony' } },
      { op: 'delete', revision: 2, before: { id: 20, name: 'Antony' }, after: null },
    ])
  })

  test.runIf(existsSync(psql))('copy goes by the same rules', async () => {
    const copy = async (lines: string) => {
      const run = promisify(execFile)(psql, [
        project.studio.adminUrl,
        '-v',
        'ON_ERROR_STOP=1',
        '-c',
        `copy ${database.schema_name}.authors from stdin`,
      ])
      run.child.stdin?.end(lines)
      return run.then(
        () => 'done',
        (error: { stderr: string }) => error.stderr,
      )
    }
    expect(await copy('30\tAlan\n31\tAlonzo\n')).toBe('done')
    expect(await copy('32\tKurt\n33\tAlan\n')).toContain('There is already a record with "name" "Alan"')
    expect((await sql.query('select id from authors order by id')).rows).toEqual([{ id: 30 }, { id: 31 }])
    await sql.query('delete from authors')
  })
})

async function connect({ studio }: TestProject, { schema_name }: DatabaseRow): Promise<Client> {
  const client = new Client({ connectionString: studio.adminUrl, options: `-c search_path=${schema_name}` })
  await client.connect()
  return client
}

async function failure(client: Client, text: string): Promise<{ code: string; facts: unknown } | null> {
  return client.query(text).then(
    () => null,
    (error: { code: string; message: string; detail?: string }) => ({
      code: error.code,
      message: error.message,
      facts: error.detail?.startsWith('{') ? JSON.parse(error.detail) : (error.detail ?? null),
    }),
  )
}
