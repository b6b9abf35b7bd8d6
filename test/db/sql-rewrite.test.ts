import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase } from '../helpers/database'
import { createTestProject, type TestProject } from '../helpers/test-project'
import { failureOf } from '../helpers/test-studio'

/** Each query runs on plain tables and on the views of a logical database; both must give the same rows. */
let project: TestProject
let plain: Client
let drop: () => Promise<void>

const key = { primary_key: true, required: true }

beforeAll(async () => {
  project = await createTestProject()
  const more = { timestamps: false }
  await project.table(
    'customers',
    [
      { name: 'id', type: 'integer', ...key },
      { name: 'name', type: 'text' },
      { name: 'country', type: 'text' },
      { name: 'tags', type: 'jsonb' },
    ],
    more,
  )
  await project.table(
    'order',
    [
      { name: 'id', type: 'integer', ...key },
      { name: 'customer_id', type: 'integer' },
      { name: 'total', type: 'numeric' },
    ],
    more,
  )
  await project.table(
    'order_line',
    [
      { name: 'order_id', type: 'integer', ...key },
      { name: 'line', type: 'integer', ...key },
      { name: 'product', type: 'text' },
      { name: 'price', type: 'numeric' },
    ],
    more,
  )
  await project.table(
    'user',
    [
      { name: 'id', type: 'integer', ...key },
      { name: 'name', type: 'text' },
    ],
    more,
  )
  await project.table(
    'group',
    [
      { name: 'id', type: 'integer', ...key },
      { name: 'user', type: 'integer' },
    ],
    more,
  )
  const database = await createDatabase(`plain_${process.pid}_rewrite`)
  drop = database.drop
  plain = new Client({ connectionString: database.url })
  await plain.connect()
  await plain.query(`
    create table customers (id integer primary key, name text, country text, tags jsonb);
    create table "order" (id integer primary key, customer_id integer, total numeric);
    create table order_line (order_id integer, line integer, product text, price numeric, primary key (order_id, line));
    create table "user" (id integer primary key, name text);
    create table "group" (id integer primary key, "user" integer)`)
  for (const statement of data) {
    await plain.query(statement)
    await run(statement)
  }
})
afterAll(async () => {
  await plain?.end()
  await drop?.()
  await project.close()
})

const data = [
  `insert into customers values (1, 'Ada', 'GB', '{"a": 1}'), (2, 'Bob', 'US', null), (3, 'Cyd', 'US', '[1]')`,
  `insert into "order" values (1, 1, 10.5), (2, 1, 20), (3, 2, 5), (4, null, 1)`,
  `insert into order_line values (1, 1, 'pen', 1.5), (1, 2, 'ink', 9), (2, 1, 'pen', 20), (3, 1, 'cap', 5)`,
  `insert into "user" values (1, 'root'), (2, 'guest')`,
  `insert into "group" values (1, 1), (2, 1), (3, 2)`,
]

async function run(query: string) {
  const { results } = await project.tenant.client.sql.run({ databaseId: project.databaseId, query })
  return results.at(-1)?.rows ?? []
}

/** The plain rows in the same JSON: numbers that are text there are text here. */
async function plainRows(query: string): Promise<unknown[][]> {
  const { rows } = await plain.query({ text: query, rowMode: 'array' })
  return JSON.parse(JSON.stringify(rows))
}

