import type { JsonObject } from '@shared/json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin } from '../helpers/database'
import { failureOf } from '../helpers/test-studio'
import { createTierProject, type TierProject, tiers } from '../helpers/tier-project'

describe.each(tiers)('in the %s tier', (tier) => {
  let p: TierProject
  let tasks: string
  beforeAll(async () => {
    p = await createTierProject(tier)
    tasks = await p.table('tasks', [
      { name: 'title', type: 'text', required: true },
      { name: 'done', type: 'boolean', default: 'false' },
      { name: 'rank', type: 'bigint', unique: true },
      { name: 'meta', type: 'jsonb' },
      { name: 'due', type: 'timestamptz' },
      // Names that the statements use themselves.
      ...['d', 'id_', 'row', 'fields', 'present', 'whole', 'data', 'f', 'w'].map((name) => ({ name, type: 'text' })),
    ])
    await p.table('lists', [{ name: 'name', type: 'text', unique: true }])
    await p.table('items', [
      {
        name: 'list',
        type: 'uuid',
        required: true,
        references: { table: 'lists', column: 'id', on_delete: 'cascade' },
      },
      { name: 'list_name', type: 'text', references: { table: 'lists', column: 'name', on_delete: 'set_null' } },
      { name: 'parent', type: 'uuid', references: { table: 'items', column: 'id', on_delete: 'cascade' } },
      { name: 'place', type: 'integer' },
    ])
  })
  afterAll(() => p.close())

  const entries = async () => (await p.tenant.client.databases.audit({ databaseId: p.databaseId })).entries
  const deleteMany = async (tableName: string, filters: JsonObject) => {
    const { operation = '' } = await p.tenant.client.records.deleteMany({
      databaseId: p.databaseId,
      tableName,
      filters,
    })
    return operation
  }
  const createMany = async (tableName: string, records: readonly JsonObject[]) => {
    const made = await p.tenant.client.records.create({ databaseId: p.databaseId, tableName, records: [...records] })
    return (made.records ?? []).map(({ _id }) => _id)
  }
  const edit = (tableId: string, edits: readonly object[]) =>
    p.tenant.client.tables.update({ databaseId: p.databaseId, tableId, edits: edits as never })

  describe('one record', () => {
    test('that was created is deleted, and with the next undo is there again as it was', async () => {
      const created = await p.create('tasks', { title: 'New', rank: '1', meta: { a: 1 } })
      const done = await p.undo(await p.lastOperation())
      expect(done.undone).toBe(1)
      expect((await failureOf(p.read('tasks', created._id))).code).toBe('NOT_FOUND')
      const redone = await p.undo(done.operation)
      expect(redone.operation).not.toBe(done.operation)
      expect(await p.read('tasks', created._id)).toEqual({ ...created, _revision: 2, updated_at: expect.any(String) })
      // Its unique value is kept again.
      expect((await failureOf(p.create('tasks', { title: 'x', rank: '1' }))).code).toBe('CONSTRAINT')
    })

    test('that was changed gets its old fields back, and no others', async () => {
      const { _id } = await p.create('tasks', { title: 'A', rank: '2', due: '2026-01-02T03:04:05.678901Z' })
      await p.update('tasks', _id, { title: 'B', due: null })
      const operation = await p.lastOperation()
      await p.update('tasks', _id, { rank: '3', meta: [1] })
      expect(await p.undo(operation)).toMatchObject({ undone: 1 })
      expect(await p.read('tasks', _id)).toMatchObject({
        title: 'A',
        due: '2026-01-02T03:04:05.678901Z',
        rank: '3',
        meta: [1],
        _revision: 4,
      })
      const [latest] = await p.history('tasks', _id)
      expect(latest?.fields).toEqual([
        { column: 'title', before: 'B', after: 'A' },
        { column: 'due', before: null, after: '2026-01-02T03:04:05.678901Z' },
      ])
    })

    test('that was deleted comes back with its id, and its revision goes on', async () => {
      const created = await p.create('tasks', { title: 'Gone', rank: '4', meta: { deep: { er: [null] } } })
      await p.update('tasks', created._id, { done: true })
      await p.remove('tasks', created._id)
      await p.undo(await p.lastOperation())
      expect(await p.read('tasks', created._id)).toEqual({
        ...created,
        done: true,
        _revision: 3,
        updated_at: expect.any(String),
      })
    })

    test('that was replaced is as it was', async () => {
      const { _id } = await p.create('tasks', { title: 'Whole', rank: '5', done: true, meta: 'x' })
      const before = await p.content('tasks')
      const at = { params: { databaseId: p.databaseId, recordId: _id }, query: { table: 'tasks' } }
      await p.tenant.client.records.replace({ ...at, body: { record: { title: 'Other' } } })
      const after = await p.content('tasks')
      const done = await p.undo(await p.lastOperation())
      expect(await p.content('tasks')).toEqual(before)
      await p.undo(done.operation)
      expect(await p.content('tasks')).toEqual(after)
    })

    test('a password comes back with who was deleted, and is told to nobody', async () => {
      const { _id } = await p.create('users', { email: 'pw@example.org', password_hash: 'a long password' })
      await p.remove('users', _id)
      await p.undo(await p.lastOperation())
      expect(await p.read('users', _id)).not.toHaveProperty('password_hash')
      expect(await failureOf(p.update('users', _id, { password_hash: null }))).toMatchObject({ code: 'CONSTRAINT' })
    })
  })

  describe('many records', () => {
    test('of a filter come back with all that was deleted along with them', async () => {
      const [one = '', two = ''] = await createMany('lists', [{ name: 'one' }, { name: 'two' }])
      const parents = await createMany('items', [
        { list: one, list_name: 'one', place: 1 },
        { list: two, list_name: 'one', place: 2 },
      ])
      await createMany('items', [
        { list: two, list_name: 'two', parent: parents[0] ?? '', place: 3 },
        { list: two, parent: parents[1] ?? '', place: 4 },
      ])
      const before = [await p.content('lists'), await p.content('items')]
      const operation = await deleteMany('lists', { name: 'one' })
      const after = [await p.content('lists'), await p.content('items')]
      expect(after[1]).toHaveLength(2)
      const undone = await p.undo(operation)
      expect(undone.undone).toBe(4)
      expect([await p.content('lists'), await p.content('items')]).toEqual(before)
      const redone = await p.undo(undone.operation)
      expect([await p.content('lists'), await p.content('items')]).toEqual(after)
      await p.undo(redone.operation)
      expect([await p.content('lists'), await p.content('items')]).toEqual(before)
      // References hold as ever.
      expect((await failureOf(p.create('items', { list: parents[0] ?? '' }))).code).toBe('CONSTRAINT')
    })

    test('that one call created go together', async () => {
      const before = await p.content('tasks')
      const ids = await createMany(
        'tasks',
        Array.from({ length: 2000 }, (_, n) => ({ title: `n${n}`, rank: String(1000 + n) })),
      )
      const done = await p.undo(await p.lastOperation())
      expect(done.undone).toBe(2000)
      expect(await p.content('tasks')).toEqual(before)
      expect((await p.undo(done.operation)).undone).toBe(2000)
      expect(await p.read('tasks', ids[1999] ?? '')).toMatchObject({ title: 'n1999', rank: '2999', _revision: 2 })
      await p.undo(await p.lastOperation())
    })

    test('that a transaction of SQL wrote in any way, some of them several times', async () => {
      const [a = '', b = '', c = ''] = await createMany('tasks', [
        { title: 'a', rank: '11' },
        { title: 'b', rank: '12' },
        { title: 'c', rank: '13' },
      ])
      const before = await p.content('tasks')
      const d = '0190a5a0-0000-7000-8000-00000000000d'
      const e = '0190a5a0-0000-7000-8000-00000000000e'
      await p.sql(
        (view) => `begin;
        update ${view('tasks')} set title = 'a2', rank = null where id = '${a}';
        update ${view('tasks')} set title = 'a3', done = true where id = '${a}';
        delete from ${view('tasks')} where id = '${b}';
        insert into ${view('tasks')} (id, title, rank) values ('${b}', 'b again', 11);
        update ${view('tasks')} set meta = '{"x": 1}' where id = '${b}';
        update ${view('tasks')} set title = 'c2' where id = '${c}';
        delete from ${view('tasks')} where id = '${c}';
        insert into ${view('tasks')} (id, title, rank) values ('${d}', 'd', 12);
        update ${view('tasks')} set title = 'd2' where id = '${d}';
        insert into ${view('tasks')} (id, title) values ('${e}', 'e');
        delete from ${view('tasks')} where id = '${e}';
        commit`,
      )
      const after = await p.content('tasks')
      const [entry] = await entries()
      expect(entry).toMatchObject({
        sentence: 'Changed 5 records of tasks by SQL.',
        undoable: true,
        action: 'records.sql',
      })
      const done = await p.undo(entry?.operation ?? '')
      expect(done.undone).toBe(4)
      expect(await p.content('tasks')).toEqual(before)
      await p.undo(done.operation)
      expect(await p.content('tasks')).toEqual(after)
      await p.undo(await p.lastOperation())
      expect(await p.content('tasks')).toEqual(before)
    })

    test('of several tables are one operation', async () => {
      const list = await p.create('lists', { name: 'sql' })
      const item = await p.create('items', { list: list._id, list_name: 'sql' })
      const before = [await p.content('lists'), await p.content('items')]
      await p.sql(
        (view) => `begin;
        insert into ${view('lists')} (id, name) values ('0190a5a0-0000-7000-8000-0000000000aa', 'sql 2');
        update ${view('items')} set list = '0190a5a0-0000-7000-8000-0000000000aa', list_name = 'sql 2' where id = '${item._id}';
        delete from ${view('lists')} where id = '${list._id}';
        commit`,
      )
      const after = [await p.content('lists'), await p.content('items')]
      const [entry] = await entries()
      const done = await p.undo(entry?.operation ?? '')
      expect([await p.content('lists'), await p.content('items')]).toEqual(before)
      expect((await entries())[0]).toMatchObject({
        action: 'records.undo',
        sentence: expect.stringMatching(/^Undone: Changed records of .* by SQL\. And one more table\.$/),
        table_id: null,
        operation: done.operation,
      })
      await p.undo(done.operation)
      expect([await p.content('lists'), await p.content('items')]).toEqual(after)
    })

    test('that exchanged their unique values have them again', async () => {
      const [a = '', b = ''] = await createMany('tasks', [
        { title: 'swap a', rank: '21', d: 'd', row: 'row', data: 'data' },
        { title: 'swap b', rank: '22' },
      ])
      await p.remove('tasks', a)
      const first = await p.lastOperation()
      const taker = await p.create('tasks', { title: 'taker', rank: '21' })
      expect(await failureOf(p.undo(first))).toMatchObject({
        code: 'CONSTRAINT',
        data: { table: 'tasks', column: 'rank', constraint: 'unique' },
      })
      await p.update('tasks', taker._id, { rank: null })
      await p.undo(first)
      expect(await p.read('tasks', a)).toMatchObject({ rank: '21' })
      await p.sql(
        (view) => `begin;
        update ${view('tasks')} set rank = null where id = '${a}';
        update ${view('tasks')} set rank = 21 where id = '${b}';
        commit`,
      )
      await p.undo(await p.lastOperation())
      expect([await p.read('tasks', a), await p.read('tasks', b)]).toMatchObject([{ rank: '21' }, { rank: '22' }])
    })
  })

  describe('what others have changed since', () => {
    test('in the same field is in the way, and is named', async () => {
      const [a = '', b = ''] = await createMany('tasks', [{ title: 'x' }, { title: 'y' }])
      await p.sql(
        (view) => `update ${view('tasks')} set title = upper(title), done = true where id in ('${a}', '${b}')`,
      )
      const operation = await p.lastOperation()
      await p.update('tasks', a, { title: 'mine' })
      expect(await failureOf(p.undo(operation))).toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('1 record was changed since'),
        data: { records: [{ id: a, table: 'tasks' }] },
      })
      expect(await p.read('tasks', b)).toMatchObject({ title: 'Y', _revision: 2 })
      expect(await p.undo(operation, true)).toMatchObject({ undone: 2 })
      expect(await p.read('tasks', a)).toMatchObject({ title: 'mine', done: false })
      expect(await p.read('tasks', b)).toMatchObject({ title: 'y', done: false })
      expect((await entries())[0]?.sentence).toContain('Left 1 record that others had changed since.')
    })

    test('in a created record keeps it', async () => {
      const [a = '', b = ''] = await createMany('tasks', [{ title: 'kept' }, { title: 'goes' }])
      const operation = await p.lastOperation()
      await p.update('tasks', a, { meta: 1 })
      expect(await failureOf(p.undo(operation))).toMatchObject({ code: 'CONFLICT', data: { records: [{ id: a }] } })
      expect(await p.undo(operation, true)).toMatchObject({ undone: 1 })
      expect(await p.read('tasks', a)).toMatchObject({ title: 'kept', meta: 1 })
      expect((await failureOf(p.read('tasks', b))).code).toBe('NOT_FOUND')
    })

    test('and taken back again is not in the way', async () => {
      const { _id } = await p.create('tasks', { title: '1' })
      const operations: string[] = []
      for (const title of ['2', '3', '4']) {
        await p.update('tasks', _id, { title })
        operations.push(await p.lastOperation())
      }
      for (const operation of operations.reverse()) await p.undo(operation)
      expect(await p.read('tasks', _id)).toMatchObject({ title: '1' })
    })

    test('by deleting it is in the way of its old fields, and not of a deleted creation', async () => {
      const { _id } = await p.create('tasks', { title: 'short' })
      const created = await p.lastOperation()
      await p.update('tasks', _id, { title: 'shorter' })
      const updated = await p.lastOperation()
      await p.remove('tasks', _id)
      expect(await failureOf(p.undo(updated))).toMatchObject({ code: 'CONFLICT', data: { records: [{ id: _id }] } })
      expect((await failureOf(p.undo(updated, true))).message).toContain('nothing left to undo')
      expect((await failureOf(p.undo(created))).message).toContain('nothing left to undo')
    })

    test('with a new reference to a created record keeps it, by a plain sentence', async () => {
      const list = await p.create('lists', { name: 'pointed to' })
      const operation = await p.lastOperation()
      await p.create('items', { list: list._id })
      for (const force of [false, true])
        expect(await failureOf(p.undo(operation, force))).toMatchObject({
          code: 'CONSTRAINT',
          data: { table: 'items', column: 'list', constraint: 'reference' },
        })
      expect(await p.read('lists', list._id)).toMatchObject({ name: 'pointed to' })
    })

    test('by taking away what a deleted record pointed to forbids to bring that back', async () => {
      const list = await p.create('lists', { name: 'goes too' })
      const item = await p.create('items', { list: list._id })
      await p.remove('items', item._id)
      const operation = await p.lastOperation()
      await p.remove('lists', list._id)
      const lists = await p.lastOperation()
      expect(await failureOf(p.undo(operation))).toMatchObject({ code: 'CONSTRAINT', data: { column: 'list' } })
      await p.undo(lists)
      expect(await p.undo(operation)).toMatchObject({ undone: 1 })
    })
  })

  describe('an operation', () => {
    test('is undone once, and again after it was done again', async () => {
      const { _id } = await p.create('tasks', { title: 'twice' })
      await p.update('tasks', _id, { title: 'changed' })
      const operation = await p.lastOperation()
      const undoable = async () =>
        (await entries()).slice(0, 3).map((entry) => [entry.action, entry.operation !== null && entry.undoable])
      const first = await p.undo(operation)
      expect(await undoable()).toEqual([
        ['records.undo', true],
        ['records.update', false],
        ['records.create', true],
      ])
      expect(await failureOf(p.undo(operation))).toMatchObject({
        code: 'CONFLICT',
        message: 'This was undone already.',
      })
      await p.undo(first.operation)
      expect(await undoable()).toEqual([
        ['records.redo', true],
        ['records.undo', false],
        ['records.update', true],
      ])
      expect((await entries())[0]?.sentence).toBe('Done again: Changed 1 record in tasks.')
      await p.undo(operation)
      expect(await p.read('tasks', _id)).toMatchObject({ title: 'twice' })
    })

    test('is undone once however fast the button is clicked', async () => {
      const { _id } = await p.create('tasks', { title: 'clicked' })
      await p.update('tasks', _id, { title: 'c' })
      const operation = await p.lastOperation()
      const clicks = await Promise.allSettled([1, 2, 3, 4].map(() => p.undo(operation)))
      expect(clicks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await p.read('tasks', _id)).toMatchObject({ title: 'clicked', _revision: 3 })
    })

    test('that is undone while somebody writes never takes their write away', async () => {
      const [_id = ''] = await createMany('tasks', [{ title: 'start' }])
      for (let round = 0; round < 12; round++) {
        await p.update('tasks', _id, { title: `theirs ${round}` })
        const operation = await p.lastOperation()
        const [undone, written] = await Promise.allSettled([
          p.undo(operation),
          p.update('tasks', _id, { title: `mine ${round}` }),
        ])
        expect(written.status).toBe('fulfilled')
        if (undone.status === 'rejected') expect(undone.reason).toMatchObject({ code: 'CONFLICT' })
        expect(await p.read('tasks', _id)).toMatchObject({ title: `mine ${round}` })
      }
    })

    test('over the same records are undone at the same moment without a deadlock', async () => {
      const ids = await createMany(
        'tasks',
        Array.from({ length: 200 }, (_, n) => ({ title: `n${n}` })),
      )
      const list = ids.map((id) => `'${id}'`)
      const operations: string[] = []
      for (const [column, order] of [
        ['title', list],
        ['data', [...list].reverse()],
        ['row', list],
      ] as const) {
        await p.sql((view) => `update ${view('tasks')} set "${column}" = 'x' where id in (${order.join()})`)
        operations.push(await p.lastOperation())
      }
      const done = await Promise.all(operations.map((operation) => p.undo(operation)))
      expect(done.map(({ undone }) => undone)).toEqual([200, 200, 200])
      expect(await p.read('tasks', ids[7] ?? '')).toMatchObject({ title: 'n7', data: null, row: null, _revision: 7 })
    })

    test('that edited the schema is not undone here', async () => {
      await edit(tasks, [{ type: 'addColumn', table: 'tasks', column: { name: 'extra', type: 'text' } }])
      const [entry] = await entries()
      expect(entry).toMatchObject({ action: 'table.update', operation: null, undoable: false })
      const [row] = await asAdmin(p.studio.adminUrl, 'select operation from studio.audit where id = $1', [entry?.id])
      if (row?.operation)
        expect(await failureOf(p.undo(String(row.operation)))).toMatchObject({
          code: 'CONFLICT',
          message: expect.stringContaining('the opposite change of the table'),
        })
      await edit(tasks, [{ type: 'dropColumn', table: 'tasks', column: 'extra' }])
    })

    test('is undone over renamed, dropped and retyped columns', async () => {
      const tableId = await p.table('shapes', [
        { name: 'a', type: 'integer', required: true },
        { name: 'b', type: 'text' },
        { name: 'c', type: 'text' },
      ])
      const [one = '', two = ''] = await createMany('shapes', [
        { a: 1, b: 'b1', c: 'c1' },
        { a: 2, b: 'b2', c: 'c2' },
      ])
      await p.update('shapes', one, { a: 10, b: 'x', c: 'y' })
      const updated = await p.lastOperation()
      await p.remove('shapes', two)
      const deleted = await p.lastOperation()
      await edit(tableId, [
        { type: 'renameColumn', table: 'shapes', column: 'b', name: 'bb' },
        { type: 'dropColumn', table: 'shapes', column: 'c' },
        { type: 'changeType', table: 'shapes', column: 'a', to: 'text' },
        { type: 'addColumn', table: 'shapes', column: { name: 'd', type: 'text', required: true, default: 'dd' } },
      ])
      expect(await p.undo(updated)).toMatchObject({ undone: 1 })
      expect(await p.read('shapes', one)).toMatchObject({ a: '1', bb: 'b1', d: 'dd' })
      expect(await p.undo(deleted)).toMatchObject({ undone: 1 })
      expect(await p.read('shapes', two)).toMatchObject({ a: '2', bb: 'b2', d: 'dd' })
    })

    test('that created records is undone, also when the table has got more columns since', async () => {
      const tableId = await p.table('grown', [{ name: 'a', type: 'text' }])
      const ids = await createMany('grown', [{ a: '1' }, { a: '2' }])
      const operation = await p.lastOperation()
      await edit(tableId, [
        { type: 'addColumn', table: 'grown', column: { name: 'word', type: 'text', default: 'w' } },
        { type: 'addColumn', table: 'grown', column: { name: 'moment', type: 'timestamptz', default: 'now()' } },
        { type: 'addColumn', table: 'grown', column: { name: 'token', type: 'uuid', default: 'gen_random_uuid()' } },
        { type: 'addColumn', table: 'grown', column: { name: 'empty', type: 'integer' } },
      ])
      await p.update('grown', ids[1] ?? '', { empty: 1 })
      expect(await failureOf(p.undo(operation))).toMatchObject({
        code: 'CONFLICT',
        data: { records: [{ id: ids[1] }] },
      })
      const before = await p.content('grown')
      const done = await p.undo(operation, true)
      expect(done.undone).toBe(1)
      await p.undo(done.operation)
      expect(await p.content('grown')).toEqual(before)
    })

    test('whose table is in the bin waits for it', async () => {
      const tableId = await p.table('binned', [{ name: 'a', type: 'text' }])
      const { _id } = await p.create('binned', { a: '1' })
      await p.remove('binned', _id)
      const operation = await p.lastOperation()
      await p.tenant.client.tables.delete({ databaseId: p.databaseId, tableId })
      expect(await failureOf(p.undo(operation))).toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('Restore the table'),
      })
      await p.tenant.client.tables.restore({ databaseId: p.databaseId, tableId })
      expect(await p.undo(operation)).toMatchObject({ undone: 1 })
    })

    test('that is forgotten, unknown or somebody else’s is not there', async () => {
      const { _id } = await p.create('tasks', { title: 'forgotten' })
      const operation = await p.lastOperation()
      await asAdmin(p.studio.adminUrl, 'delete from studio.changes where record_id = $1', [_id])
      expect((await entries())[0]).toMatchObject({ operation: null, undoable: false })
      for (const id of [operation, '00000000-0000-4000-8000-000000000000'])
        expect((await failureOf(p.undo(id))).code).toBe('NOT_FOUND')
    })
  })

  test('fifty writes of any kind, all undone one after the other, leave what there was', async () => {
    const names = ['tasks', 'lists', 'items'] as const
    const before = await Promise.all(names.map(p.content))
    const random = mulberry32(tier === 'shared' ? 1 : 2)
    const operations: string[] = []
    const lists: string[] = []
    const items: string[] = []
    const pick = (ids: readonly string[]) => ids[Math.floor(random() * ids.length)] ?? ''
    for (let n = 0; n < 50; n++) {
      const kind = random()
      if (kind < 0.25 || lists.length === 0) lists.push(...(await createMany('lists', [{ name: `r${n}` }])))
      else if (kind < 0.5)
        items.push(...(await createMany('items', [{ list: pick(lists), place: n }, { list: pick(lists) }])))
      else if (kind < 0.7 && items.length > 0) await p.update('items', pick(items), { place: n, list: pick(lists) })
      else if (kind < 0.85) await p.update('lists', pick(lists), { name: `again${n}` })
      else {
        const gone = pick(lists)
        await p.remove('lists', gone)
        lists.splice(lists.indexOf(gone), 1)
        const left = new Set((await p.content('items')).map(({ _id }) => String(_id)))
        items.splice(0, items.length, ...items.filter((id) => left.has(id)))
      }
      operations.push(await p.lastOperation())
    }
    const after = await Promise.all(names.map(p.content))
    const undos: string[] = []
    for (const operation of operations.reverse()) undos.push((await p.undo(operation)).operation)
    expect(await Promise.all(names.map(p.content))).toEqual(before)
    for (const undo of undos.reverse()) await p.undo(undo)
    expect(await Promise.all(names.map(p.content))).toEqual(after)
  })
})

/** Numbers from 0 to 1, the same in every run. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
