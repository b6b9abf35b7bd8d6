import { AppError } from '@shared/app-error'
import { applyEdit } from '@shared/domain/apply-edit'
import { checkTable } from '@shared/domain/check-table'
import { parseColumnType } from '@shared/domain/column-type'
import { changesValue, convertValue, wideningOf } from '@shared/domain/convert-value'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import { normaliseTable } from '@shared/domain/normalise-table'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import type { TableSchemaInput } from '@shared/domain/table-schema'
import { usersTable } from '@shared/domain/users-table'
import type { JsonValue } from '@shared/json'
import { describe, expect, test } from 'vitest'

const names = (input: TableSchemaInput): readonly string[] => normaliseTable(input).columns.map(({ name }) => name)
const title = { name: 'title', type: 'text' }

function failure(work: () => unknown): AppError {
  try {
    work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('Expected a failure')
}

describe('normaliseTable', () => {
  test('adds a key and the times', () => {
    expect(normaliseTable({ name: 'posts', columns: [title] })).toEqual({
      name: 'posts',
      columns: [
        { name: 'id', type: 'uuid', primary_key: true, default: 'gen_random_uuid()' },
        title,
        { name: 'created_at', type: 'timestamptz', default: 'now()' },
        { name: 'updated_at', type: 'timestamptz', default: 'now()' },
      ],
    })
  })

  test('adds nothing that was not asked for', () => {
    expect(names({ name: 'posts', columns: [title], timestamps: false })).toEqual(['id', 'title'])
    expect(names({ name: 'posts', columns: [title], timestamps: false, primary_key: false })).toEqual(['title'])
    expect(names({ name: 'posts', columns: [title], primary_key: false })).toEqual([
      'title',
      'created_at',
      'updated_at',
    ])
    expect(names({ name: 'posts', columns: [{ ...title, primary_key: true }] })).toEqual(['title'])
    expect(normaliseTable(usersTable)).toEqual(usersTable)
    expect(names({ name: 'posts', columns: [title, { name: 'created_at', type: 'date' }] })).toEqual([
      'id',
      'title',
      'created_at',
      'updated_at',
    ])
  })

  test('does not guess', () => {
    const id = { name: 'id', type: 'text' }
    expect(failure(() => normaliseTable({ name: 'posts', columns: [id] })).message).toContain('not its key')
    expect(
      failure(() => normaliseTable({ name: 'posts', columns: [{ ...id, primary_key: true }], primary_key: false }))
        .code,
    ).toBe('VALIDATION')
  })
})

describe('checkTable', () => {
  const check = (columns: TableSchemaInput['columns']) => () =>
    checkTable({ name: 'posts', columns }, { tables: [usersTable] })
  const reference = (column: string) => ({ table: 'users', column })

  test.each<[string, TableSchemaInput['columns']]>([
    ['at least one column', []],
    ['two columns named "title"', [title, title]],
    ['does not fit integer: it is not a whole number', [{ name: 'n', type: 'integer', default: 'many' }]],
    ['does not fit integer: it is a moment', [{ name: 'n', type: 'integer', default: 'NOW()' }]],
    ['there is no table "people"', [{ ...title, references: { table: 'people', column: 'id' } }]],
    ['has no column "nick"', [{ ...title, references: reference('nick') }]],
    ['which is not unique', [{ ...title, references: reference('full_name') }]],
    ['cannot hold values of type uuid', [{ ...title, references: reference('id') }]],
    [
      'with "set_null", but the column is required',
      [{ name: 'owner', type: 'uuid', required: true, references: { ...reference('id'), on_delete: 'set_null' } }],
    ],
  ])('says "%s"', (sentence, columns) => {
    const error = failure(check(columns))
    expect(error.code).toBe('VALIDATION')
    expect(error.message).toContain(sentence)
    expect(error.message).toContain('posts')
  })

  test('takes what is right', () => {
    check([
      { name: 'owner', type: 'uuid', references: reference('id') },
      { name: 'mail', type: 'varchar(100)', references: reference('email') },
      { name: 'tags', type: 'text[]', default: '{a,b}' },
      { name: 'meta', type: 'jsonb', default: '{"a": 1}' },
      { name: 'day', type: 'date', default: 'now()' },
      { name: 'word', type: 'text', default: 'now()' },
    ])()
  })
})

describe('unique sets', () => {
  const seats: TableSchemaInput = {
    name: 'seats',
    columns: [
      { name: 'hall', type: 'text' },
      { name: 'place', type: 'integer' },
      { name: 'price', type: 'numeric' },
    ],
    unique: [['hall', 'place']],
    timestamps: false,
  }
  const schema = applyEdit({ tables: [] }, { type: 'addTable', table: seats })
  const uniqueAfter = (edit: SchemaEdit) => applyEdit(schema, edit).tables[0]?.unique
  const table = 'seats'

  test('are kept, follow renames, and go with their columns', () => {
    expect(schema.tables[0]?.unique).toEqual([['hall', 'place']])
    expect(uniqueAfter({ type: 'renameColumn', table, column: 'hall', name: 'room' })).toEqual([['room', 'place']])
    expect(uniqueAfter({ type: 'renameTable', table, name: 'chairs' })).toEqual([['hall', 'place']])
    expect(uniqueAfter({ type: 'dropColumn', table, column: 'place' })).toBeUndefined()
    expect(uniqueAfter({ type: 'dropColumn', table, column: 'price' })).toEqual([['hall', 'place']])
  })

  test('are added and dropped, in any order of columns', () => {
    expect(uniqueAfter({ type: 'addUnique', table, columns: ['price', 'hall'] })).toEqual([
      ['hall', 'place'],
      ['price', 'hall'],
    ])
    expect(uniqueAfter({ type: 'dropUnique', table, columns: ['place', 'hall'] })).toBeUndefined()
  })

  test.each<[string, SchemaEdit]>([
    ['says twice that "place", "hall"', { type: 'addUnique', table, columns: ['place', 'hall'] }],
    ['names a column twice', { type: 'addUnique', table, columns: ['hall', 'hall'] }],
    ['no column "nope"', { type: 'addUnique', table, columns: ['hall', 'nope'] }],
    ['fewer than two', { type: 'addUnique', table, columns: ['hall'] }],
    ['no rule that "hall", "price"', { type: 'dropUnique', table, columns: ['hall', 'price'] }],
    [
      'which is not unique',
      {
        type: 'addTable',
        table: { name: 'x', columns: [{ name: 'h', type: 'text', references: { table, column: 'hall' } }] },
      },
    ],
  ])('says "%s"', (sentence, edit) => {
    expect(failure(() => applyEdit(schema, edit)).message).toContain(sentence)
  })

  test('leave the secret column alone', () => {
    const users = { tables: [usersTable] }
    const edit: SchemaEdit = { type: 'addUnique', table: 'users', columns: ['email', 'password_hash'] }
    expect(failure(() => applyEdit(users, edit)).message).toContain('cannot be read')
  })
})

describe('applyEdit', () => {
  const posts = normaliseTable({
    name: 'posts',
    columns: [
      title,
      { name: 'owner', type: 'uuid', references: { table: 'users', column: 'id', on_delete: 'cascade' } },
    ],
    timestamps: false,
  })
  const tags = {
    name: 'tags',
    columns: [
      { name: 'name', type: 'text', primary_key: true },
      { name: 'parent', type: 'text', references: { table: 'tags', column: 'name' } },
    ],
  }
  const schema: DatabaseSchema = { tables: [usersTable, posts, tags] }
  const edited = (edit: SchemaEdit) => applyEdit(schema, edit)
  const at = { table: 'posts', column: 'title' } as const

  test('edits one thing and leaves the rest the same value', () => {
    const next = edited({ type: 'renameColumn', ...at, name: 'heading' })
    expect(next.tables[0]).toEqual(usersTable)
    expect(next.tables[1]?.columns.map(({ name }) => name)).toEqual(['id', 'heading', 'owner'])
    expect(schema.tables[1]).toBe(posts)
  })

  test('renames are followed by references, of the same table too', () => {
    expect(edited({ type: 'renameTable', table: 'tags', name: 'labels' }).tables[2]?.columns[1]?.references).toEqual({
      table: 'labels',
      column: 'name',
    })
    expect(
      edited({ type: 'renameColumn', table: 'tags', column: 'name', name: 'label' }).tables[2]?.columns[1]?.references,
    ).toEqual({ table: 'tags', column: 'label' })
  })

  test('columns go where they are put', () => {
    const order = (edit: SchemaEdit) => edited(edit).tables[1]?.columns.map(({ name }) => name)
    expect(order({ type: 'addColumn', table: 'posts', column: { name: 'n', type: 'integer' }, position: 1 })).toEqual([
      'id',
      'n',
      'title',
      'owner',
    ])
    expect(order({ type: 'moveColumn', ...at, position: 99 })).toEqual(['id', 'owner', 'title'])
    expect(order({ type: 'dropColumn', ...at })).toEqual(['id', 'owner'])
  })

  test('each property is set and taken off', () => {
    const column = (edit: SchemaEdit) => edited(edit).tables[1]?.columns[1]
    expect(column({ type: 'changeType', ...at, to: 'varchar( 20 )' })).toEqual({ name: 'title', type: 'varchar(20)' })
    expect(column({ type: 'setRequired', ...at, required: true })?.required).toBe(true)
    expect(column({ type: 'setUnique', ...at, unique: true })?.unique).toBe(true)
    expect(column({ type: 'setDefault', ...at, default: 'x' })?.default).toBe('x')
    expect(column({ type: 'setDefault', ...at, default: null })).toEqual(title)
    expect(column({ type: 'setReference', ...at, references: { table: 'tags', column: 'name' } })?.references).toEqual({
      table: 'tags',
      column: 'name',
    })
    expect(edited({ type: 'dropTable', table: 'posts' }).tables).toHaveLength(2)
  })

  test.each<[string, AppError['code'], SchemaEdit]>([
    ['no table "nope"', 'NOT_FOUND', { type: 'dropTable', table: 'nope' }],
    ['has no column "nope"', 'VALIDATION', { type: 'dropColumn', table: 'posts', column: 'nope' }],
    ['already a table "tags"', 'CONFLICT', { type: 'renameTable', table: 'posts', name: 'tags' }],
    ['already has a column "owner"', 'CONFLICT', { type: 'renameColumn', ...at, name: 'owner' }],
    ['referenced by "posts"."owner"', 'CONSTRAINT', { type: 'dropTable', table: 'users' }],
    ['part of the key', 'VALIDATION', { type: 'dropColumn', table: 'posts', column: 'id' }],
    ['identity', 'VALIDATION', { type: 'renameColumn', table: 'posts', column: 'id', name: 'key' }],
    ['identity', 'VALIDATION', { type: 'changeType', table: 'posts', column: 'id', to: 'text' }],
    ['password_hash', 'FORBIDDEN', { type: 'renameTable', table: 'users', name: 'people' }],
    ['password_hash', 'FORBIDDEN', { type: 'renameColumn', table: 'users', column: 'password_hash', name: 'open' }],
    ['always required', 'VALIDATION', { type: 'setRequired', table: 'tags', column: 'name', required: false }],
    [
      'cannot hold values of type text',
      'VALIDATION',
      { type: 'changeType', table: 'tags', column: 'parent', to: 'integer' },
    ],
    ['does not fit text[]', 'VALIDATION', { type: 'setDefault', table: 'posts', column: 'tags', default: 'a' }],
  ])('says "%s"', (sentence, code, edit) => {
    const withTags = applyEdit(schema, { type: 'addColumn', table: 'posts', column: { name: 'tags', type: 'text[]' } })
    const error = failure(() => applyEdit(withTags, edit))
    expect(error.message).toContain(sentence)
    expect(error.code).toBe(code)
  })
})

describe('convertValue', () => {
  const convert = (from: string, to: string, value: string | number | boolean) => {
    const [a, b] = [parseColumnType(from), parseColumnType(to)]
    if (!a || !b) throw new Error('No such type')
    const converted = convertValue(a, b, value)
    return converted.ok ? [converted.value, changesValue(a, b, value, converted.value)] : null
  }
  test('goes by the text form, and knows when something is lost', () => {
    expect(convert('text', 'integer', '42')).toEqual([42, false])
    expect(convert('text', 'integer', '042')).toEqual([42, true])
    expect(convert('text', 'integer', 'abc')).toBeNull()
    expect(convert('integer', 'bigint', 42)).toEqual(['42', false])
    expect(convert('numeric', 'integer', '42.00')).toEqual([42, false])
    expect(convert('numeric', 'integer', '42.50')).toBeNull()
    expect(convert('numeric', 'numeric(9,1)', '1.25')).toEqual(['1.3', true])
    expect(convert('numeric(9,2)', 'numeric(9,1)', '1.20')).toEqual(['1.2', false])
    expect(convert('timestamptz', 'date', '2024-05-01T10:00:00.000000Z')).toEqual(['2024-05-01', true])
    expect(convert('date', 'timestamp', '2024-05-01')).toEqual(['2024-05-01T00:00:00.000000', false])
    expect(convert('boolean', 'text', true)).toEqual(['true', false])
    expect(convert('text', 'jsonb', '{"a":1}')).toEqual([{ a: 1 }, false])
  })
})

describe('wideningOf', () => {
  const widening = (from: string, to: string) => {
    const [a, b] = [parseColumnType(from), parseColumnType(to)]
    if (!a || !b) throw new Error('No such type')
    return wideningOf(a, b)
  }
  test.each([
    ['varchar(5)', 'varchar(9)', 'same'],
    ['varchar(9)', 'varchar(5)', null],
    ['varchar', 'varchar(5)', null],
    ['varchar(5)', 'text', 'same'],
    ['text', 'varchar(5)', null],
    ['text', 'varchar', 'same'],
    ['numeric(8,2)', 'numeric(9,2)', 'same'],
    ['numeric(8,2)', 'numeric(9,3)', null],
    ['numeric(8,2)', 'numeric', 'same'],
    ['numeric', 'numeric(8,2)', null],
    ['smallint', 'integer', 'same'],
    ['integer', 'smallint', null],
    ['integer', 'bigint', 'cast'],
    ['integer', 'numeric', 'cast'],
    ['integer', 'numeric(4,0)', null],
    ['bigint', 'numeric', 'same'],
    ['bigint', 'text', 'cast'],
    ['boolean', 'varchar', 'cast'],
    ['boolean', 'varchar(3)', null],
    ['text[]', 'text[]', 'same'],
    ['integer[]', 'bigint[]', null],
    ['text', 'jsonb', null],
  ])('%s to %s is %s', (from, to, expected) => expect(widening(from, to)).toBe(expected))

  test('agrees with the conversion of every value', () => {
    const values: Record<string, readonly JsonValue[]> = {
      smallint: [1, -32768],
      integer: [0, 2147483647],
      bigint: ['9007199254740993', '-1'],
      boolean: [true, false],
      uuid: ['7d444840-9dc0-11d1-b245-5ffdce74fad2'],
      'varchar(5)': ['ab', ''],
      'numeric(8,2)': ['1.50', '-0.01'],
    }
    for (const [from, list] of Object.entries(values))
      for (const to of [...Object.keys(values), 'text', 'varchar', 'numeric']) {
        const [a, b] = [parseColumnType(from), parseColumnType(to)]
        if (!a || !b) throw new Error('No such type')
        if (wideningOf(a, b) === null) continue
        for (const value of list) {
          const converted = convertValue(a, b, value)
          expect(converted.ok && !changesValue(a, b, value, converted.value), `${value}: ${from} to ${to}`).toBe(true)
          if (wideningOf(a, b) === 'same') expect(converted).toEqual({ ok: true, value })
        }
      }
  })
})

describe('normaliseFilter', () => {
  test('reads the tree and the short form', () => {
    expect(normaliseFilter({ a: 1, b: null })).toEqual({
      and: [
        { column: 'a', op: 'eq', value: 1 },
        { column: 'b', op: 'is', value: null },
      ],
    })
    const tree = { or: [{ not: { column: 'a', op: 'gt', value: 1 } }, { and: [] }] }
    expect(normaliseFilter(tree)).toEqual(tree)
    expect(normaliseFilter({})).toEqual({ and: [] })
    expect(normaliseFilter({ and: 1 })).toEqual({ and: [{ column: 'and', op: 'eq', value: 1 }] })
  })
  test.each([
    [{ column: 'a', op: 'near', value: 1 }, 'no operator "near"'],
    [{ column: 'a', op: 'eq' }, 'no "value"'],
    [{ column: 'a', op: 'eq', value: 1, also: 2 }, 'no "also"'],
    [{ and: [5] }, 'is not'],
    [{ or: Array.from({ length: 1001 }, () => ({ column: 'a', op: 'eq', value: 1 })) }, 'at most 1,000'],
  ])('refuses %j', (input, sentence) => {
    expect(failure(() => normaliseFilter(input)).message).toContain(sentence)
  })
})
