import type { Table } from '@shared/contract/tables.contract'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import type { JsonObject } from '@shared/json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin } from '../helpers/database'
import { createTestProject, type TestProject } from '../helpers/test-project'
import { failureOf } from '../helpers/test-studio'

let p: TestProject
let databaseId: string
const tables = () => p.tenant.client.tables
beforeAll(async () => {
  p = await createTestProject()
  databaseId = p.databaseId
})
afterAll(() => p.close())

type Edit = Parameters<ReturnType<typeof tables>['update']>[0]['edits'][number]
const update = async (tableId: string, ...edits: Edit[]): Promise<Table> =>
  (await tables().update({ databaseId, tableId, edits })).table
const preview = async (tableId: string, ...edits: Edit[]) =>
  (await tables().preview({ databaseId, tableId, edits })).effects
const fill = (tableName: string, records: JsonObject[]) =>
  p.tenant.client.records.create({ databaseId, tableName, records })
const columns = (table: Table) => table.schema_json.columns.map(({ name }) => name)
const layoutOf = async (id: string) =>
  (await asAdmin(p.studio.adminUrl, 'select layout from studio.project_tables where id = $1', [id]))[0]?.layout

describe('tables', () => {
  test('are made, listed, read, binned and brought back', async () => {
    const id = await p.table('order', [{ name: 'user', type: 'text' }])
    await fill('order', [{ user: 'a' }, { user: 'b' }])
    const { table } = await tables().get({ databaseId, tableId: id })
    expect(table).toMatchObject({ id, table_name: 'order', record_estimate: 2 })
    expect(columns(table)).toEqual(['id', 'user', 'created_at', 'updated_at'])
    expect((await tables().list({ databaseId })).tables.map(({ table_name }) => table_name)).toEqual(['users', 'order'])
    expect((await tables().delete({ databaseId, tableId: id })).table).toEqual(table)
    expect((await tables().list({ databaseId })).tables).toHaveLength(1)
    expect((await failureOf(tables().get({ databaseId, tableId: id }))).code).toBe('NOT_FOUND')
    expect((await tables().restore({ databaseId, tableId: id })).table).toMatchObject({ id, record_estimate: 2 })
    expect(await p.column('order', 'user')).toEqual(['a', 'b'])
  })

  test('a taken name is a conflict, also for two at once and for the bin', async () => {
    const schemaJson = { name: 'group', columns: [{ name: 'x', type: 'text' }] }
    const tries = await Promise.allSettled([1, 2, 3].map(() => tables().create({ databaseId, schemaJson })))
    const [made] = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value.table] : []))
    expect(tries.filter(({ status }) => status === 'rejected')).toHaveLength(2)
    for (const one of tries) if (one.status === 'rejected') expect(one.reason.code).toBe('CONFLICT')
    const tableId = made?.id ?? ''
    await tables().delete({ databaseId, tableId })
    const next = (await tables().create({ databaseId, schemaJson })).table
    expect((await failureOf(tables().restore({ databaseId, tableId }))).code).toBe('CONFLICT')
    await update(next.id, { type: 'renameTable', table: 'group', name: 'having' })
    expect((await tables().restore({ databaseId, tableId })).table.table_name).toBe('group')
  })

  test('a table that others refer to stays; a restored one loses what is no longer there', async () => {
    const towns = await p.table('towns', [{ name: 'name', type: 'text', primary_key: true }])
    const roads = await p.table('roads', [{ name: 'to', type: 'text', references: { table: 'towns', column: 'name' } }])
    expect(await failureOf(tables().delete({ databaseId, tableId: towns }))).toMatchObject({
      code: 'CONSTRAINT',
      data: { table: 'roads', column: 'to' },
    })
    await tables().delete({ databaseId, tableId: roads })
    await tables().delete({ databaseId, tableId: towns })
    const back = (await tables().restore({ databaseId, tableId: roads })).table
    expect(back.schema_json.columns.find(({ name }) => name === 'to')).toEqual({ name: 'to', type: 'text' })
  })

  test.each<[JsonObject, string]>([
    [{ name: 'bad', columns: [{ name: '_id', type: 'text' }] }, 'VALIDATION'],
    [{ name: 'bad', columns: [{ name: 'x', type: 'serial' }] }, 'VALIDATION'],
    [
      {
        name: 'bad',
        columns: [
          { name: 'x', type: 'text' },
          { name: 'x', type: 'text' },
        ],
      },
      'VALIDATION',
    ],
    [{ name: 'bad', columns: [{ name: 'x', type: 'integer', default: 'one' }] }, 'VALIDATION'],
    [
      { name: 'bad', columns: [{ name: 'x', type: 'uuid', references: { table: 'nope', column: 'id' } }] },
      'VALIDATION',
    ],
    [{ name: 'bad', columns: [], primary_key: false, timestamps: false }, 'VALIDATION'],
    [{ name: 'users', columns: [{ name: 'x', type: 'text' }] }, 'CONFLICT'],
  ])('%j is refused', async (schemaJson, code) => {
    const call = tables().create({ databaseId, schemaJson } as never)
    expect((await failureOf(call)).code).toBe(code)
  })
})

