import { usersTable } from '@shared/domain/users-table'
import type { JsonObject, JsonValue } from '@shared/json'
import bcrypt from 'bcrypt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin } from './database'
import { makeDedicated } from './dedicated'
import { createTestProject, type TestProject } from './test-project'
import { failureOf } from './test-studio'

/** Everything records do over the procedures, with every table in this tier. */
export function recordsScenario(tier: 'shared' | 'dedicated'): void {
  let p: TestProject
  let databaseId: string
  const client = () => p.tenant.client.records
  const nowhere = '00000000-0000-4000-8000-000000000000'
  const hash = `$2b$12$${'a'.repeat(53)}`

  beforeAll(async () => {
    p = await createTestProject()
    if (tier === 'dedicated') p = await inDedicatedTier(p)
    databaseId = p.databaseId
  })
  afterAll(() => p.close())

  const at = (tableName: string, id: string) => ({ params: { databaseId, recordId: id }, query: { table: tableName } })
  const patch = (tableName: string, id: string, record: JsonObject, revision?: number) =>
    client().update({ ...at(tableName, id), body: { record, ...(revision === undefined ? {} : { revision }) } })
  const remove = (tableName: string, id: string) => client().delete(at(tableName, id))
  const read = async (tableName: string, id: string) => (await client().get(at(tableName, id))).record

  describe('one record', () => {
    beforeAll(() =>
      p.table('contacts', [
        { name: 'name', type: 'text', required: true },
        { name: 'age', type: 'smallint' },
        { name: 'big', type: 'bigint' },
        { name: 'money', type: 'numeric(12,2)', default: '0' },
        { name: 'meta', type: 'jsonb' },
        { name: 'tags', type: 'text[]' },
        { name: 'born', type: 'date' },
        { name: 'constructor', type: 'text' },
      ]),
    )

    test('comes back as it was written, with defaults, id and revision', async () => {
      const record = await p.create('contacts', {
        name: 'Ada',
        big: '9007199254740993',
        money: '1.005',
        meta: { __proto__2: [1, { x: null }], ...JSON.parse('{"__proto__": {"a": 1}}') },
        tags: ['x', null],
        born: '1815-12-10',
      })
      const expected = {
        _id: record._id,
        _revision: 1,
        id: record._id,
        name: 'Ada',
        age: null,
        big: '9007199254740993',
        money: '1.01',
        tags: ['x', null],
        born: '1815-12-10',
        constructor: null,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
        updated_at: record.created_at,
      }
      expect(record).toMatchObject(expected)
      expect(JSON.stringify(record.meta)).toBe('{"__proto__2":[1,{"x":null}],"__proto__":{"a":1}}')
      const again = await read('contacts', record._id)
      expect({ ...again, meta: null }).toEqual({ ...record, meta: null })
      expect(Object.keys(Object(again.meta)).sort()).toEqual(['__proto__', '__proto__2'])
      expect(Object.keys(again)).toEqual(Object.keys(record))
    })

    test('is changed in part, and as a whole', async () => {
      const { _id, created_at } = await p.create('contacts', { name: 'Bob', age: 5, money: 7 })
      const changed = (await patch('contacts', _id, { age: null, constructor: 'c' })).record
      expect(changed).toMatchObject({
        _revision: 2,
        name: 'Bob',
        age: null,
        constructor: 'c',
        money: '7.00',
        created_at,
      })
      expect(String(changed.updated_at) > String(created_at)).toBe(true)
      const body = { record: { name: 'Rob', id: _id }, revision: 2 }
      const replaced = (await client().replace({ ...at('contacts', _id), body })).record
      expect(replaced).toMatchObject({ _id, _revision: 3, name: 'Rob', constructor: null, money: '0.00' })
      expect(await read('contacts', _id)).toEqual(replaced)
    })

    test('tells who comes late what is there now', async () => {
      const { _id } = await p.create('contacts', { name: 'Eve' })
      await patch('contacts', _id, { age: 1 }, 1)
      const late = await failureOf(patch('contacts', _id, { age: 2 }, 1))
      expect(late).toMatchObject({ code: 'CONFLICT', data: { record: { _id, _revision: 2, age: 1 } } })
      expect((await read('contacts', _id)).age).toBe(1)
    })

    test('only one of many writers with the same revision wins', async () => {
      const { _id } = await p.create('contacts', { name: 'Race' })
      const all = await Promise.allSettled([1, 2, 3, 4, 5].map((age) => patch('contacts', _id, { age }, 1)))
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect((await read('contacts', _id))._revision).toBe(2)
    })

    test('is deleted, and then is nowhere', async () => {
      const { _id } = await p.create('contacts', { name: 'Gone' })
      await remove('contacts', _id)
      for (const call of [() => read('contacts', _id), () => remove('contacts', _id), () => patch('contacts', _id, {})])
        expect((await failureOf(call())).code).toBe('NOT_FOUND')
      expect((await failureOf(read('nowhere', nowhere))).code).toBe('NOT_FOUND')
    })

    test('may bring its own id, which then stays', async () => {
      const id = '11111111-1111-1111-1111-111111111111'
      expect(await p.create('contacts', { id: id.toUpperCase(), name: 'Own' })).toMatchObject({ _id: id, id })
      expect(await read('contacts', id.toUpperCase())).toMatchObject({ _id: id })
      expect(await failureOf(p.create('contacts', { id, name: 'Two' }))).toMatchObject({
        code: 'CONSTRAINT',
        data: { column: 'id', constraint: 'unique' },
      })
      expect((await failureOf(patch('contacts', id, { id: nowhere }))).code).toBe('VALIDATION')
      expect((await patch('contacts', id, { id })).record._revision).toBe(2)
    })

    test.each<[JsonObject, string, JsonObject]>([
      [{ name: 'x', nick: 1 }, 'VALIDATION', { column: 'nick' }],
      [{ name: 'x', _id: nowhere }, 'VALIDATION', { column: '_id' }],
      [JSON.parse('{"name": "x", "__proto__": 1}'), 'VALIDATION', { column: '__proto__' }],
      [{ name: 'x', age: 'old' }, 'VALIDATION', { column: 'age', value: 'old', reason: 'is not a whole number' }],
      [{ name: 'x', age: 40000 }, 'VALIDATION', { column: 'age' }],
      [{ name: 'x\0' }, 'VALIDATION', { column: 'name' }],
      [{ name: '\ud800' }, 'VALIDATION', { column: 'name' }],
      [{ name: 'x', meta: { 'a\0': 1 } }, 'VALIDATION', { column: 'meta' }],
      [{ name: 'x', money: '1e400' }, 'VALIDATION', { column: 'money' }],
      [{ name: null }, 'CONSTRAINT', { column: 'name', constraint: 'required' }],
      [{}, 'CONSTRAINT', { column: 'name', constraint: 'required' }],
    ])('%j is refused', async (record, code, data) => {
      expect(await failureOf(p.create('contacts', record))).toMatchObject({ code, data })
    })
  })

  describe('many records', () => {
    test('are created in their order, all or none', async () => {
      await p.table('numbers', [{ name: 'n', type: 'integer', required: true }])
      const records = Array.from({ length: 10_000 }, (_, n) => ({ n }))
      const created = (await client().create({ databaseId, tableName: 'numbers', records })).records ?? []
      expect(created).toHaveLength(10_000)
      expect(new Set(created.map(({ _id }) => _id)).size).toBe(10_000)
      expect(await p.column('numbers', 'n', { limit: 1000 })).toEqual(records.slice(0, 1000).map(({ n }) => n))
      const bad = [{ n: 1 }, { n: 2 }, { n: 'x' }]
      expect(await failureOf(client().create({ databaseId, tableName: 'numbers', records: bad }))).toMatchObject({
        code: 'VALIDATION',
        data: { column: 'n', index: 2 },
      })
      const { count } = await client().query({ databaseId, tableName: 'numbers', count: 'exact', limit: 1 })
      expect(count).toBe(10_000)
    })

    test('one line of activity for a call', async () => {
      const { entries } = await p.tenant.client.databases.audit({ databaseId })
      expect(entries[0]).toMatchObject({ action: 'records.create', sentence: 'Created 10,000 records in numbers.' })
    })
  })

  describe('unique and references', () => {
    beforeAll(async () => {
      await p.table('countries', [
        { name: 'code', type: 'varchar(2)', primary_key: true },
        { name: 'rank', type: 'numeric', unique: true },
      ])
      await p.table('cities', [
        { name: 'name', type: 'text', primary_key: true },
        {
          name: 'country',
          type: 'text',
          primary_key: true,
          references: { table: 'countries', column: 'code', on_delete: 'cascade' },
        },
      ])
      await p.table('streets', [
        { name: 'name', type: 'text' },
        { name: 'capital', type: 'text', references: { table: 'countries', column: 'code', on_delete: 'set_null' } },
        { name: 'fixed', type: 'text', references: { table: 'countries', column: 'code' } },
      ])
      await p.table('folders', [
        { name: 'name', type: 'text' },
        { name: 'parent', type: 'uuid' },
      ])
      const [{ id = '' } = {}] = (await p.tenant.client.tables.list({ databaseId })).tables.filter(
        (t) => t.table_name === 'folders',
      )
      await p.tenant.client.tables.update({
        databaseId,
        tableId: id,
        edits: [
          {
            type: 'setReference',
            table: 'folders',
            column: 'parent',
            references: { table: 'folders', column: 'id', on_delete: 'cascade' },
          },
        ],
      })
    })

    test('a value is there once, by value and not by spelling', async () => {
      await p.create('countries', { code: 'de', rank: '1.5' })
      expect(await failureOf(p.create('countries', { code: 'xx', rank: '1.50' }))).toMatchObject({
        code: 'CONSTRAINT',
        data: { column: 'rank', constraint: 'unique' },
      })
      expect(await failureOf(p.create('countries', { code: 'de' }))).toMatchObject({
        data: { column: 'code', constraint: 'unique' },
      })
      const twice = [
        { code: 'q1', rank: 7 },
        { code: 'q2', rank: 7 },
      ]
      expect((await failureOf(client().create({ databaseId, tableName: 'countries', records: twice }))).code).toBe(
        'CONSTRAINT',
      )
      await client().create({ databaseId, tableName: 'countries', records: [{ code: 'fr' }, { code: 'at' }] })
      expect(await p.column('countries', 'code')).toEqual(['de', 'fr', 'at'])
    })

    test('also under concurrency', async () => {
      const tries = await Promise.allSettled(Array.from({ length: 12 }, () => p.create('countries', { code: 'it' })))
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const one of tries) if (one.status === 'rejected') expect(one.reason.code).toBe('CONSTRAINT')
    })

    test('a key of two columns counts together', async () => {
      await p.create('cities', { name: 'Wien', country: 'at' })
      await p.create('cities', { name: 'Wien', country: 'de' })
      expect(await failureOf(p.create('cities', { name: 'Wien', country: 'at' }))).toMatchObject({
        data: { columns: ['name', 'country'], constraint: 'unique' },
      })
    })

    test('a reference points to something', async () => {
      expect(await failureOf(p.create('cities', { name: 'Atlantis', country: 'zz' }))).toMatchObject({
        code: 'CONSTRAINT',
        data: { column: 'country', constraint: 'reference', value: 'zz' },
      })
      const [wien] = (await client().query({ databaseId, tableName: 'cities' })).records
      const moved = failureOf(patch('cities', String(wien?._id), { country: 'zz' }))
      expect((await moved).code).toBe('CONSTRAINT')
      const [de] = (await client().query({ databaseId, tableName: 'countries', filters: { code: 'de' } })).records
      expect(await failureOf(patch('countries', String(de?._id), { code: 'dd' }))).toMatchObject({
        code: 'CONSTRAINT',
        data: { column: 'country', constraint: 'reference' },
      })
      expect((await patch('countries', String(de?._id), { code: 'de' })).record.code).toBe('de')
    })

    test('a delete cascades, empties or is refused', async () => {
      const street = await p.create('streets', { name: 'Ring', capital: 'at' })
      const lane = await p.create('streets', { name: 'Lane', fixed: 'at' })
      const drop = () => client().deleteMany({ databaseId, tableName: 'countries', filters: { code: 'at' } })
      expect(await failureOf(drop())).toMatchObject({
        code: 'CONSTRAINT',
        data: { column: 'fixed', constraint: 'reference' },
      })
      expect(await p.column('cities', 'country')).toEqual(['at', 'de'])
      await remove('streets', lane._id)
      expect(await drop()).toMatchObject({ deleted: 1, operation: expect.any(String) })
      expect(await p.column('cities', 'country')).toEqual(['de'])
      expect(await read('streets', street._id)).toMatchObject({ capital: null, _revision: 2 })
    })

    test('a tree goes with its root', async () => {
      const root = await p.create('folders', { name: 'root' })
      const child = await p.create('folders', { name: 'child', parent: root._id })
      await p.create('folders', { name: 'leaf', parent: child._id })
      await patch('folders', root._id, { parent: child._id })
      await remove('folders', child._id)
      expect(await p.column('folders', 'name')).toEqual([])
    })

    test('nobody comes to point at what is being deleted', async () => {
      for (let round = 0; round < 8; round++) {
        await p.create('countries', { code: `r${round}` })
        await Promise.allSettled([
          client().deleteMany({ databaseId, tableName: 'countries', filters: { code: `r${round}` } }),
          p.create('streets', { name: 'race', fixed: `r${round}` }),
          p.create('streets', { name: 'race', fixed: `r${round}` }),
        ])
      }
      const codes = new Set(await p.column('countries', 'code'))
      for (const fixed of await p.column('streets', 'fixed', { filters: { name: 'race' } }))
        expect(codes.has(fixed)).toBe(true)
    })

    test('deletes only the number that was expected', async () => {
      const call = (expected: number) =>
        client().deleteMany({
          databaseId,
          tableName: 'numbers',
          filters: { column: 'n', op: 'lt', value: 10 },
          expected,
        })
      expect(await failureOf(call(9))).toMatchObject({ code: 'CONFLICT', data: { expected: 9, matched: 10 } })
      expect(await call(10)).toMatchObject({ deleted: 10, operation: expect.any(String) })
      expect(await call(0)).toEqual({ deleted: 0 })
    })
  })

  describe('query', () => {
    const rows: readonly JsonObject[] = [
      {
        t: 'alpha',
        n: 1,
        big: '9007199254740993',
        num: '1.50',
        b: true,
        d: '2024-01-01',
        ts: '2024-01-01T00:00:00.000001Z',
        j: { a: { b: 1 }, k: ['x'] },
        tags: ['a', 'b'],
      },
      {
        t: 'Beta',
        n: 2,
        big: '9007199254740992',
        num: '1.5',
        b: false,
        d: '2024-01-02',
        ts: '2024-01-01T00:00:00.000002Z',
        j: { a: { b: 2 }, s: 'hello' },
        tags: ['b'],
      },
      {
        t: '50%_\\x',
        n: -3,
        num: '-10',
        b: null,
        d: '2023-12-31',
        ts: '2024-01-01T01:00:00+01:00',
        j: { a: { b: '1' } },
        tags: [],
      },
      { t: null, n: null, big: '10', num: '9', b: true, j: { a: null } },
    ]
    beforeAll(async () => {
      await p.table('items', [
        { name: 't', type: 'text' },
        { name: 'n', type: 'integer' },
        { name: 'big', type: 'bigint' },
        { name: 'num', type: 'numeric' },
        { name: 'b', type: 'boolean' },
        { name: 'd', type: 'date' },
        { name: 'ts', type: 'timestamptz' },
        { name: 'j', type: 'jsonb' },
        { name: 'tags', type: 'text[]' },
        { name: 'i', type: 'interval' },
      ])
      await client().create({ databaseId, tableName: 'items', records: rows.map((row) => ({ ...row })) })
    })
    const c = (column: string, op: string, value: JsonValue): JsonObject => ({ column, op, value })
    const found = async (filters: JsonObject) => {
      const { records } = await client().query({ databaseId, tableName: 'items', filters })
      return records.map(({ t }) => rows.findIndex((row) => row.t === t))
    }

    test.each<[JsonObject, number[]]>([
      [{}, [0, 1, 2, 3]],
      [{ t: 'alpha' }, [0]],
      [{ t: null }, [3]],
      [{ t: 'alpha', n: 2 }, []],
      [c('n', 'gt', '1'), [1]],
      [c('n', 'lt', 5_000_000_000), [0, 1, 2]],
      [c('n', 'neq', 1), [1, 2]],
      [c('big', 'gt', '9007199254740992'), [0]],
      [c('big', 'lt', 100), [3]],
      [c('num', 'eq', '1.500'), [0, 1]],
      [c('num', 'gte', 9), [3]],
      [c('d', 'lt', '2024-01-01'), [2]],
      [c('ts', 'eq', '2024-01-01T00:00:00Z'), [2]],
      [c('ts', 'gt', '2024-01-01T00:00:00.000001Z'), [1]],
      [c('b', 'is', true), [0, 3]],
      [c('b', 'is', null), [2]],
      [c('b', 'is', 'not_null'), [0, 1, 3]],
      [c('t', 'like', '%a'), [0, 1]],
      [c('t', 'ilike', 'b%'), [1]],
      [c('t', 'like', '50\\%%'), [2]],
      [c('t', 'contains', '%_'), [2]],
      [c('t', 'contains', '\\'), [2]],
      [c('t', 'starts_with', 'B'), [1]],
      [c('t', 'in', ['alpha', 'Beta', 'x']), [0, 1]],
      [c('t', 'in', []), []],
      [c('num', 'in', ['1.5', 9]), [0, 1, 3]],
      [c('ts', 'in', ['2024-01-01T00:00:00Z', '2024-01-01T01:00:00.000001+01:00']), [0, 2]],
      [c('d', 'in', ['2024-01-02']), [1]],
      [c('n', 'in', [1, 5_000_000_000]), [0]],
      [c('b', 'in', [false]), [1]],
      [c('i', 'in', ['P1D']), []],
      [c('_revision', 'in', [1, 2]), [0, 1, 2, 3]],
      [c('tags', 'contains', 'b'), [0, 1]],
      [c('tags', 'contains', ['a', 'b']), [0]],
      [c('tags', 'eq', []), [2]],
      [c('tags', 'in', [['b'], []]), [1, 2]],
      [c('j', 'contains', { a: { b: 2 } }), [1]],
      [c('j.a.b', 'eq', 1), [0]],
      [c('j.a.b', 'eq', '1'), [2]],
      [c('j.a.b', 'gte', 1), [0, 1]],
      [c('j.a.b', 'in', [1, '1']), [0, 2]],
      [c('j.k.0', 'eq', 'x'), [0]],
      [c('j.k', 'contains', 'x'), [0]],
      [c('j.s', 'contains', 'ell'), [1]],
      [c('j.s', 'ilike', 'HE%'), [1]],
      [c('j.a.b', 'is', null), [3]],
      [c('j.a', 'is', null), [3]],
      [c('_revision', 'eq', 1), [0, 1, 2, 3]],
      [{ not: c('n', 'eq', 1) }, [1, 2]],
      [{ or: [c('n', 'eq', 1), { and: [c('n', 'gt', 1), c('t', 'eq', 'Beta')] }] }, [0, 1]],
      [{ or: [] }, []],
      [{ and: [] }, [0, 1, 2, 3]],
    ])('%j', async (filters, expected) => {
      expect(await found(filters)).toEqual(expected)
    })

    test.each<[JsonObject, string]>([
      [{ nope: 1 }, 'has no column "nope"'],
      [c('n', 'eq', 'x'), 'is not a whole number'],
      [c('n', 'like', '1%'), '"like" does not go with that'],
      [c('n', 'contains', '1'), '"contains" does not go with that'],
      [c('j', 'gt', 1), '"gt" does not go with that'],
      [c('tags', 'lt', ['a']), '"lt" does not go with that'],
      [c('t', 'is', true), '"is" does not go with that'],
      [c('b', 'is', 'maybe'), 'is none of'],
      [c('t', 'in', 'alpha'), 'is not a list'],
      [c('t', 'in', [null]), 'holds null'],
      [c('t', 'like', 'x\\'), 'ends with a backslash'],
      [c('t', 'eq', 'a\0'), 'U+0000'],
      [c('t', 'contains', '\ud800'), 'surrogate'],
      [c('t.a', 'eq', 1), 'only jsonb has paths'],
      [c('j..a', 'eq', 1), 'is not a path'],
      [c('j.a\0', 'eq', 1), 'is not a path'],
      [c('n', 'gt', null), 'use "is"'],
      [c('ts', 'eq', 'yesterday'), 'is not a date'],
      [c('t', 'between', 1), 'no operator "between"'],
      [{ __proto__: null, constructor: 1 }, 'has no column "constructor"'],
    ])('%j is refused with a sentence', async (filters, sentence) => {
      const error = await failureOf(found(filters))
      expect(error).toMatchObject({ code: 'VALIDATION', message: expect.stringContaining(sentence) })
    })

    test('a filter that is too deep, or a number that is no number, is refused', async () => {
      let deep: JsonObject = { t: 'x' }
      for (let n = 0; n < 5000; n++) deep = { not: deep }
      expect((await failureOf(found(deep))).code).toBe('VALIDATION')
      expect((await failureOf(found({ n: Number('1e400') }))).code).toBe('VALIDATION')
      expect((await failureOf(client().query({ databaseId, tableName: 'items', offset: -1 }))).code).toBe('VALIDATION')
    })

    test('sorts by type, with empty values where they are wanted', async () => {
      const order = (column: string, direction: string, nulls?: string) =>
        p.column('items', 'n', { sort: [{ column, direction, ...(nulls ? { nulls } : {}) }] })
      expect(await order('n', 'asc')).toEqual([-3, 1, 2, null])
      expect(await order('n', 'desc')).toEqual([null, 2, 1, -3])
      expect(await order('n', 'desc', 'last')).toEqual([2, 1, -3, null])
      expect(await order('n', 'asc', 'first')).toEqual([null, -3, 1, 2])
      expect(await order('num', 'asc')).toEqual([-3, 1, 2, null])
      expect(await order('j.a.b', 'desc', 'last')).toEqual([2, 1, -3, null])
      expect((await failureOf(order('nope', 'asc'))).code).toBe('VALIDATION')
    })

    test('selects columns, always with the identity', async () => {
      const { records } = await client().query({ databaseId, tableName: 'items', select: ['n'], limit: 1 })
      expect(records).toEqual([{ _id: expect.any(String), _revision: 1, n: 1 }])
      expect((await failureOf(client().query({ databaseId, tableName: 'items', select: ['x'] }))).code).toBe(
        'VALIDATION',
      )
    })
  })

  describe('pages', () => {
    beforeAll(async () => {
      await p.table('pages', [
        { name: 'a', type: 'integer' },
        { name: 'b', type: 'timestamptz' },
        { name: 'c', type: 'text' },
        { name: 'j', type: 'jsonb' },
      ])
      const records = Array.from({ length: 97 }, (_, n) => ({
        a: n % 5 === 0 ? null : n % 4,
        b: n % 7 === 0 ? null : `2024-01-0${1 + (n % 3)}T00:00:00.00000${n % 2}Z`,
        c: n === 50 ? 'x'.repeat(30_000) : `c${n % 10}`,
        j: n % 6 === 0 ? null : { v: n % 3 === 0 ? n : `s${n % 4}` },
      }))
      await client().create({ databaseId, tableName: 'pages', records })
    })

    const sorts: readonly (readonly [string, 'asc' | 'desc', ('first' | 'last')?][])[] = [
      [],
      [['_id', 'desc']],
      [['a', 'asc']],
      [['a', 'desc']],
      [
        ['a', 'asc', 'first'],
        ['b', 'desc', 'last'],
      ],
      [
        ['a', 'desc', 'last'],
        ['b', 'asc', 'first'],
        ['c', 'desc'],
      ],
      [['c', 'asc']],
      [['j.v', 'asc']],
      [
        ['j.v', 'desc'],
        ['a', 'asc'],
      ],
      [['j', 'desc']],
    ]
    test.each(sorts.map((sort) => [JSON.stringify(sort), sort] as const))(
      'by cursor are the whole, sorted %s',
      async (_, sort) => {
        const query = {
          databaseId,
          tableName: 'pages',
          sort: sort.map(([column, direction, nulls]) => ({ column, direction, ...(nulls ? { nulls } : {}) })),
        }
        const whole = (await client().query({ ...query, limit: 1000 })).records.map(({ _id }) => _id)
        expect(new Set(whole).size).toBe(97)
        const paged: unknown[] = []
        let cursor: string | null = null
        do {
          const page: Awaited<ReturnType<ReturnType<typeof client>['query']>> = await client().query({
            ...query,
            limit: 8,
            ...(cursor ? { cursor } : {}),
          })
          paged.push(...page.records.map(({ _id }) => _id))
          cursor = page.nextCursor
        } while (cursor !== null)
        expect(paged).toEqual(whole)
        const offset = (await client().query({ ...query, limit: 5, offset: 40 })).records.map(({ _id }) => _id)
        expect(offset).toEqual(whole.slice(40, 45))
      },
    )

    test('a cursor is of one query', async () => {
      const query = { databaseId, tableName: 'pages', limit: 5 }
      const sorted = { ...query, sort: [{ column: 'a', direction: 'asc' as const }] }
      const { nextCursor } = await client().query(sorted)
      const cursor = nextCursor ?? ''
      const forged = Buffer.from(
        JSON.stringify([JSON.parse(Buffer.from(cursor, 'base64url').toString())[0], nowhere, ['x']]),
      ).toString('base64url')
      for (const wrong of [
        { ...query, cursor },
        { ...sorted, cursor, filters: { a: 1 } },
        { ...sorted, tableName: 'items', cursor, sort: [{ column: 'n', direction: 'asc' as const }] },
        { ...sorted, cursor: 'garbage' },
        { ...sorted, cursor: '' },
        { ...sorted, cursor: forged },
      ])
        expect((await failureOf(client().query(wrong))).code).toBe('VALIDATION')
      expect((await failureOf(client().query({ ...sorted, cursor, offset: 5 }))).code).toBe('VALIDATION')
    })

    test('counts', async () => {
      const count = async (mode: 'none' | 'estimated' | 'exact', filters: JsonObject = {}) => {
        const page = await client().query({ databaseId, tableName: 'pages', limit: 1, count: mode, filters })
        return [page.count, page.countEstimated]
      }
      expect(await count('none')).toEqual([undefined, undefined])
      expect(await count('exact', { a: null })).toEqual([20, undefined])
      expect(await count('estimated', { a: null })).toEqual([20, undefined])
    })
  })

  describe('records that come along', () => {
    let ada = ''
    beforeAll(async () => {
      await p.table('authors', [
        { name: 'name', type: 'text', required: true },
        { name: 'rank', type: 'bigint' },
      ])
      await p.table('posts', [
        { name: 'title', type: 'text' },
        { name: 'author_id', type: 'uuid', references: { table: 'authors', column: 'id' } },
        { name: 'editor_id', type: 'uuid', references: { table: 'authors', column: 'id' } },
      ])
      ada = (await p.create('authors', { name: 'Ada', rank: '9007199254740993' }))._id
      await p.create('authors', { name: 'Bob' })
      for (const title of ['a', 'b', 'c']) await p.create('posts', { title, author_id: ada })
      await p.create('posts', { title: 'd' })
    })
    const embedded = async (tableName: string, embed: JsonObject[], more: JsonObject = {}) =>
      (await client().query({ databaseId, tableName, embed: embed as never, ...more })).records

    test('the one a reference points to', async () => {
      const rows = await embedded('posts', [{ column: 'author_id', as: 'author' }], { select: ['title'], offset: 1 })
      expect(rows.map(({ title, author }) => [title, Object(author).name])).toEqual([
        ['b', 'Ada'],
        ['c', 'Ada'],
        ['d', undefined],
      ])
      expect(rows[0]?.author).toMatchObject({ _id: ada, id: ada, _revision: 1, rank: '9007199254740993' })
      expect(rows[2]?.author).toBe(null)
      const [plain] = await embedded('posts', [{ column: 'author_id', select: ['name'] }])
      expect(plain?.authors).toEqual({ _id: ada, _revision: 1, name: 'Ada' })
    })

    test('those that point to it', async () => {
      const rows = await embedded('authors', [{ table: 'posts', column: 'author_id', select: ['title'], limit: 2 }])
      expect(rows.map(({ name, posts }) => [name, (posts as JsonObject[]).map(({ title }) => title)])).toEqual([
        ['Ada', ['a', 'b']],
        ['Bob', []],
      ])
    })

    test.each<[string, JsonObject, string]>([
      ['posts', { column: 'title' }, 'has no reference "title"'],
      ['authors', { table: 'posts' }, 'Say which with "column"'],
      ['authors', { table: 'users' }, 'No column of table "users"'],
      ['posts', { column: 'author_id', as: 'title' }, 'already have a member'],
      ['posts', { column: 'author_id', select: ['nope'] }, 'has no column "nope"'],
    ])('of %s by %j is refused', async (tableName, embed, sentence) => {
      expect(await failureOf(embedded(tableName, [embed]))).toMatchObject({
        code: 'VALIDATION',
        message: expect.stringContaining(sentence),
      })
    })
  })

  describe('password hashes', () => {
    test('are written as bcrypt only and never read', async () => {
      expect(usersTable.columns.map(({ name }) => name)).toContain('password_hash')
      const user = await p.create('users', { email: 'a@example.org', password_hash: hash })
      expect(JSON.stringify(user)).not.toContain('password_hash')
      expect(Object.keys(await read('users', user._id))).not.toContain('password_hash')
      await p.create('users', { email: 'b@example.org', password_hash: 'secret of b' })
      await patch('users', user._id, { password_hash: 'secret of a' })
      const [{ users } = {}] = await asAdmin(
        p.studio.adminUrl,
        "select storage ->> 'relation' as users from studio.project_tables where table_name = 'users'",
      )
      const kept = await asAdmin(
        p.studio.adminUrl,
        tier === 'shared'
          ? "select data ->> 'email' as email, data ->> 'password_hash' as hash from studio.project_data where data ? 'password_hash'"
          : `select email, password_hash as hash from studio_data.${users}`,
      )
      const hashOf = (email: string) => String(kept.find((row) => row.email === email)?.hash)
      expect(await bcrypt.compare('secret of a', hashOf('a@example.org'))).toBe(true)
      expect(await bcrypt.compare('secret of b', hashOf('b@example.org'))).toBe(true)
      for (const unfit of ['', 'x'.repeat(73), 'a\0b'])
        expect(await failureOf(patch('users', user._id, { password_hash: unfit }))).toMatchObject({
          code: 'VALIDATION',
          data: { column: 'password_hash' },
        })
      const crowd = Array.from({ length: 101 }, (_, n) => ({
        email: `c${n}@example.org`,
        password_hash: 'secret of c',
      }))
      expect(await failureOf(client().create({ databaseId, tableName: 'users', records: crowd }))).toMatchObject({
        code: 'VALIDATION',
        message: expect.stringContaining('At most 100 passwords'),
      })
      expect((await patch('users', user._id, { full_name: 'A' })).record._revision).toBe(3)
      const query = { databaseId, tableName: 'users' }
      for (const call of [
        () => client().query({ ...query, filters: { password_hash: hash } }),
        () => client().query({ ...query, sort: [{ column: 'password_hash', direction: 'asc' }] }),
        () => client().query({ ...query, select: ['password_hash'] }),
        () => client().deleteMany({ ...query, filters: { column: 'password_hash', op: 'like', value: '$2%' } }),
      ])
        expect((await failureOf(call())).code).toBe('FORBIDDEN')
    })
  })

  test('nothing here ended as an unknown failure', () => {
    expect(p.studio.log.filter((line) => line.includes('"level":50'))).toEqual([])
  })
}

/** The same project, whose tables move as soon as they are made. */
async function inDedicatedTier(p: TestProject): Promise<TestProject> {
  const move = (name: string) => makeDedicated(p.studio, p.tenant.userId, p.databaseId, name)
  await move('users')
  return {
    ...p,
    async table(name, columns, more) {
      const id = await p.table(name, columns, more)
      await move(name)
      return id
    },
  }
}
