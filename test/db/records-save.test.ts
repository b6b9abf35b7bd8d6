import { randomUUID } from 'node:crypto'
import type { JsonObject } from '@shared/json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from '../helpers/test-studio'
import { createTierProject, type TierProject, tiers } from '../helpers/tier-project'

describe.each(tiers)('in the %s tier', (tier) => {
  let p: TierProject
  beforeAll(async () => {
    p = await createTierProject(tier)
    await p.table('tasks', [
      { name: 'title', type: 'text', required: true },
      { name: 'rank', type: 'bigint', unique: true },
      { name: 'price', type: 'numeric(10,2)' },
      { name: 'meta', type: 'jsonb' },
      { name: 'parent', type: 'uuid', references: { table: 'users', column: 'id', on_delete: 'set_null' } },
    ])
  })
  afterAll(() => p.close())

  type Batch = Omit<Parameters<TierProject['tenant']['client']['records']['saveMany']>[0], 'databaseId' | 'tableName'>
  const save = (batch: Batch, tableName = 'tasks') =>
    p.tenant.client.records.saveMany({ databaseId: p.databaseId, tableName, ...batch })
  const make = (record: JsonObject) => p.create('tasks', { title: 'Task', ...record })

  test('creates, changes and deletes at once, and undo takes all of it back', async () => {
    const [a, b] = [await make({ rank: '1' }), await make({ rank: '2' })]
    const before = await p.content('tasks')
    const saved = await save({
      create: [{ record: { title: 'New', rank: '1' } }, { record: { title: 'Newer' } }],
      update: [{ id: b._id.toUpperCase(), revision: 1, record: { title: 'Two', price: '1.5' } }],
      delete: [{ id: a._id, revision: 1 }],
    })
    expect(saved).toMatchObject({ deleted: 1, repeated: false })
    expect(saved.created).toHaveLength(2)
    expect(saved.records).toHaveLength(3)
    const written = new Map(saved.records.map((record) => [record._id, record]))
    expect(written.get(b._id)).toMatchObject({ _revision: 2, title: 'Two', rank: '2', price: '1.50' })
    expect(saved.created.map((id) => written.get(id)?.title)).toEqual(['New', 'Newer'])
    expect(await p.lastOperation()).toBe(saved.operation)
    const { entries } = await p.tenant.client.databases.audit({ databaseId: p.databaseId })
    expect(entries[0]?.sentence).toBe('Saved records of tasks: 2 created, 1 changed, 1 deleted.')
    await p.undo(saved.operation)
    expect(await p.content('tasks')).toEqual(before)
  })

  test('with the same key again is the same answer, and nothing is written', async () => {
    const key = randomUUID()
    const old = await make({})
    const batch: Batch = {
      key,
      create: [{ record: { title: 'Once' } }, { record: { title: 'And once' } }],
      update: [{ id: old._id, revision: 1, record: { title: 'Changed' } }],
    }
    const tries = await Promise.all([save(batch), save(batch), save({ ...batch, key: key.toUpperCase() })])
    expect(tries.filter(({ repeated }) => !repeated)).toHaveLength(1)
    const again = await save(batch)
    for (const one of [...tries, again]) {
      expect(one).toMatchObject({ operation: key, created: tries[0].created, deleted: 0 })
      expect(new Set(one.records.map(({ _id }) => _id))).toEqual(new Set([...tries[0].created, old._id]))
    }
    expect(await p.column('tasks', 'title', { filters: { title: 'Once' } })).toHaveLength(1)
    expect((await p.read('tasks', old._id))._revision).toBe(2)
    const other = await failureOf(save({ key, create: [{ record: { title: 'Other' } }] }))
    expect(other).toMatchObject({ code: 'CONFLICT', data: { key } })
    const foreign = await p.create('tasks', { title: 'x' }).then(() => p.lastOperation())
    expect((await failureOf(save({ ...batch, key: foreign }))).code).toBe('CONFLICT')
  })

  test('after a failure the key is free', async () => {
    const key = randomUUID()
    expect((await failureOf(save({ key, create: [{ record: {} }] }))).code).toBe('CONSTRAINT')
    expect(await save({ key, create: [{ record: { title: 'Right' } }] })).toMatchObject({ repeated: false })
  })

  test('merges where others changed other fields, or the same field to the same value', async () => {
    const one = await make({ meta: { a: [1, { b: null }] }, price: '2.00' })
    await p.update('tasks', one._id, { title: 'Theirs', rank: '77' })
    const saved = await save({
      update: [
        {
          id: one._id,
          revision: 1,
          record: { meta: { a: 2 }, price: 3, rank: 77 },
          base: { meta: one.meta ?? null, price: '2.00', rank: null },
        },
      ],
    })
    expect(saved.records[0]).toMatchObject({ title: 'Theirs', rank: '77', meta: { a: 2 }, price: '3.00', _revision: 3 })
  })

  test('tells every conflict of the batch, and writes nothing', async () => {
    const [a, b, c, d] = [await make({ price: 1 }), await make({}), await make({}), await make({})]
    await p.update('tasks', a._id, { title: 'Theirs', price: 2 })
    await p.remove('tasks', b._id)
    await p.update('tasks', c._id, { title: 'Kept' })
    const before = await p.content('tasks')
    const late = await failureOf(
      save({
        create: [{ record: { title: 'New' } }],
        update: [
          { id: a._id, revision: 1, record: { title: 'Mine', price: 3 }, base: { title: 'Task', price: '1.00' } },
          { id: b._id, revision: 1, record: { title: 'Mine' }, base: { title: 'Task' } },
          { id: d._id, revision: 1, record: { title: 'Fine' }, base: { title: 'Task' } },
        ],
        delete: [
          { id: c._id, revision: 1 },
          { id: randomUUID(), revision: 1 },
        ],
      }),
    )
    expect(late).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('3 of the records') })
    const who = { by: 'ada@example.org', at: expect.stringMatching(/^2/) }
    expect(late.data).toMatchObject({
      table: 'tasks',
      conflicts: [
        { id: a._id, kind: 'field', column: 'title', base: 'Task', mine: 'Mine', theirs: 'Theirs', ...who },
        { id: a._id, kind: 'field', column: 'price', base: '1.00', mine: '3.00', theirs: '2.00', ...who },
        {
          id: b._id,
          kind: 'deleted',
          column: null,
          base: { title: 'Task' },
          mine: { title: 'Mine' },
          theirs: null,
          ...who,
        },
        { id: c._id, kind: 'changed', column: null, mine: null, theirs: { title: 'Kept', _revision: 2 }, ...who },
      ],
    })
    expect(await p.content('tasks')).toEqual(before)
    // Without a base nobody knows what it was; without a revision and a base the last one counts.
    const blind = { id: a._id, record: { title: 'Blind' } }
    expect((await failureOf(save({ update: [{ ...blind, revision: 1 }] }))).code).toBe('CONFLICT')
    expect((await save({ update: [blind] })).records[0]).toMatchObject({ title: 'Blind' })
    expect((await save({ delete: [{ id: b._id }] })).deleted).toBe(0)
  })

  test('values may change places, and rules hold', async () => {
    const [a, b] = [await make({ rank: '101' }), await make({ rank: '102' })]
    const swap = {
      update: [
        { id: a._id, record: { rank: '102' } },
        { id: b._id, record: { rank: '101' } },
      ],
    }
    if (tier === 'shared') await save(swap)
    const taken = await failureOf(save({ create: [{ record: { title: 'x' } }, { record: { title: 'y', rank: 102 } }] }))
    expect(taken).toMatchObject({ code: 'CONSTRAINT', data: { column: 'rank', list: 'create', index: 1 } })
    expect(await failureOf(save({ update: [{ id: a._id, record: { title: null } }] }))).toMatchObject({
      code: 'CONSTRAINT',
      data: { column: 'title', list: 'update', id: a._id },
    })
    expect(await failureOf(save({ create: [{ record: { title: 'x', parent: randomUUID() } }] }))).toMatchObject({
      code: 'CONSTRAINT',
      data: { column: 'parent', constraint: 'reference', list: 'create', index: 0 },
    })
    const twice = { update: [{ id: a._id, record: {} }], delete: [{ id: a._id }] }
    expect((await failureOf(save(twice))).code).toBe('VALIDATION')
    expect((await failureOf(save({ update: [{ id: a._id, record: { nick: 1 } }] }))).code).toBe('VALIDATION')
    expect((await failureOf(save({ update: [] }))).code).toBe('VALIDATION')
  })

  test('what is deleted lets go of what points to it', async () => {
    const user = await p.create('users', { email: 'gone@example.org', password_hash: 'a long secret' })
    const task = await make({ parent: user._id })
    await save({ delete: [{ id: user._id, revision: 1 }] }, 'users')
    expect(await p.read('tasks', task._id)).toMatchObject({ parent: null, _revision: 2 })
    const made = await save(
      { create: [{ record: { email: 'n@example.org', password_hash: 'another secret' } }] },
      'users',
    )
    expect(JSON.stringify(made)).not.toContain('password')
    const update = { id: made.created[0] ?? '', record: { password_hash: 'the next secret' } }
    await save({ update: [{ ...update, revision: 1 }] }, 'users')
    await save({ update: [{ ...update, revision: 1 }] }, 'users')
  })

  test('of two who edit the same fields at once nobody overwrites what they have not seen', async () => {
    const records = await Promise.all(Array.from({ length: 5 }, () => make({ title: '0' })))
    const written = new Map<string, string[]>(records.map(({ _id }) => [_id, []]))
    let refused = 0
    const edit = async (who: string) => {
      for (let n = 0; n < 40; n++) {
        const id = records[n % records.length]?._id ?? ''
        const seen = await p.read('tasks', id)
        const title = `${who} ${n}`
        const update = [
          { id, revision: Number(seen._revision), record: { title }, base: { title: seen.title ?? null } },
        ]
        try {
          await save({ key: randomUUID(), update })
          written.get(id)?.push(`${seen.title} -> ${title}`)
        } catch (error) {
          expect(error).toMatchObject({ code: 'CONFLICT', data: { conflicts: [{ id, column: 'title', mine: title }] } })
          refused += 1
        }
      }
    }
    await Promise.all([edit('Ada'), edit('Bob'), edit('Eve')])
    for (const { _id } of records) {
      const changes = (await p.history('tasks', _id)).filter(({ op }) => op === 'update')
      const chain = changes.flatMap(({ fields }) => fields as { column: string; before: string; after: string }[])
      const titles = chain
        .filter(({ column }) => column === 'title')
        .map(({ before, after }) => `${before} -> ${after}`)
      expect(titles.sort()).toEqual(written.get(_id)?.sort())
    }
    expect([...written.values()].flat().length + refused).toBe(120)
  })

  test('ten thousand of each', async () => {
    const records = Array.from({ length: 10_000 }, (_, n) => ({
      record: { title: `Many ${n}`, rank: String(10_000 + n) },
    }))
    const first = await save({ create: records })
    expect(first.created).toHaveLength(10_000)
    const update = first.created.map((id, n) => ({ id, revision: 1, record: { price: n }, base: { price: null } }))
    const second = await save({ update })
    expect(second.records).toHaveLength(10_000)
    const { deleted } = await save({ delete: first.created.map((id) => ({ id, revision: 2 })) })
    expect(deleted).toBe(10_000)
  })

  describe('what a filter matches', () => {
    const change = (filters: JsonObject, record: JsonObject, expected?: number) =>
      p.tenant.client.records.updateMany({
        databaseId: p.databaseId,
        tableName: 'tasks',
        filters,
        record,
        ...(expected === undefined ? {} : { expected }),
      })
    const count = async (filters: JsonObject, mode: 'exact' | 'estimated' = 'exact') =>
      (await p.tenant.client.records.count({ databaseId: p.databaseId, tableName: 'tasks', filters, mode })).count

    test('is counted, set to the same values and undone', async () => {
      for (let n = 0; n < 5; n++) await make({ title: 'Bulk', price: n })
      const filters = { and: [{ title: 'Bulk' }, { column: 'price', op: 'gte', value: 2 }] }
      expect([await count(filters), await count(filters, 'estimated')]).toEqual([3, 3])
      const before = await p.content('tasks')
      expect(await failureOf(change(filters, { price: 9 }, 2))).toMatchObject({
        code: 'CONFLICT',
        data: { expected: 2, matched: 3 },
      })
      expect(await p.content('tasks')).toEqual(before)
      const done = await change(filters, { price: 9, meta: { b: 1 } }, 3)
      expect(done).toEqual({ updated: 3, operation: await p.lastOperation() })
      const nine = { title: 'Bulk', price: '9.00' }
      expect(await count(nine)).toBe(3)
      const { records } = await p.tenant.client.records.query({
        databaseId: p.databaseId,
        tableName: 'tasks',
        filters: nine,
      })
      for (const record of records) expect(record).toMatchObject({ _revision: 2, meta: { b: 1 } })
      await p.undo(done.operation ?? '')
      expect(await p.content('tasks')).toEqual(before)
      expect(await change({ title: 'nobody' }, { price: 1 })).toEqual({ updated: 0 })
    })

    test('keeps to the rules', async () => {
      expect(await failureOf(change({ title: 'Bulk' }, { rank: 5 }))).toMatchObject({
        code: 'CONSTRAINT',
        data: { column: 'rank', constraint: 'unique' },
      })
      expect(await failureOf(change({ title: 'Bulk' }, { parent: randomUUID() }))).toMatchObject({
        code: 'CONSTRAINT',
        data: { column: 'parent', constraint: 'reference' },
      })
      expect((await failureOf(change({ title: 'Bulk' }, { title: null }))).code).toBe('CONSTRAINT')
      expect((await failureOf(change({ title: 'Bulk' }, { id: randomUUID() }))).code).toBe('VALIDATION')
      expect((await failureOf(change({ title: 'Bulk' }, {}))).code).toBe('VALIDATION')
      expect(await change({ title: 'Bulk' }, { rank: null })).toMatchObject({ updated: 5 })
    })
  })

  test('nothing here ended as an unknown failure', () => {
    expect(p.studio.log.filter((line) => line.includes('"level":50'))).toEqual([])
  })
})
