import { applyEdit } from '@shared/domain/apply-edit'
import type { DatabaseSchema } from '@shared/domain/schema-edit'
import { usersTable } from '@shared/domain/users-table'
import type { JsonValue } from '@shared/json'
import { expect, test } from 'vitest'
import { readJsonAnswer } from '../../../src/main/features/assistant/schema/answer-text'
import type { DraftBase } from '../../../src/main/features/assistant/schema/draft-play'
import { readSchemaAnswer } from '../../../src/main/features/assistant/schema/read-answer'

const empty: DraftBase = { schema: { tables: [usersTable] }, real: new Set(['users']), mayDrop: false }

function read(value: JsonValue, base: DraftBase = empty) {
  const answer = readSchemaAnswer(value, base)
  // Whatever came, the edits make the draft out of the base.
  expect(answer.edits.reduce(applyEdit, base.schema)).toEqual(answer.draft)
  return answer
}
const table = (answer: { draft: DatabaseSchema }, name: string) =>
  answer.draft.tables.find((each) => each.name === name)
const column = (answer: { draft: DatabaseSchema }, at: string) => {
  const [name = '', field] = at.split('.')
  return table(answer, name)?.columns.find((each) => each.name === field)
}

const blog = {
  tables: [
    {
      name: 'comments',
      columns: [
        { name: 'body', type: 'text', required: true },
        {
          name: 'post_id',
          type: 'uuid',
          required: true,
          references: { table: 'posts', column: 'id', on_delete: 'cascade' },
        },
      ],
    },
    {
      name: 'posts',
      columns: [
        { name: 'title', type: 'text', required: true },
        { name: 'author_id', type: 'uuid', references: { table: 'users', column: 'id' } },
      ],
    },
  ],
}

test('the form of the planning document: every table has its key and its times, parents come first', () => {
  const { edits, problems, doubts, draft } = read(blog)
  expect(edits.map((edit) => (edit.type === 'addTable' ? edit.table.name : edit.type))).toEqual(['posts', 'comments'])
  expect([problems, doubts]).toEqual([[], []])
  expect(draft.tables[1]?.columns.map(({ name }) => name)).toEqual([
    'id',
    'title',
    'author_id',
    'created_at',
    'updated_at',
  ])
  expect(column(read(blog), 'comments.post_id')?.references).toEqual({
    table: 'posts',
    column: 'id',
    on_delete: 'cascade',
  })
})

test.each([
  ['as it is', JSON.stringify(blog)],
  ['in a fence', `Here you are:\n\`\`\`json\n${JSON.stringify(blog, null, 2)}\n\`\`\`\nAnything else?`],
  ['in a fence that is not closed', `\`\`\`\n${JSON.stringify(blog)}`],
  ['between words', `Sure. ${JSON.stringify(blog)} That is all.`],
  [
    'with comments and commas',
    `{"tables": [ // all of them\n ${blog.tables.map((each) => JSON.stringify(each)).join(',')}, /* end */ ],}`,
  ],
  ['as a bare list', JSON.stringify(blog.tables)],
  ['as a map', JSON.stringify({ tables: { posts: blog.tables[1], comments: blog.tables[0] } })],
  ['inside another object', JSON.stringify({ schema: blog })],
  ['as edits', JSON.stringify({ edits: blog.tables.map((each) => ({ type: 'addTable', table: each })) })],
  [
    'as edits of another dialect',
    JSON.stringify({ changes: blog.tables.map((each) => ({ op: 'create_table', ...each })) }),
  ],
])('the same answer %s', (_, text) => {
  const json = readJsonAnswer(text)
  if (!json.ok) throw new Error(json.reason)
  expect(read(json.value).draft).toEqual({ tables: [usersTable, ...read(blog).draft.tables.slice(1)] })
})

test.each([
  ['no JSON', 'I cannot do that.', 'holds no JSON'],
  ['a cut answer', '{"tables": [{"name": "posts", "columns": [{"na', 'is cut off before its JSON ends'],
  ['a broken one', '{"tables": [}', 'is cut off before its JSON ends'],
  ['one with words in it', '{"tables": yes please}', 'holds JSON that cannot be read'],
  [
    'one nested too deeply',
    `${'['.repeat(600)}${']'.repeat(600)}`,
    'is nested more than 500 levels deep, or holds what JSON cannot',
  ],
])('%s is told apart', (_, text, reason) => {
  expect(readJsonAnswer(text)).toEqual({ ok: false, reason })
})

