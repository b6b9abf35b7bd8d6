import { canonicalSchema } from '@shared/domain/same-schema'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import { schemaSql } from '@shared/domain/schema-sql/migration-sql'
import { applyAll } from '@shared/domain/settle-edits'
import { usersTable } from '@shared/domain/users-table'
import { describe, expect, test } from 'vitest'
import { readDdl } from '../../../src/main/features/ddl/ddl.service'
import { readMaterial } from '../../corpora/material'

const none: DatabaseSchema = { tables: [] }
const shop: DatabaseSchema = {
  tables: [
    usersTable,
    {
      name: 'orders',
      columns: [
        { name: 'id', type: 'integer', primary_key: true },
        { name: 'code', type: 'text', unique: true },
        { name: 'total', type: 'numeric' },
      ],
    },
  ],
}

const editsOf = async (sql: string, base = shop): Promise<readonly SchemaEdit[]> => {
  const { edits, unsupported } = await readDdl(sql, base)
  expect(unsupported).toEqual([])
  return edits
}

describe('create table', () => {
  test('with every rule that is kept', async () => {
    const { edits, notes, unsupported } = await readDdl(
      `create table items (
         id uuid primary key default gen_random_uuid(),
         sku varchar(20) not null unique,
         name text default 'it''s' not null,
         price numeric(10,2) default -1.5,
         tags text[] default '{}',
         sold_at timestamp with time zone default current_timestamp,
         is_new boolean default true,
         n int default 0,
         "order" integer references orders on delete cascade,
         unique (name, price)
       )`,
      shop,
    )
    expect({ notes, unsupported }).toEqual({ notes: [], unsupported: [] })
    expect(edits).toEqual([
      {
        type: 'addTable',
        table: {
          name: 'items',
          columns: [
            { name: 'id', type: 'uuid', primary_key: true, default: 'gen_random_uuid()' },
            { name: 'sku', type: 'varchar(20)', required: true, unique: true },
            { name: 'name', type: 'text', default: "it's", required: true },
            { name: 'price', type: 'numeric(10,2)', default: '-1.5' },
            { name: 'tags', type: 'text[]', default: '{}' },
            { name: 'sold_at', type: 'timestamptz', default: 'now()' },
            { name: 'is_new', type: 'boolean', default: 'true' },
            { name: 'n', type: 'integer', default: '0' },
            { name: 'order', type: 'integer', references: { table: 'orders', column: 'id', on_delete: 'cascade' } },
          ],
          unique: [['name', 'price']],
        },
      },
    ])
  })

  test('says what it does not keep, by the line', async () => {
    const { edits, notes } = await readDdl(
      `create type mood as enum ('sad', 'ok');
create table "Order Lines" (
  "LineId" serial primary key,
  m mood,
  c char(3) check (c <> ''),
  d date default current_date + 1,
  g int generated always as (1) stored,
  exclude using gist (c with =)
);
create table plain (a json);`,
      none,
    )
    expect(notes).toEqual([
      {
        line: 2,
        sentence:
          'Table "Order Lines" is called "order_lines": names are in lower case here, of letters, digits and underscores.',
      },
      {
        line: 2,
        sentence:
          'Column "LineId" of "order_lines" is called "line_id": names are in lower case here, of letters, digits and underscores.',
      },
      {
        line: 2,
        sentence:
          'Column "line_id" of "order_lines" numbered its records by itself. Here whoever makes a record gives its number.',
      },
      { line: 2, sentence: 'The values of mood (sad, ok) are not enforced: it is text here.' },
      { line: 2, sentence: 'char(3) is kept as varchar(3): values are not filled up with blanks.' },
      {
        line: 2,
        sentence: 'The check of "order_lines" is not kept: records are held to types, required, unique and references.',
      },
      {
        line: 2,
        sentence:
          'Column "d" of "order_lines" has no default here: a default is a constant, now() or gen_random_uuid().',
      },
      {
        line: 2,
        sentence: 'Column "g" of "order_lines" was computed from other columns. Here it is a column like any other.',
      },
      { line: 2, sentence: 'The exclusion rule of "order_lines" is not kept.' },
      { line: 10, sentence: 'json is kept as jsonb.' },
    ])
    // Without a key nothing is added.
    expect(edits[1]).toEqual({
      type: 'addTable',
      table: { name: 'plain', columns: [{ name: 'a', type: 'jsonb' }], primary_key: false, timestamps: false },
    })
  })

  test('whose name is taken is refused, or takes another', async () => {
    const sql = 'create table orders (id uuid primary key); create table notes (o uuid references orders)'
    const refused = await readDdl(sql, shop)
    expect(refused.unsupported).toContainEqual({
      line: 1,
      sentence: 'There is already a table "orders". Choose another name.',
    })
    const { edits, notes } = await readDdl(sql, shop, { taken: 'rename' })
    expect(edits.map((edit) => edit.type === 'addTable' && edit.table.name)).toEqual(['orders_2', 'notes'])
    expect(edits[1]).toMatchObject({ table: { columns: [{ references: { table: 'orders_2', column: 'id' } }] } })
    expect(notes[0]?.sentence).toBe('Table "orders" is called "orders_2": there is a table "orders" already.')
    expect(await readDdl('create table if not exists orders (id int)', shop)).toMatchObject({
      edits: [],
      unsupported: [],
    })
  })

  test('refers to what comes later, and around', async () => {
    const edits = await editsOf(
      'create table a (id int primary key, b int references b); create table b (id int primary key, a int references a)',
      none,
    )
    expect(edits.map(({ type }) => type)).toEqual(['addTable', 'addTable', 'setReference'])
  })
})