/** Rows of a query without ORDER BY come in any order. */
function sorted(rows: readonly unknown[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort()
}

describe('a query that groups by a key may use all columns of its table', () => {
  test.each([
    'select c.name, count(*) from customers c group by c.id order by c.id',
    'select c.* from customers c group by c.id order by 1',
    'select * from customers group by id order by id',
    'select name, country, tags from customers group by customers.id order by customers.name',
    'select c.id as key, c.name from customers c group by key order by key',
    'select c.id, c.name from customers c group by 1 order by 1',
    'select c.name, sum(o.total) from customers c join "order" o on o.customer_id = c.id group by c.id order by c.name',
    `select c.name, count(o.id) from customers c left join "order" o on o.customer_id = c.id group by c.id
       having c.country = 'US' order by c.country, c.name desc`,
    `select upper(c.name) || c.country, max(o.total) filter (where o.total > 1) from customers c, "order" o
       where o.customer_id = c.id group by c.id, c.country order by 1`,
    'select l.product, l.price, count(*) from order_line l group by l.line, l.order_id order by l.order_id, l.line',
    `select o.id, o.total, c.name, c.country from "order" o join customers c on c.id = o.customer_id
       group by o.id, c.id order by o.id`,
    `with big as (select o.customer_id, o.total, count(*) as lines from "order" o
       join order_line l on l.order_id = o.id group by o.id)
     select * from big order by total`,
    `select name, (select sum(o.total) from "order" o where o.customer_id = c.id) from customers c group by c.id order by 1`,
    'select x.name from (select c.name, c.country from customers c group by c.id) x order by x.name',
    `select c.name from customers c group by c.id union all select u.name from "user" u group by u.id order by 1`,
    `select c.name, row_number() over (order by c.country, c.name) from customers c group by c.id order by 2`,
    `select case when count(*) > 1 then c.name else c.country end from customers c
       join "order" o on o.customer_id = c.id group by c.id order by 1`,
    `select c.name, json_agg(o.total order by o.total) from customers c join "order" o on o.customer_id = c.id
       group by (c.id) order by c.id`,
    `select id, c.name, n.note from customers c join (values (1, 'one'), (2, 'two')) n (id, note) using (id)
       group by id, n.note order by id`,
    `select distinct c.country from customers c group by c.id order by 1`,
    `select a.name, b.name from customers a join customers b on a.country = b.country group by a.id, b.id order by 1, 2`,
    `select c.name from public_customers c where c.id in (select o.customer_id from "order" o group by o.id) order by 1`.replace(
      'public_customers',
      'customers',
    ),
    `select c.name /* the (c.id) is the key */, 'group by c.id' from customers c group by c.id order by 1 -- é`,
    `select 'é😀', c.name from customers c group by c.id order by 2`,
  ])('%s', async (query) => {
    expect(await run(query)).toEqual(await plainRows(query))
  })

  test('and in a statement that writes', async () => {
    const query = `insert into "user" select c.id + 10, c.name from customers c
      join "order" o on o.customer_id = c.id group by c.id returning id, name`
    expect(sorted(await run(query))).toEqual(sorted(await plainRows(query)))
  })

  test.each([
    'select c.name from customers c group by c.country',
    'select l.product from order_line l group by l.order_id',
    'select o.total from customers c join "order" o on o.customer_id = c.id group by c.id',
    'select c.name from customers c group by rollup (c.id)',
    'with customers as (select 1 as id, 2 as name) select name from customers group by id',
    'select x.name from (select * from customers) x group by x.id',
    'select c.name from customers c group by c.id + 0',
  ])('what plain tables refuse is refused: %s', async (query) => {
    await expect(plainRows(query)).rejects.toThrow(/must appear in the GROUP BY clause/)
    expect(await failureOf(run(query))).toMatchObject({
      code: 'VALIDATION',
      message: expect.stringContaining('must appear in the GROUP BY clause'),
      data: { position: expect.any(Number) },
    })
  })

  test('places in a failure are those of the text as it was written', async () => {
    const query = 'select c.name, c.nmae from customers c group by c.id'
    expect(await failureOf(run(query))).toMatchObject({ data: { position: query.indexOf('c.nmae') + 1 } })
    const later = 'select c.name, o.total from customers c join "order" o on true group by c.id'
    expect(await failureOf(run(later))).toMatchObject({ data: { position: later.indexOf('o.total') + 1 } })
  })
})

describe('tables whose names are words of SQL', () => {
  test.each([
    ['select * from user', 'select * from "user"'],
    ['select u.name from user u order by u.id', 'select u.name from "user" u order by u.id'],
    ['select user.name from user order by user.id', 'select "user".name from "user" order by "user".id'],
    ['select User.name from USER', 'select "user".name from "user"'],
    ['select count(*) from user, customers', 'select count(*) from "user", customers'],
    ['select * from order', 'select * from "order"'],
    ['select order.total from order order by order.id', 'select "order".total from "order" order by "order".id'],
    [
      'select count(*) from customers c join order o on o.customer_id = c.id left join group g on g.id = c.id',
      'select count(*) from customers c join "order" o on o.customer_id = c.id left join "group" g on g.id = c.id',
    ],
    [
      'select group.id from group group by group.id order by 1',
      'select "group".id from "group" group by "group".id order by 1',
    ],
    [
      'select (select count(*) from order) as n, name from user',
      'select (select count(*) from "order") as n, name from "user"',
    ],
    [
      'with o as (select * from order) select sum(total) from o',
      'with o as (select * from "order") select sum(total) from o',
    ],
    ["select 'from order', name from user", `select 'from order', name from "user"`],
    ['insert into group values (9, 9) returning *', 'insert into "group" values (9, 9) returning *'],
    ['update order set total = 7 where id = 4 returning *', 'update "order" set total = 7 where id = 4 returning *'],
    ['delete from group where id = 9 returning id', 'delete from "group" where id = 9 returning id'],
  ])('%s', async (query, quoted) => {
    expect(sorted(await run(query))).toEqual(sorted(await plainRows(quoted)))
  })

  test('a value of Postgres with such a name is never answered as if it were a table', async () => {
    const empty = await createTestProject('bare@example.org')
    try {
      const call = (query: string) => empty.tenant.client.sql.run({ databaseId: empty.databaseId, query })
      for (const query of ['select * from user', 'select * from user u', 'select 1 from users, current_user'])
        expect(await failureOf(call(query))).toMatchObject({
          code: 'VALIDATION',
          message: expect.stringMatching(/is a value of Postgres and not a table/),
          data: { statement: 1, position: query.search(/user\b|current_user/) + 1 },
        })
      expect((await failureOf(call('select * from user'))).message).toContain('Did you mean "users"?')
      expect(await failureOf(call('select * from order'))).toMatchObject({
        code: 'VALIDATION',
        message: 'Syntax error at or near "order". "order" is a word of SQL: as a name, write it in double quotes.',
      })
    } finally {
      await empty.close()
    }
  })

  test('outside of FROM, user is who is logged in', async () => {
    expect(await run('select user = current_user')).toEqual([[true]])
  })
})