const one = (name: string, ...columns: JsonValue[]): JsonValue => ({ tables: [{ name, columns }] })

test.each([
  ['varchar(40)', 'varchar(40)'],
  ['VARCHAR', 'varchar'],
  ['character varying(5)', 'varchar(5)'],
  ['int4', 'integer'],
  ['INT', 'integer'],
  ['bigint unsigned', 'bigint'],
  ['datetime', 'timestamptz'],
  ['timestamp with time zone', 'timestamptz'],
  ['timestamp without time zone', 'timestamp'],
  ['TIMESTAMP(6)', 'timestamptz'],
  ['serial', 'integer'],
  ['decimal(10, 2)', 'numeric(10,2)'],
  ['money', 'numeric(12,2)'],
  ['double precision', 'double'],
  ['float', 'double'],
  ['string', 'text'],
  ['bool', 'boolean'],
  ['tinyint(1)', 'boolean'],
  ['json', 'jsonb'],
  ['blob', 'bytea'],
  ["enum('a','b')", 'text'],
  ['text[]', 'text[]'],
  ['array<string>', 'text[]'],
  ['TEXT NOT NULL', 'text'],
  ['nvarchar(max)', 'text'],
])('the type %s is %s', (written, type) => {
  const answer = read(one('things', { name: 'a', type: written }))
  expect(column(answer, 'things.a')?.type).toBe(type)
  expect(answer.problems).toEqual([])
})

interface Fault {
  readonly name: string
  readonly answer: JsonValue
  readonly base?: DraftBase
  /** What is said about it. */
  readonly said: string
  readonly check?: (answer: ReturnType<typeof read>) => void
}

const shop: DatabaseSchema = read({
  tables: [
    {
      name: 'customers',
      columns: [
        { name: 'name', type: 'text' },
        { name: 'street', type: 'text' },
        { name: 'city', type: 'text' },
      ],
    },
    {
      name: 'orders',
      columns: [
        { name: 'customer_id', type: 'uuid', references: { table: 'customers', column: 'id' } },
        { name: 'total', type: 'numeric(12,2)' },
      ],
    },
  ],
}).draft
const realShop: DraftBase = { schema: shop, real: new Set(shop.tables.map(({ name }) => name)), mayDrop: false }
const draftShop: DraftBase = { schema: shop, real: new Set(['users']), mayDrop: true }