describe('alter table', () => {
  test.each<[string, SchemaEdit[]]>([
    [
      'alter table orders add column note text default $$a$$',
      [{ type: 'addColumn', table: 'orders', column: { name: 'note', type: 'text', default: 'a' } }],
    ],
    [
      'alter table orders add user_id uuid references users on delete set null',
      [
        {
          type: 'addColumn',
          table: 'orders',
          column: {
            name: 'user_id',
            type: 'uuid',
            references: { table: 'users', column: 'id', on_delete: 'set_null' },
          },
        },
      ],
    ],
    [
      'alter table orders drop column total, alter code set not null',
      [
        { type: 'dropColumn', table: 'orders', column: 'total' },
        { type: 'setRequired', table: 'orders', column: 'code', required: true },
      ],
    ],
    ['alter table orders rename to sales', [{ type: 'renameTable', table: 'orders', name: 'sales' }]],
    [
      'alter table public.orders rename column code to number',
      [{ type: 'renameColumn', table: 'orders', column: 'code', name: 'number' }],
    ],
    [
      'alter table orders alter column total type numeric(12,2) using total::numeric',
      [{ type: 'changeType', table: 'orders', column: 'total', to: 'numeric(12,2)' }],
    ],
    [
      'alter table orders alter total set default 3, alter total drop default',
      [
        { type: 'setDefault', table: 'orders', column: 'total', default: '3' },
        { type: 'setDefault', table: 'orders', column: 'total', default: null },
      ],
    ],
    [
      'alter table orders drop constraint orders_code_key',
      [{ type: 'setUnique', table: 'orders', column: 'code', unique: false }],
    ],
    [
      'alter table orders add unique (code, total)',
      [{ type: 'addUnique', table: 'orders', columns: ['code', 'total'] }],
    ],
    ['create unique index on orders (total)', [{ type: 'setUnique', table: 'orders', column: 'total', unique: true }]],
    [
      "comment on table orders is 'What people buy'; comment on column orders.code is null",
      [
        { type: 'setComment', table: 'orders', comment: 'What people buy' },
        { type: 'setComment', table: 'orders', column: 'code', comment: null },
      ],
    ],
    ['drop table if exists nothing; drop table orders', [{ type: 'dropTable', table: 'orders' }]],
    ['alter table orders owner to postgres; set search_path = public; grant select on orders to public', []],
  ])('%s', async (sql, edits) => {
    expect(await editsOf(sql)).toEqual(edits)
  })

  test.each([
    [
      'alter table orders add primary key (code)',
      'The key of table "orders" cannot change: a key is chosen when a table is made.',
    ],
    ['alter table orders drop column missing', 'Table "orders" has no column "missing".'],
    ['alter table missing add a int', 'There is no table "missing".'],
    ['create view v as select 1', 'The view "v" is left out: a database here has tables. Save its query instead.'],
    [
      'create table t as select 1',
      'A table cannot be made from a query here. Make it by its columns, then insert into it.',
    ],
    [
      'alter table orders drop constraint odd',
      'There is no constraint "odd" of "orders". Unique rules are called orders_<column>_key here, references orders_<column>_fkey.',
    ],
  ])('%s cannot be', async (sql, sentence) => {
    expect(await readDdl(`\n${sql}`, shop)).toMatchObject({ edits: [], unsupported: [{ line: 2, sentence }] })
  })

  test('a new name can be used at once, and the old one again', async () => {
    const edits = await editsOf(
      'alter table orders rename to old_orders; create table orders (id uuid primary key); alter table orders add old int references old_orders',
    )
    expect(applyAll(shop, edits).tables.map(({ name }) => name)).toEqual(['users', 'old_orders', 'orders'])
  })
})

test('indexes are told, and what is no SQL says where', async () => {
  const { indexes, notes } = await readDdl(
    'create index on orders (total, code); create index on orders (lower(code))',
    shop,
  )
  expect(indexes).toEqual([{ table: 'orders', columns: ['total', 'code'] }])
  expect(notes).toHaveLength(1)
  await expect(readDdl('create table a (x int);\n\ncreate tabel b ()', shop)).rejects.toMatchObject({
    code: 'VALIDATION',
    details: { line: 3 },
  })
})

const dumps = [
  ['samples/chinook.sql', 11, 11],
  ['samples/northwind.sql', 14, 13],
  ...['academic', 'atis', 'broker', 'car_dealership', 'derm_treatment', 'ewallet'].map(
    (name) => [`text2sql/defog/databases/${name}.sql`, null, null] as const,
  ),
] as const

test.each(dumps)(
  '%s is read, written as SQL, and read again with nothing lost',
  { timeout: 60_000 },
  async (path, tables, references) => {
    const text = readMaterial(path)
    const { edits, unsupported } = await readDdl(text, none)
    expect(unsupported).toEqual([])
    const schema = applyAll(none, edits)
    if (tables !== null) expect(schema.tables).toHaveLength(tables)
    const found = schema.tables.flatMap(({ columns }) => columns.filter((column) => column.references))
    if (references !== null) expect(found).toHaveLength(references)
    expect(schema.tables.length).toBe([...text.matchAll(/^create table /gim)].length)
    const again = await readDdl(schemaSql(schema), none)
    expect({ ...again, edits: [], indexes: [] }).toEqual({ edits: [], notes: [], unsupported: [], indexes: [] })
    expect(canonicalSchema(applyAll(none, again.edits))).toEqual(canonicalSchema(schema))
  },
)
