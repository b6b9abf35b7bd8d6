import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DatabaseRow } from '../../src/main/db/database'
import { createTestProject, type TestProject } from '../helpers/test-project'

let project: TestProject
let sql: Client
let database: DatabaseRow

beforeAll(async () => {
  project = await createTestProject()
  await project.table('authors', [
    { name: 'id', type: 'integer', primary_key: true },
    { name: 'name', type: 'varchar(20)', required: true, unique: true },
  ])
  await project.table('books', [
    { name: 'title', type: 'text', required: true },
    { name: 'author_id', type: 'integer', references: { table: 'authors', column: 'id', on_delete: 'cascade' } },
    { name: 'price', type: 'numeric(10,2)', default: '1.50' },
    { name: 'tags', type: 'text[]' },
    { name: 'seen', type: 'timestamptz' },
    { name: 'meta', type: 'jsonb' },
    { name: 'big', type: 'bigint', unique: true },
    { name: 'span', type: 'interval' },
    { name: 'raw', type: 'bytea' },
    { name: 'at', type: 'time' },
  ])
  database = await project.studio.db.withDatabase(project.tenant.userId, project.databaseId, async (_, found) => found)
  sql = new Client({ connectionString: project.studio.adminUrl })
  await sql.connect()
  await sql.query(`set search_path = ${database.schema_name}`)
})

afterAll(async () => {
  await sql.end()
  await project.close()
})

test('a row goes in, comes out, changes and goes, with its types', async () => {
  await sql.query(`insert into authors values (1, 'Ada')`)
  const { rows } = await sql.query(
    `insert into books (title, author_id, tags, seen, meta, big, span, raw, at) values
     ('One', 1, '{a,"b c",null}', '2026-01-02 03:04:05.123456+02', '{"a": [1.50, null]}', 9007199254740993, '1 mon 2 days', '\\x00ff', '24:00')
     returning *, pg_typeof(price)::text as kind`,
  )
  expect(rows[0]).toMatchObject({
    title: 'One',
    price: '1.50',
    kind: 'numeric',
    big: '9007199254740993',
    tags: ['a', 'b c', null],
  })
  const read = await sql.query(`select b.*, a.name from books b join authors a on a.id = b.author_id`)
  expect(read.rows[0]).toMatchObject({ id: rows[0].id, title: 'One', name: 'Ada', at: '24:00:00' })
  await sql.query(`update books set price = price * 2, title = 'Two'`)
  expect((await sql.query('select price, title from books')).rows).toEqual([{ price: '3.00', title: 'Two' }])
  const log = await sql.query(
    `select op, revision, before, after from studio.changes where table_id = (select id from studio.project_tables where table_name = 'books') and op <> 'schema' order by id`,
  )
  expect(log.rows).toEqual([
    expect.objectContaining({ op: 'insert', revision: 1, after: expect.objectContaining({ big: '9007199254740993' }) }),
    expect.objectContaining({
      op: 'update',
      revision: 2,
      before: expect.objectContaining({ price: '1.50', title: 'One' }),
      after: expect.objectContaining({ price: '3.00', title: 'Two' }),
    }),
  ])
  await sql.query('delete from authors')
  expect((await sql.query('select count(*)::int as n from books')).rows).toEqual([{ n: 0 }])
})

test('a broken rule says which', async () => {
  await sql.query(`insert into authors values (7, 'Grace')`)
  const refusal = async (text: string) =>
    sql.query(text).then(
      () => null,
      (error: { code: string; message: string; detail: string }) => ({ code: error.code, message: error.message }),
    )
  expect(await refusal(`insert into authors values (8, 'Grace')`)).toEqual({
    code: '23505',
    message: 'There is already a record with "name" "Grace" in table "authors". Choose another value.',
  })
  expect(await refusal(`insert into authors values (7, 'Else')`)).toMatchObject({ code: '23505' })
  expect(await refusal(`insert into authors (id) values (9)`)).toMatchObject({ code: '23502' })
  expect(await refusal(`insert into authors values (9, 'A name of more than twenty characters')`)).toMatchObject({
    code: '22001',
  })
  expect(await refusal(`insert into books (title, author_id) values ('x', 99)`)).toMatchObject({ code: '23503' })
  expect(await refusal(`insert into books (title, seen) values ('x', 'infinity')`)).toMatchObject({ code: '22008' })
  await sql.query(`insert into books (title, author_id, big) values ('x', 7, 1)`)
  expect(await refusal(`update authors set id = 70 where id = 7`)).toMatchObject({ code: '23503' })
  expect(await refusal(`insert into books (title, big) values ('y', 1)`)).toMatchObject({ code: '23505' })
})

test('password hashes are neither read nor written in the clear', async () => {
  await expect(
    sql.query(`insert into users (email, password_hash) values ('a@example.org', 'secret')`),
  ).rejects.toThrow('bcrypt')
  const hash = `$2b$10$${'a'.repeat(53)}`
  const { rows } = await sql.query(
    `insert into users (email, password_hash) values ('a@example.org', $1) returning *`,
    [hash],
  )
  expect(rows[0].password_hash).toBeNull()
  await sql.query(`update users set full_name = 'Ada'`)
  const stored = await sql.query(
    `select data ->> 'password_hash' as hash, data ->> 'full_name' as name from studio.project_data where data ? 'email'`,
  )
  expect(stored.rows).toEqual([{ hash, name: 'Ada' }])
})