const faults: readonly Fault[] = [
  {
    name: 'names in camelCase',
    answer: one('OrderItems', { name: 'unitPrice', type: 'numeric' }),
    said: 'Renamed "OrderItems" to order_items: names of tables are in snake_case, and no words of SQL.',
    check: (answer) => expect(column(answer, 'order_items.unit_price')).toBeDefined(),
  },
  {
    name: 'a table that is a word of SQL',
    answer: one('order', { name: 'total', type: 'integer' }),
    said: 'Renamed "order" to orders: names of tables are in snake_case, and no words of SQL.',
  },
  {
    name: 'a column that is a word of SQL',
    answer: one('steps', { name: 'order', type: 'integer' }),
    said: 'Renamed order to position: names are in snake_case, and no words of SQL.',
  },
  {
    name: 'letters with accents',
    answer: one('Größen', { name: 'Länge', type: 'integer' }),
    said: 'Renamed "Größen" to grossen: names of tables are in snake_case, and no words of SQL.',
    check: (answer) => expect(column(answer, 'grossen.lange')).toBeDefined(),
  },
  {
    name: 'a name without a letter',
    answer: one('123_!?', { name: 'a', type: 'text' }),
    said: 'A table is named "123_!?", which holds no letter.',
  },
  {
    name: 'a column name without a letter',
    answer: one('things', { name: '!!', type: 'text' }),
    said: 'Table "things" has a column named "!!", which holds no letter.',
  },
  {
    name: 'no key and no times',
    answer: one('things', { name: 'a', type: 'text' }),
    said: 'Added things.id, things.created_at and things.updated_at.',
  },
  {
    name: 'a numbered key',
    answer: one('things', { name: 'thing_id', type: 'serial', primary_key: true }, { name: 'a', type: 'text' }),
    said: 'The key of each table is "id", a uuid; it replaces things.thing_id.',
    check: (answer) => expect(table(answer, 'things')?.columns.map(({ name }) => name)).not.toContain('thing_id'),
  },
  {
    name: 'a key of several columns',
    answer: {
      tables: [
        {
          name: 'likes',
          columns: [
            { name: 'post', type: 'text' },
            { name: 'who', type: 'text' },
          ],
          primary_key: ['post', 'who'],
        },
      ],
    },
    said: 'Added likes.id, likes.created_at and likes.updated_at.',
    check: (answer) => expect(table(answer, 'likes')?.unique).toEqual([['post', 'who']]),
  },
  {
    name: 'a key with a meaning',
    answer: one('countries', { name: 'code', type: 'text', primary_key: true }),
    said: 'Added countries.id, countries.created_at and countries.updated_at.',
    check: (answer) => expect(column(answer, 'countries.code')).toMatchObject({ unique: true, required: true }),
  },
  {
    name: 'a reference to what is not there',
    answer: one('things', { name: 'maker_id', type: 'uuid', references: { table: 'makers', column: 'id' } }),
    said: 'Column "maker_id" of table "things" references "makers", but there is no such table.',
    check: (answer) => expect(column(answer, 'things.maker_id')?.references).toBeUndefined(),
  },
  {
    name: 'a reference without its suffix',
    answer: one('things', { name: 'owner', type: 'uuid', references: { table: 'users', column: 'id' } }),
    said: 'References end in _id: things.owner is owner_id.',
    check: (answer) => expect(column(answer, 'things.owner_id')?.references?.table).toBe('users'),
  },
  {
    name: 'a reference of the wrong type',
    answer: one('things', { name: 'owner_id', type: 'integer', references: { table: 'users', column: 'id' } }),
    said: 'Given the type of what they reference: things.owner_id is uuid.',
  },
  {
    name: 'a reference that is not said',
    answer: one('things', { name: 'user_id', type: 'uuid' }),
    said: 'Understood as references, by their names: things.user_id.',
    check: (answer) => expect(column(answer, 'things.user_id')?.references?.table).toBe('users'),
  },
  {
    name: 'a reference to the singular',
    answer: one('things', { name: 'user_id', type: 'uuid', references: { table: 'User', column: 'id' } }),
    said: 'Added things.id, things.created_at and things.updated_at.',
    check: (answer) => expect(column(answer, 'things.user_id')?.references?.table).toBe('users'),
  },
  {
    name: 'a circle of references',
    answer: {
      tables: [
        {
          name: 'teams',
          columns: [{ name: 'lead_id', type: 'uuid', required: true, references: { table: 'members', column: 'id' } }],
        },
        {
          name: 'members',
          columns: [{ name: 'team_id', type: 'uuid', required: true, references: { table: 'teams', column: 'id' } }],
        },
      ],
    },
    said: 'Set last, and not required, because these tables reference each other in a circle: teams.lead_id.',
    check: (answer) =>
      expect([
        column(answer, 'teams.lead_id')?.references?.table,
        column(answer, 'members.team_id')?.references?.table,
      ]).toEqual(['members', 'teams']),
  },
  {
    name: 'set_null on what is required',
    answer: one('things', {
      name: 'user_id',
      type: 'uuid',
      required: true,
      references: { table: 'users', column: 'id', on_delete: 'SET NULL' },
    }),
    said: 'A required column cannot become NULL when what it references is deleted, so that is refused: things.user_id.',
  },
  {
    name: 'a column that is there twice',
    answer: one('things', { name: 'a', type: 'text' }, { name: 'A', type: 'integer' }),
    said: 'Named twice and taken once: things.a.',
    check: (answer) => expect(column(answer, 'things.a')?.type).toBe('text'),
  },
  {
    name: 'a table that is there twice',
    answer: {
      tables: [
        { name: 'things', columns: [{ name: 'a', type: 'text' }] },
        { name: 'Things', columns: [{ name: 'b', type: 'text' }] },
      ],
    },
    said: 'Described twice and taken once: things.',
  },
  {
    name: 'a type that does not exist',
    answer: one('things', { name: 'place', type: 'geometry(point)' }),
    said: 'Column "place" of table "things" has the type "geometry(point)", which does not exist.',
    check: (answer) => expect(column(answer, 'things.place')?.type).toBe('text'),
  },
  {
    name: 'a default that does not fit',
    answer: one('things', { name: 'n', type: 'integer', default: 'many' }),
    said: 'Left out a default that does not fit its type: things.n.',
    check: (answer) => expect(column(answer, 'things.n')).not.toHaveProperty('default'),
  },
  { name: 'a table without columns', answer: one('things'), said: 'Table "things" has no columns.' },
  {
    name: 'a table without a name',
    answer: { tables: [{ columns: [] }] },
    said: 'A table has no name: {"columns":[]}.',
  },
  {
    name: 'a column that is a number',
    answer: one('things', 5, { name: 'a', type: 'text' }),
    said: 'Table "things" has a column that cannot be read: 5.',
  },
  { name: 'nothing', answer: {}, said: 'The answer holds neither tables nor edits.' },
  { name: 'no tables', answer: { tables: [] }, said: 'The answer holds neither tables nor edits.' },
  { name: 'something else', answer: { weather: 'fine' }, said: 'The answer holds neither tables nor edits.' },
  {
    name: 'an edit that does not exist',
    answer: { edits: [{ type: 'explode', table: 'users' }] },
    said: 'There is no such edit: {"type":"explode","table":"users"}.',
  },
  {
    name: 'an edit of a table that is not there',
    answer: { edits: [{ type: 'dropColumn', table: 'ghosts', column: 'a' }] },
    said: 'There is no table "ghosts".',
  },
  {
    name: 'an edit of a column that is not there',
    answer: { edits: [{ type: 'renameColumn', table: 'users', column: 'ghost', name: 'a' }] },
    said: 'Table "users" has no column "ghost".',
  },
  {
    name: 'a new name that is taken',
    answer: { edits: [{ type: 'renameColumn', table: 'users', column: 'full_name', name: 'email' }] },
    said: 'Table "users" already has a column "email". Choose another name.',
  },
  {
    name: 'a rename to no name',
    answer: { edits: [{ type: 'renameColumn', table: 'users', column: 'full_name', name: '--' }] },
    said: '"--" cannot be a name: it holds no letter.',
  },
  {
    name: 'the table of people renamed',
    answer: { edits: [{ type: 'renameTable', table: 'users', name: 'members' }] },
    said: 'The table "users" keeps its name and its column "password_hash": people sign in with them.',
  },
  {
    name: 'the passwords dropped',
    base: { ...empty, mayDrop: true },
    answer: { edits: [{ type: 'changeType', table: 'users', column: 'password_hash', to: 'integer' }] },
    said: 'The table "users" keeps its name and its column "password_hash": people sign in with them.',
  },
  {
    name: 'what people sign in with dropped',
    base: draftShop,
    answer: { edits: [{ type: 'dropTable', table: 'users' }] },
    said: 'The answer would drop the table "users", which people sign in with.',
  },
  {
    name: 'an existing table dropped unasked',
    base: realShop,
    answer: { edits: [{ type: 'dropTable', table: 'orders' }] },
    said: 'The answer would drop the table "orders", which exists, and that was not asked for.',
  },
  {
    name: 'an existing column dropped unasked',
    base: realShop,
    answer: { edits: [{ type: 'dropColumn', table: 'orders', column: 'total' }] },
    said: 'The answer would drop column "total" of the table "orders", which exists, and that was not asked for.',
  },
  {
    name: 'an existing table described differently',
    base: realShop,
    answer: one('orders', { name: 'total', type: 'text' }, { name: 'note', type: 'text' }),
    said: 'Left as they are, because they exist and the answer described them differently: orders.',
    check: (answer) =>
      expect(answer.edits).toEqual([{ type: 'addColumn', table: 'orders', column: { name: 'note', type: 'text' } }]),
  },
  {
    name: 'a required column for records that exist',
    base: realShop,
    answer: { edits: [{ type: 'addColumn', table: 'orders', column: { name: 'note', type: 'text', required: true } }] },
    said: 'Not required, because records that exist have no value for it: orders.note.',
  },
  {
    name: 'a rename written as drop and add',
    base: { ...realShop, mayDrop: true },
    answer: {
      edits: [
        { type: 'dropColumn', table: 'orders', column: 'total' },
        { type: 'addColumn', table: 'orders', column: { name: 'amount', type: 'numeric(12,2)' } },
      ],
    },
    said: 'Renamed instead of dropped and added again, so that its values stay: orders.total as amount.',
    check: (answer) =>
      expect(answer.edits).toEqual([{ type: 'renameColumn', table: 'orders', column: 'total', name: 'amount' }]),
  },
  {
    name: 'a table that others need dropped',
    base: draftShop,
    answer: { edits: [{ type: 'dropTable', table: 'customers' }] },
    said: 'Table "customers" is referenced by "orders"."customer_id". Remove that reference first.',
  },
  {
    name: 'a type to change to that is none',
    base: draftShop,
    answer: { edits: [{ type: 'changeType', table: 'orders', column: 'total', to: 'geometry' }] },
    said: 'There is no type "geometry".',
  },
  {
    name: 'a column to add without a name',
    base: draftShop,
    answer: { edits: [{ type: 'addColumn', table: 'orders', column: { type: 'text' } }] },
    said: 'A column to add to table "orders" has no name.',
  },
]