describe('edits', () => {
  test('a rename moves no data, and a dropped column never comes back', async () => {
    const id = await p.table(
      'notes',
      [
        { name: 'a', type: 'text' },
        { name: 'b', type: 'integer' },
      ],
      { timestamps: false },
    )
    await fill('notes', [{ a: 'one', b: 1 }, { a: 'two' }])
    const table = { table: 'notes' }
    await update(id, { type: 'renameColumn', ...table, column: 'a', name: 'c' })
    expect(await layoutOf(id)).toMatchObject({ columns: { c: { key: 'a' } } })
    expect(await p.column('notes', 'c')).toEqual(['one', 'two'])
    await update(id, { type: 'addColumn', ...table, column: { name: 'a', type: 'text' }, position: 0 })
    expect(await p.column('notes', 'a')).toEqual([null, null])
    const [drop] = await preview(id, { type: 'dropColumn', ...table, column: 'b' })
    expect(drop).toMatchObject({
      affected: 1,
      refused: false,
      sentence: expect.stringContaining('removes its 1 value'),
    })
    await update(id, { type: 'dropColumn', ...table, column: 'b' })
    const again = await update(id, { type: 'addColumn', ...table, column: { name: 'b', type: 'integer' } })
    expect(columns(again)).toEqual(['a', 'id', 'c', 'b'])
    expect(await p.column('notes', 'b')).toEqual([null, null])
    expect(await layoutOf(id)).toMatchObject({ columns: { b: { key: 'b_2' } }, retired: ['b'] })
  })

  test('an added column has its default in records that exist', async () => {
    const id = await p.table('tasks', [{ name: 'title', type: 'text' }])
    await fill('tasks', [{ title: 'a' }, { title: 'b' }])
    const add = (column: Extract<Edit, { type: 'addColumn' }>['column']): Edit => ({
      type: 'addColumn',
      table: 'tasks',
      column,
    })
    const refused = await failureOf(update(id, add({ name: 'owner', type: 'text', required: true })))
    expect(refused).toMatchObject({
      code: 'CONSTRAINT',
      message: expect.stringContaining('2 records of "tasks" would have no value'),
      data: { column: 'owner', constraint: 'required', affected: 2 },
    })
    await update(
      id,
      add({ name: 'done', type: 'boolean', required: true, default: 'false' }),
      add({ name: 'token', type: 'uuid', unique: true, default: 'gen_random_uuid()' }),
      add({ name: 'seen', type: 'timestamptz', default: 'now()' }),
      add({ name: 'tags', type: 'text[]', default: '{x}' }),
      add({ name: 'meta', type: 'jsonb', default: '{"a": 1}' }),
    )
    expect(await p.column('tasks', 'done')).toEqual([false, false])
    expect(new Set(await p.column('tasks', 'token')).size).toBe(2)
    expect(new Set(await p.column('tasks', 'seen')).size).toBe(1)
    for (const filters of [
      { done: false },
      { tags: ['x'] },
      { 'meta.a': 1 },
      { column: 'seen', op: 'is', value: 'not_null' },
    ])
      expect(await p.column('tasks', 'title', { filters })).toEqual(['a', 'b'])
    // Emptying the value is not the same as never having had one.
    const [first] = (await p.tenant.client.records.query({ databaseId, tableName: 'tasks' })).records
    const params = { databaseId, recordId: String(first?._id) }
    await p.tenant.client.records.update({ params, query: { table: 'tasks' }, body: { record: { tags: null } } })
    expect(await p.column('tasks', 'tags')).toEqual([null, ['x']])
    await p.create('tasks', { title: 'c', tags: null })
    expect(await p.column('tasks', 'title', { filters: { tags: null } })).toEqual(['a', 'c'])
  })

  test('a new type says beforehand what becomes of the values', async () => {
    const id = await p.table('mixed', [{ name: 'v', type: 'text' }])
    const texts = ['1', '2', 'abc', '4.5', ...Array.from({ length: 116 }, (_, n) => String(n))]
    await fill('mixed', [...texts.map((v) => ({ v })), { v: null }])
    const edit = (unfit?: 'null'): Edit => ({
      type: 'changeType',
      table: 'mixed',
      column: 'v',
      to: 'integer',
      ...(unfit ? { unfit } : {}),
    })
    const [effect] = await preview(id, edit())
    expect(effect).toMatchObject({ affected: 2, refused: true, examples: ['"abc"', '"4.5"'] })
    expect(effect?.sentence).toContain('2 of 120 values do not fit integer and would become NULL: "abc", "4.5"')
    expect((await preview(id, edit('null')))[0]).toMatchObject({ affected: 2, refused: false })
    expect(await p.column('mixed', 'v', { limit: 4 })).toEqual(['1', '2', 'abc', '4.5'])
    expect(await failureOf(update(id, edit()))).toMatchObject({
      code: 'CONSTRAINT',
      data: { constraint: 'type', affected: 2 },
    })
    await update(id, edit('null'))
    expect(await p.column('mixed', 'v', { limit: 5 })).toEqual([1, 2, null, null, 0])
    expect(await p.column('mixed', 'v', { filters: { column: 'v', op: 'gt', value: 113 } })).toEqual([114, 115])
    await update(id, { type: 'changeType', table: 'mixed', column: 'v', to: 'bigint' })
    expect(await p.column('mixed', 'v', { limit: 2 })).toEqual(['1', '2'])
  })

  test('rounding is said too', async () => {
    const id = await p.table('prices', [{ name: 'v', type: 'numeric' }])
    await fill('prices', [{ v: '1.255' }, { v: '2.50' }])
    const [effect] = await preview(id, { type: 'changeType', table: 'prices', column: 'v', to: 'numeric(6,2)' })
    expect(effect).toMatchObject({
      affected: 1,
      refused: false,
      sentence: expect.stringContaining('"1.255" becomes "1.26"'),
    })
  })

  test('rules that the records break are refused with what breaks them', async () => {
    const id = await p.table('people', [
      { name: 'mail', type: 'text' },
      { name: 'boss', type: 'text' },
    ])
    await fill('people', [{ mail: 'a' }, { mail: 'a' }, { mail: 'b', boss: 'x' }, { boss: 'b' }])
    const at = { table: 'people', column: 'mail' }
    const refusals: [Edit, string, string][] = [
      [{ type: 'setRequired', ...at, required: true }, 'required', '1 record of "people" has no value'],
      [
        { type: 'setUnique', ...at, unique: true },
        'unique',
        '1 value of column "mail" of "people" appears more than once: "a"',
      ],
    ]
    for (const [edit, constraint, sentence] of refusals) {
      expect((await preview(id, edit))[0]).toMatchObject({ refused: true, sentence: expect.stringContaining(sentence) })
      expect(await failureOf(update(id, edit))).toMatchObject({ code: 'CONSTRAINT', data: { constraint } })
    }
    await p.tenant.client.records.deleteMany({ databaseId, tableName: 'people', filters: { mail: 'a' } })
    await p.create('people', { mail: 'a' })
    await update(id, { type: 'setUnique', ...at, unique: true })
    const reference: Edit = {
      type: 'setReference',
      table: 'people',
      column: 'boss',
      references: { table: 'people', column: 'mail' },
    }
    const dangling = await failureOf(update(id, reference))
    expect(dangling).toMatchObject({ data: { constraint: 'reference', affected: 1, examples: ['"x"'] } })
    await fill('people', [{ mail: 'x' }])
    await update(id, reference)
    expect((await failureOf(p.create('people', { boss: 'nobody' }))).code).toBe('CONSTRAINT')
    expect((await failureOf(update(id, { type: 'setUnique', ...at, unique: false }))).code).toBe('VALIDATION')
  })

  test('all edits or none, and a preview changes nothing', async () => {
    const id = await p.table('atoms', [{ name: 'v', type: 'text' }])
    await fill('atoms', [{ v: '1' }, { v: 'x' }])
    const before = await tables().get({ databaseId, tableId: id })
    const edits: Edit[] = [
      { type: 'renameTable', table: 'atoms', name: 'ions' },
      { type: 'addColumn', table: 'ions', column: { name: 'n', type: 'integer', default: '5' } },
      { type: 'changeType', table: 'ions', column: 'v', to: 'integer', unfit: 'null' },
      { type: 'setRequired', table: 'ions', column: 'v', required: true },
    ]
    const effects = await preview(id, ...edits)
    expect(effects.map(({ refused }) => refused)).toEqual([false, false, false, true])
    expect(effects[3]?.affected).toBe(1)
    expect((await failureOf(update(id, ...edits))).code).toBe('CONSTRAINT')
    expect(await tables().get({ databaseId, tableId: id })).toEqual(before)
    expect(await p.column('atoms', 'v')).toEqual(['1', 'x'])
    const after = await update(id, ...edits.slice(0, 3))
    expect(after.table_name).toBe('ions')
    expect(await p.column('ions', 'n')).toEqual([5, 5])
    const { entries } = await p.tenant.client.databases.audit({ databaseId })
    expect(entries[0]).toMatchObject({ action: 'table.update', table_id: id })
  })

  test('a retyped unique column stays unique', async () => {
    const id = await p.table('codes', [{ name: 'v', type: 'text', unique: true }])
    await fill('codes', [{ v: '1' }, { v: '01' }])
    const edit: Edit = { type: 'changeType', table: 'codes', column: 'v', to: 'integer' }
    expect((await preview(id, edit))[0]).toMatchObject({ refused: true })
    expect(await failureOf(update(id, edit))).toMatchObject({ code: 'CONSTRAINT', data: { constraint: 'unique' } })
    expect(await p.column('codes', 'v')).toEqual(['1', '01'])
  })

  test('a retyped column that others point to keeps what they point to', async () => {
    const id = await p.table('tags', [{ name: 'word', type: 'text', unique: true }])
    const links = await p.table('links', [{ name: 'tag', type: 'text', references: { table: 'tags', column: 'word' } }])
    await fill('tags', [{ word: 'ab' }, { word: 'abcd' }])
    await fill('links', [{ tag: 'abcd' }])
    const shorter = (n: number, unfit: 'null' | 'refuse'): Edit => ({
      type: 'changeType',
      table: 'tags',
      column: 'word',
      to: `varchar(${n})`,
      unfit,
    })
    expect((await preview(id, shorter(3, 'null')))[0]).toMatchObject({ refused: true })
    expect(await failureOf(update(id, shorter(3, 'null')))).toMatchObject({
      code: 'CONSTRAINT',
      data: { constraint: 'reference', affected: 1 },
    })
    await update(id, shorter(4, 'refuse'))
    await update(links, { type: 'changeType', table: 'links', column: 'tag', to: 'varchar(3)', unfit: 'null' })
    expect(await p.column('links', 'tag')).toEqual([null])
  })

  test('a rename is followed by the references of other tables', async () => {
    const id = await p.table('makers', [{ name: 'code', type: 'text', primary_key: true }])
    const cars = await p.table('cars', [
      { name: 'maker', type: 'text', references: { table: 'makers', column: 'code' } },
    ])
    await p.create('makers', { code: 'm' })
    await p.create('cars', { maker: 'm' })
    await update(
      id,
      { type: 'renameTable', table: 'makers', name: 'brands' },
      { type: 'renameColumn', table: 'brands', column: 'code', name: 'sign' },
    )
    const { table } = await tables().get({ databaseId, tableId: cars })
    expect(table.schema_json.columns[1]?.references).toEqual({ table: 'brands', column: 'sign' })
    expect((await failureOf(p.create('cars', { maker: 'nobody' }))).code).toBe('CONSTRAINT')
    await p.create('cars', { maker: 'm' })
  })

  test('edits of other tables do not belong here', async () => {
    const id = await p.table('own', [{ name: 'v', type: 'text' }])
    for (const edit of [
      { type: 'dropColumn', table: 'users', column: 'full_name' },
      { type: 'dropTable', table: 'own' },
      { type: 'addTable', table: { name: 'more', columns: [] } },
    ] satisfies SchemaEdit[] as Edit[])
      expect((await failureOf(update(id, edit))).code).toBe('VALIDATION')
  })

  test('writers and an edit do not get past each other', async () => {
    const id = await p.table('busy', [{ name: 'v', type: 'text' }])
    await fill(
      'busy',
      Array.from({ length: 500 }, (_, n) => ({ v: String(n) })),
    )
    const writes = Array.from({ length: 10 }, (_, n) => p.create('busy', { v: `w${n}` }))
    await Promise.allSettled([
      ...writes,
      update(id, { type: 'changeType', table: 'busy', column: 'v', to: 'integer', unfit: 'null' }),
    ])
    const values = await p.column('busy', 'v', { limit: 1000 })
    expect(values.every((value) => value === null || typeof value === 'number')).toBe(true)
  })
})

test('nothing here ended as an unknown failure', () => {
  expect(p.studio.log.filter((line) => line.includes('"level":50'))).toEqual([])
})
