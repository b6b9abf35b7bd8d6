import type { ColumnSchema } from '@shared/domain/table-schema'
import type { JsonObject } from '@shared/json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatabaseRow, Transaction } from '../../src/main/db/database'
import { deleteRecords } from '../../src/main/features/records/delete-records.service'
import { createRecords, updateRecord } from '../../src/main/features/records/write-records.service'
import type { Writer } from '../../src/main/features/tables/tables.service'
import { asAdmin } from '../helpers/database'
import { makeDedicated } from '../helpers/dedicated'
import { moveToTier } from '../helpers/storage-tier'
import { createTestProject, type TestProject } from '../helpers/test-project'
import { failureOf } from '../helpers/test-studio'

/** The rules of tables, over the procedures, in every mixture of tiers; and under concurrency. */

type Tier = 'shared' | 'dedicated'

const mixtures: readonly (readonly [Tier, Tier])[] = [
  ['shared', 'shared'],
  ['dedicated', 'dedicated'],
  ['shared', 'dedicated'],
  ['dedicated', 'shared'],
]

describe.each(mixtures)('parent %s, child %s', (parentTier, childTier) => {
  let p: TestProject
  beforeAll(async () => {
    p = await createTestProject()
  })
  afterAll(async () => {
    expect(p.studio.log.filter((line) => line.includes('"level":50'))).toEqual([])
    await p.close()
  })

  const records = () => p.tenant.client.records
  const at = (tableName: string, id: string) => ({
    params: { databaseId: p.databaseId, recordId: id },
    query: { table: tableName },
  })
  const patch = (tableName: string, id: string, record: JsonObject) =>
    records().update({ ...at(tableName, id), body: { record } })
  const many = (tableName: string, rows: readonly JsonObject[]) =>
    records().create({ databaseId: p.databaseId, tableName, records: rows.map((row) => ({ ...row })) })
  const drop = (tableName: string, filters: JsonObject) =>
    records().deleteMany({ databaseId: p.databaseId, tableName, filters })

  async function table(tier: Tier, name: string, columns: readonly ColumnSchema[], more: JsonObject = {}) {
    await p.tenant.client.tables.create({
      databaseId: p.databaseId,
      schemaJson: { name, columns: columns.map((column) => ({ ...column })), timestamps: false, ...more },
    })
    if (tier === 'dedicated') await makeDedicated(p.studio, p.tenant.userId, p.databaseId, name)
  }

  /** As one transaction of its own, to be held open. */
  const inside = <T>(work: (tx: Transaction, writer: Writer) => Promise<T>): Promise<T> => {
    const principal = { account: { id: p.tenant.userId, email: p.tenant.email, created_at: '' }, sessionId: 'x' }
    return p.studio.db.withDatabase(p.tenant.userId, p.databaseId, (tx, database: DatabaseRow) =>
      work(tx, { database, principal }),
    )
  }

  describe('unique', () => {
    beforeAll(() =>
      table(
        parentTier,
        'shelves',
        [
          { name: 'code', type: 'text', unique: true },
          { name: 'room', type: 'integer' },
          { name: 'side', type: 'varchar(5)' },
          { name: 'size', type: 'numeric(8,2)', unique: true },
          { name: 'since', type: 'timestamptz', unique: true },
          { name: 'span', type: 'interval', unique: true },
        ],
        { unique: [['room', 'side']] },
      ),
    )

    test('one column, several together, and no value', async () => {
      await many('shelves', [
        { code: 'a', room: 1, side: 'left' },
        { room: 1, side: 'right' },
        { room: 2 },
        { room: 2 },
      ])
      expect(await failureOf(p.create('shelves', { code: 'a' }))).toMatchObject({
        code: 'CONSTRAINT',
        message: 'There is already a record with "code" "a" in table "shelves". Choose another value.',
        data: { table: 'shelves', column: 'code', columns: ['code'], constraint: 'unique', value: 'a' },
      })
      expect(await failureOf(p.create('shelves', { room: 1, side: 'left' }))).toMatchObject({
        code: 'CONSTRAINT',
        data: { table: 'shelves', columns: ['room', 'side'], constraint: 'unique', value: [1, 'left'] },
      })
    })

    test.each<[string, JsonObject, JsonObject]>([
      ['number', { size: '1.5' }, { size: 1.5 }],
      ['moment', { since: '2024-01-01T00:00:00Z' }, { since: '2024-01-01T01:00:00+01:00' }],
      ['span', { span: 'P1D' }, { span: 'PT24H' }],
    ])('the same %s in another spelling', async (_, first, second) => {
      await p.create('shelves', first)
      expect((await failureOf(p.create('shelves', second))).code).toBe('CONSTRAINT')
    })

    test('says which record of many', async () => {
      const clash = [{ code: 'm1' }, { code: 'm2' }, { code: 'a' }]
      expect(await failureOf(many('shelves', clash))).toMatchObject({ data: { index: 2, value: 'a', column: 'code' } })
      const twice = [{ code: 'm1' }, { code: 'm2' }, { code: 'm1' }]
      expect(await failureOf(many('shelves', twice))).toMatchObject({ data: { index: 2, value: 'm1' } })
      expect(await p.column('shelves', 'code', { filters: { column: 'code', op: 'starts_with', value: 'm' } })).toEqual(
        [],
      )
    })

    test('of an update', async () => {
      const { _id } = await p.create('shelves', { code: 'u1', room: 7 })
      await p.create('shelves', { code: 'u2', room: 7, side: 'up' })
      expect(await failureOf(patch('shelves', _id, { code: 'u2' }))).toMatchObject({
        code: 'CONSTRAINT',
        data: { column: 'code', constraint: 'unique', value: 'u2' },
      })
      expect(await failureOf(patch('shelves', _id, { side: 'up' }))).toMatchObject({
        code: 'CONSTRAINT',
        data: { columns: ['room', 'side'], constraint: 'unique' },
      })
      await patch('shelves', _id, { code: 'u1', side: 'down' })
      await patch('shelves', _id, { code: null })
      await p.create('shelves', { code: 'u1' })
      expect((await failureOf(patch('shelves', _id, { code: 'u1' }))).code).toBe('CONSTRAINT')
    })

    test('a value is free again after its record went', async () => {
      const { _id } = await p.create('shelves', { code: 'free' })
      await records().delete(at('shelves', _id))
      await p.create('shelves', { code: 'free' })
    })

    test('long values, and any text', async () => {
      const long = 'ü'.repeat(1000)
      await p.create('shelves', { code: long })
      expect((await failureOf(p.create('shelves', { code: long }))).code).toBe('CONSTRAINT')
      await many('shelves', [
        { code: `${long}x` },
        { code: '' },
        { code: ' ' },
        { code: '["a","b"]' },
        { code: 'sha256:' },
      ])
      expect((await failureOf(p.create('shelves', { code: '' }))).code).toBe('CONSTRAINT')
    })

    test('one of two writers at the same moment waits for the other', async () => {
      const first = deferred()
      const second = deferred()
      const slow = inside(async (tx, writer) => {
        await createRecords(tx, writer, 'shelves', [{ code: 'race' }])
        first.resolve()
        await second.promise
      })
      await first.promise
      const late = failureOf(p.create('shelves', { code: 'race' }))
      await waits(p)
      second.resolve()
      await slow
      expect(await late).toMatchObject({ code: 'CONSTRAINT', data: { column: 'code', value: 'race' } })
      expect(await p.column('shelves', 'code', { filters: { code: 'race' } })).toEqual(['race'])
    })

    test('and goes on when the other gives up', async () => {
      const first = deferred()
      const second = deferred()
      const slow = inside(async (tx, writer) => {
        await createRecords(tx, writer, 'shelves', [{ code: 'given up' }])
        first.resolve()
        await second.promise
        throw new Error('Changed my mind')
      })
      await first.promise
      const late = p.create('shelves', { code: 'given up' })
      await waits(p)
      second.resolve()
      await expect(slow).rejects.toThrow('Changed my mind')
      expect(await late).toMatchObject({ code: 'given up' })
    })
  })

  describe('required, types and text', () => {
    beforeAll(() =>
      table(parentTier, 'forms', [
        { name: 'title', type: 'varchar(3)', required: true },
        { name: 'count', type: 'smallint', default: '7' },
        { name: 'body', type: 'jsonb' },
        { name: 'note', type: 'text' },
      ]),
    )

    test.each<[JsonObject[], JsonObject]>([
      [[{}], { column: 'title', constraint: 'required', table: 'forms' }],
      [[{ title: 'x' }, { title: null }], { column: 'title', constraint: 'required', index: 1 }],
      [[{ title: 'long' }], { column: 'title', value: 'long' }],
      [[{ title: 'x', count: 40_000 }], { column: 'count', value: 40_000 }],
      [[{ title: 'x', note: 'a\0b' }], { column: 'note' }],
      [[{ title: 'x', body: ['a\0b'] }], { column: 'body' }],
    ])('%j is refused', async (rows, data) => {
      expect(await failureOf(many('forms', rows))).toMatchObject({ data })
    })

    test('a default, an update that changes nothing, and ten megabytes', async () => {
      const made = await p.create('forms', { title: 'x' })
      expect(made.count).toBe(7)
      expect((await patch('forms', made._id, { count: 7 })).record._revision).toBe(2)
      const body = { deep: [[[{ a: [null, 1e-7, 'x'] }]]], text: 'é"\\\n'.repeat(2_000_000) }
      const { _id } = await p.create('forms', { title: 'big', body })
      const { record } = await records().get(at('forms', _id))
      expect(JSON.stringify(record.body) === JSON.stringify(body)).toBe(true)
      const { record: patched } = await patch('forms', _id, { note: 'y' })
      expect(JSON.stringify(patched.body).length).toBe(JSON.stringify(body).length)
    })

    test('what is logged is the members that changed', async () => {
      const { _id } = await p.create('forms', { title: 'log', count: 1, body: { a: 1 } })
      await patch('forms', _id, { count: 2, note: 'n', title: 'log' })
      await records().delete(at('forms', _id))
      const rows = await asAdmin(
        p.studio.adminUrl,
        'select op, revision, before, after from studio.changes where record_id = $1 order by id',
        [_id],
      )
      expect(rows).toEqual([
        { op: 'insert', revision: 1, before: null, after: { title: 'log', count: 1, body: { a: 1 } } },
        { op: 'update', revision: 2, before: { count: 1, note: null }, after: { count: 2, note: 'n' } },
        {
          op: 'delete',
          revision: 2,
          after: null,
          before: expect.objectContaining({ title: 'log', count: 2, body: { a: 1 }, note: 'n' }),
        },
      ])
    })
  })

  describe('references', () => {
    beforeAll(async () => {
      await table(parentTier, 'makers', [
        { name: 'id', type: 'uuid', primary_key: true, default: 'gen_random_uuid()' },
        { name: 'code', type: 'varchar(8)', unique: true },
        { name: 'number', type: 'bigint', unique: true },
        { name: 'motto', type: 'text' },
      ])
      await table(childTier, 'goods', [
        { name: 'name', type: 'text' },
        { name: 'maker', type: 'uuid', references: { table: 'makers', column: 'id', on_delete: 'cascade' } },
        { name: 'code', type: 'text', references: { table: 'makers', column: 'code', on_delete: 'set_null' } },
        { name: 'number', type: 'integer', references: { table: 'makers', column: 'number' } },
      ])
      await table(parentTier, 'parts', [
        { name: 'name', type: 'text' },
        { name: 'good', type: 'uuid', references: { table: 'goods', column: 'id', on_delete: 'cascade' } },
      ])
    })

    test.each<[JsonObject, JsonObject]>([
      [{ maker: '00000000-0000-4000-8000-000000000000' }, { column: 'maker' }],
      [{ code: 'nobody' }, { column: 'code', value: 'nobody' }],
      [{ code: 'longer than eight' }, { column: 'code', value: 'longer than eight' }],
      [{ number: 5 }, { column: 'number', value: 5 }],
    ])('%j points nowhere', async (record, data) => {
      expect(await failureOf(p.create('goods', record))).toMatchObject({
        code: 'CONSTRAINT',
        data: { table: 'goods', constraint: 'reference', ...data },
      })
      const { _id } = await p.create('goods', { name: 'x' })
      expect(await failureOf(patch('goods', _id, record))).toMatchObject({ code: 'CONSTRAINT', data })
    })

    test('says which record of many, and keeps none of them', async () => {
      await p.create('makers', { code: 'one', number: '1' })
      const rows = [{ code: 'one' }, { name: 'lost', code: 'two' }]
      expect(await failureOf(many('goods', rows))).toMatchObject({ data: { index: 1, value: 'two', column: 'code' } })
      expect(await p.column('goods', 'name', { filters: { name: 'lost' } })).toEqual([])
    })

    test('a delete cascades any number of tables far', async () => {
      const maker = await p.create('makers', { code: 'deep' })
      const good = await p.create('goods', { name: 'deep', maker: maker._id })
      await many('parts', [
        { name: 'deep', good: good._id },
        { name: 'deep', good: good._id },
      ])
      const { deleted, operation } = await drop('makers', { code: 'deep' })
      expect(deleted).toBe(1)
      for (const name of ['goods', 'parts'])
        expect(await p.column(name, 'name', { filters: { name: 'deep' } })).toEqual([])
      const logged = await asAdmin(
        p.studio.adminUrl,
        'select count(*)::int as n, count(distinct table_id)::int as tables from studio.changes where operation = $1',
        [operation],
      )
      expect(logged).toEqual([{ n: 4, tables: 3 }])
      const { entries } = await p.tenant.client.databases.audit({ databaseId: p.databaseId })
      expect(entries[0]?.sentence).toBe('Deleted 1 record of makers, and 3 that depend on them.')
    })

    test('empties what may be empty, and is refused by what may not', async () => {
      await p.create('makers', { code: 'gone', number: '77' })
      const good = await p.create('goods', { name: 'kept', code: 'gone' })
      const held = await p.create('goods', { name: 'held', number: 77 })
      expect(await failureOf(drop('makers', { code: 'gone' }))).toMatchObject({
        code: 'CONSTRAINT',
        data: { table: 'goods', column: 'number', constraint: 'reference', value: 77 },
      })
      expect((await records().get(at('goods', good._id))).record).toMatchObject({ code: 'gone', _revision: 1 })
      await records().delete(at('goods', held._id))
      expect(await drop('makers', { code: 'gone' })).toMatchObject({ deleted: 1 })
      expect((await records().get(at('goods', good._id))).record).toMatchObject({ code: null, _revision: 2 })
    })

    test('who forbids the delete may go along with it', async () => {
      const maker = await p.create('makers', { code: 'both', number: '88' })
      await p.create('goods', { name: 'both', maker: maker._id, number: 88 })
      expect(await drop('makers', { code: 'both' })).toMatchObject({ deleted: 1 })
      expect(await p.column('goods', 'name', { filters: { name: 'both' } })).toEqual([])
    })

    test('a value that is pointed to stays what it is', async () => {
      const maker = await p.create('makers', { code: 'fixed', number: '99' })
      await p.create('goods', { name: 'fixed', code: 'fixed' })
      expect(await failureOf(patch('makers', maker._id, { code: 'other' }))).toMatchObject({
        code: 'CONSTRAINT',
        data: { table: 'goods', column: 'code', constraint: 'reference', value: 'fixed' },
      })
      await patch('makers', maker._id, { code: 'fixed', number: '100' })
    })

    test('who points to a record that is being deleted waits, and is refused', async () => {
      const maker = await p.create('makers', { code: 'r1' })
      const [first, second] = [deferred(), deferred()]
      const slow = inside(async (tx, writer) => {
        await deleteRecords(tx, writer, { tableName: 'makers', filters: { code: 'r1' } })
        first.resolve()
        await second.promise
      })
      await first.promise
      const late = failureOf(p.create('goods', { name: 'orphan', maker: maker._id }))
      const byCode = failureOf(p.create('goods', { name: 'orphan', code: 'r1' }))
      await waits(p, 2)
      second.resolve()
      await slow
      expect(await late).toMatchObject({ code: 'CONSTRAINT', data: { column: 'maker' } })
      expect(await byCode).toMatchObject({ code: 'CONSTRAINT', data: { column: 'code' } })
      expect(await p.column('goods', 'name', { filters: { name: 'orphan' } })).toEqual([])
    })

    test('who deletes what is being pointed to waits, and takes it along', async () => {
      const maker = await p.create('makers', { code: 'r2', number: '2002' })
      const [first, second] = [deferred(), deferred()]
      const slow = inside(async (tx, writer) => {
        await createRecords(tx, writer, 'goods', [{ name: 'new', maker: maker._id }])
        first.resolve()
        await second.promise
      })
      await first.promise
      const late = drop('makers', { code: 'r2' })
      await waits(p)
      second.resolve()
      await slow
      expect(await late).toMatchObject({ deleted: 1 })
      expect(await p.column('goods', 'name', { filters: { name: 'new' } })).toEqual([])
    })

    test('who changes a value that is being pointed to waits, and is refused', async () => {
      const maker = await p.create('makers', { code: 'r3' })
      const [first, second] = [deferred(), deferred()]
      const slow = inside(async (tx, writer) => {
        await createRecords(tx, writer, 'goods', [{ name: 'r3', code: 'r3' }])
        first.resolve()
        await second.promise
      })
      await first.promise
      const late = failureOf(patch('makers', maker._id, { code: 'r4' }))
      await waits(p)
      second.resolve()
      await slow
      expect(await late).toMatchObject({ code: 'CONSTRAINT', data: { column: 'code', value: 'r3' } })
    })

    test('who points to a record that is only changed does not wait', async () => {
      const maker = await p.create('makers', { code: 'r5' })
      const done = await inside(async (tx, writer) => {
        await updateRecord(tx, writer, { tableName: 'makers', id: maker._id, record: { motto: 'new' } })
        return p.create('goods', { name: 'r5', maker: maker._id, code: 'r5' })
      })
      expect(done).toMatchObject({ code: 'r5' })
    })
  })

  describe('what comes after the first write', () => {
    test('a reference that is new, and a target that moves, are both seen', async () => {
      await table(parentTier, 'owners', [
        { name: 'name', type: 'text' },
        { name: 'code', type: 'text', unique: true },
      ])
      await table(childTier, 'things', [
        { name: 'name', type: 'text' },
        { name: 'maker', type: 'uuid', references: { table: 'owners', column: 'id', on_delete: 'cascade' } },
        { name: 'owner', type: 'text' },
      ])
      const gone = await p.create('owners', { name: 'gone' })
      const owner = await p.create('owners', { name: 'stays', code: 'o' })
      await p.create('things', { name: 'made', maker: owner._id })
      await records().delete(at('owners', gone._id))
      const { tables } = await p.tenant.client.tables.list({ databaseId: p.databaseId })
      const idOf = (name: string) => tables.find(({ table_name }) => table_name === name)?.id ?? ''
      const references = { table: 'owners', column: 'code' }
      await p.tenant.client.tables.update({
        databaseId: p.databaseId,
        tableId: idOf('things'),
        edits: [{ type: 'setReference', table: 'things', column: 'owner', references }],
      })
      const thing = await p.create('things', { name: 'owned', owner: 'o' })
      expect((await failureOf(records().delete(at('owners', owner._id)))).code).toBe('CONSTRAINT')
      const other = parentTier === 'shared' ? 'dedicated' : 'shared'
      await moveToTier(p.tenant.client, p.databaseId, [idOf('owners')], other)
      await p.create('things', { name: 'after the move', maker: owner._id, owner: 'o' })
      expect((await failureOf(records().delete(at('owners', owner._id)))).code).toBe('CONSTRAINT')
      await drop('things', { owner: 'o' })
      expect((await failureOf(records().delete(at('things', thing._id)))).code).toBe('NOT_FOUND')
      await records().delete(at('owners', owner._id))
      expect(await p.column('things', 'name')).toEqual([])
    })
  })

  describe('a table that points to itself, and two that point to each other', () => {
    beforeAll(async () => {
      await table(parentTier, 'nodes', [{ name: 'name', type: 'text' }])
      await table(childTier, 'notes', [
        { name: 'name', type: 'text' },
        { name: 'node', type: 'uuid', references: { table: 'nodes', column: 'id', on_delete: 'cascade' } },
      ])
      await edit('nodes', { type: 'addColumn', table: 'nodes', column: { name: 'up', type: 'uuid' } })
      await edit('nodes', { type: 'addColumn', table: 'nodes', column: { name: 'note', type: 'uuid' } })
      await refer('up', { table: 'nodes', column: 'id', on_delete: 'cascade' })
      await refer('note', { table: 'notes', column: 'id', on_delete: 'cascade' })
    })
    const refer = (column: string, references: JsonObject) =>
      edit('nodes', { type: 'setReference', table: 'nodes', column, references })
    async function edit(name: string, one: JsonObject) {
      const { tables } = await p.tenant.client.tables.list({ databaseId: p.databaseId })
      const tableId = tables.find(({ table_name }) => table_name === name)?.id ?? ''
      await p.tenant.client.tables.update({ databaseId: p.databaseId, tableId, edits: [one as never] })
    }

    test('a tree and a ring go as a whole', async () => {
      const root = await p.create('nodes', { name: 'root' })
      let up = root._id
      for (let depth = 0; depth < 8; depth++) up = (await p.create('nodes', { name: 'leaf', up }))._id
      const note = await p.create('notes', { name: 'note', node: up })
      await patch('nodes', root._id, { up, note: note._id })
      await many('nodes', [{ name: 'other' }])
      expect(await drop('nodes', { name: 'root' })).toMatchObject({ deleted: 1 })
      expect(await p.column('nodes', 'name')).toEqual(['other'])
      expect(await p.column('notes', 'name')).toEqual([])
    })

    test('records of one call may point to each other', async () => {
      const [a, b] = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b']
      await many('nodes', [
        { id: a, name: 'pair', up: b },
        { id: b, name: 'pair', up: a },
      ])
      expect(await drop('nodes', { id: a })).toMatchObject({ deleted: 1 })
      expect(await p.column('nodes', 'name', { filters: { name: 'pair' } })).toEqual([])
    })

    test('a record may point to itself', async () => {
      const id = '00000000-0000-7000-8000-0000000000ff'
      await p.create('nodes', { id, name: 'self', up: id })
      expect(await drop('nodes', { name: 'self' })).toMatchObject({ deleted: 1 })
    })
  })
})

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve: () => resolve() }
}

/** Until that many sessions of this database wait for a lock. */
async function waits({ studio }: TestProject, sessions = 1): Promise<void> {
  for (;;) {
    const [row] = await asAdmin(
      studio.adminUrl,
      "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    )
    if (Number(row?.n) >= sessions) return
  }
}