test.each(faults)('$name', ({ answer, base, said, check }) => {
  const outcome = read(answer, base)
  expect([...outcome.problems, ...outcome.doubts, ...outcome.notes]).toContain(said)
  check?.(outcome)
})

test('edits in any order: what needs a later one waits for it', () => {
  const answer = read(
    {
      edits: [
        { type: 'setReference', table: 'orders', column: 'coupon_id', references: { table: 'coupons', column: 'id' } },
        { type: 'addColumn', table: 'orders', column: { name: 'coupon_id', type: 'uuid' } },
        { type: 'addTable', table: { name: 'coupons', columns: [{ name: 'code', type: 'text', unique: true }] } },
      ],
    },
    draftShop,
  )
  expect(answer.problems).toEqual([])
  expect(column(answer, 'orders.coupon_id')?.references?.table).toBe('coupons')
})

test('a table of the draft described again is brought to its description, and a rename stays one', () => {
  const split = read(
    {
      tables: [
        {
          name: 'customers',
          columns: [
            { name: 'name', type: 'text' },
            { name: 'address_id', type: 'uuid', references: { table: 'addresses', column: 'id' } },
          ],
        },
        {
          name: 'addresses',
          columns: [
            { name: 'street', type: 'text' },
            { name: 'city', type: 'text' },
          ],
        },
      ],
    },
    draftShop,
  )
  expect(table(split, 'customers')?.columns.map(({ name }) => name)).toEqual([
    'id',
    'name',
    'created_at',
    'updated_at',
    'address_id',
  ])
  const renamed = read(
    one('orders', { name: 'customer_id', type: 'uuid' }, { name: 'amount', type: 'numeric(12,2)' }),
    draftShop,
  )
  expect(renamed.edits).toEqual([{ type: 'renameColumn', table: 'orders', column: 'total', name: 'amount' }])
})

test('sample records refer to each other, and what does not fit is left out', () => {
  const answer = read({
    ...blog,
    samples: [
      {
        table: 'comments',
        columns: ['body', 'post_id'],
        rows: [
          ['First', 1],
          ['Lost', 9],
          ['Second', '#2'],
        ],
      },
      { table: 'posts', rows: [{ title: 'Hello', author_id: 1, colour: 'red' }, { title: 'Again' }, { author_id: 2 }] },
    ],
  })
  const [posts, comments] = answer.samples
  expect([posts?.table, comments?.table]).toEqual(['posts', 'comments'])
  expect(posts?.records).toEqual([
    { id: expect.any(String), title: 'Hello' },
    { id: expect.any(String), title: 'Again' },
  ])
  expect(comments?.records).toEqual([
    { id: expect.any(String), body: 'First', post_id: posts?.records[0]?.id },
    { id: expect.any(String), body: 'Second', post_id: posts?.records[1]?.id },
  ])
})
