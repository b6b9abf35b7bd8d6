import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin } from '../helpers/database'
import { failureOf } from '../helpers/test-studio'
import { createTierProject, type TierProject, tiers } from '../helpers/tier-project'

describe.each(tiers)('in the %s tier', (tier) => {
  let p: TierProject
  beforeAll(async () => {
    p = await createTierProject(tier)
    await p.table('contacts', [
      { name: 'name', type: 'text', required: true },
      { name: 'age', type: 'integer' },
      { name: 'big', type: 'bigint' },
      { name: 'money', type: 'numeric(12,2)' },
      { name: 'meta', type: 'jsonb' },
      { name: 'tags', type: 'text[]' },
      { name: 'seen', type: 'timestamptz' },
      { name: 'pause', type: 'interval' },
      { name: 'photo', type: 'bytea' },
    ])
  })
  afterAll(() => p.close())

  const edit = (tableId: string, edits: readonly object[]) =>
    p.tenant.client.tables.update({ databaseId: p.databaseId, tableId, edits: edits as never })
  const full = {
    name: 'Ada',
    age: 36,
    big: '9223372036854775807',
    money: '10.50',
    meta: { a: [1, { b: null }] },
    tags: ['x', null, 'y'],
    seen: '1852-11-27T10:00:00.123456Z',
    pause: 'P1DT2H',
    photo: '\\x00ff',
  }

  describe('the history of a record', () => {
    test('tells who, when and which fields, newest first', async () => {
      const { _id } = await p.create('contacts', { name: 'Ada', age: 36 })
      await p.update('contacts', _id, { age: 37, money: '1.5' })
      await p.update('contacts', _id, { age: null })
      await p.remove('contacts', _id)
      const { changes, nextCursor } = await p.tenant.client.changes.history({
        params: { databaseId: p.databaseId, recordId: _id.toUpperCase() },
        query: { table: 'contacts' },
      })
      expect(nextCursor).toBeNull()
      expect(changes.map(({ op, revision, actor }) => [op, revision, actor])).toEqual([
        ['delete', 3, 'ada@example.org'],
        ['update', 3, 'ada@example.org'],
        ['update', 2, 'ada@example.org'],
        ['insert', 1, 'ada@example.org'],
      ])
      const fields = changes.map((change) => change.fields.filter(({ column }) => !column.endsWith('_at')))
      expect(fields).toEqual([
        [
          { column: 'name', before: 'Ada', after: null },
          { column: 'money', before: '1.50', after: null },
        ],
        [{ column: 'age', before: 37, after: null }],
        [
          { column: 'age', before: 36, after: 37 },
          { column: 'money', before: null, after: '1.50' },
        ],
        [
          { column: 'name', before: null, after: 'Ada' },
          { column: 'age', before: null, after: 36 },
        ],
      ])
      expect(new Set(changes.map(({ operation }) => operation)).size).toBe(4)
      for (const { at } of changes) expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
      expect([...changes.map(({ at }) => at)].sort().reverse()).toEqual(changes.map(({ at }) => at))
    })

    test('comes in pages', async () => {
      const { _id } = await p.create('contacts', { name: 'Paged', age: 0 })
      for (let age = 1; age <= 60; age++) await p.update('contacts', _id, { age })
      const at = { params: { databaseId: p.databaseId, recordId: _id }, query: { table: 'contacts' } }
      const first = await p.tenant.client.changes.history(at)
      expect(first.changes).toHaveLength(50)
      const cursor = first.nextCursor ?? ''
      const second = await p.tenant.client.changes.history({ ...at, query: { ...at.query, cursor } })
      expect(second.nextCursor).toBeNull()
      const ids = [...first.changes, ...second.changes].map(({ id }) => BigInt(id))
      expect(ids).toHaveLength(61)
      expect([...ids].sort((a, b) => (a < b ? 1 : -1))).toEqual(ids)
      const bad = p.tenant.client.changes.history({ ...at, query: { ...at.query, cursor: 'no' } })
      expect((await failureOf(bad)).code).toBe('VALIDATION')
    })

    test('of large documents comes in smaller pages, and nothing of it is lost', async () => {
      const { _id } = await p.create('contacts', { name: 'Large' })
      // Letters in no order, which do not get smaller by compression.
      const letters = (seed: number) => {
        let state = seed
        return Array.from({ length: 400_000 }, () => {
          state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
          return String.fromCharCode(32 + ((state >> 16) % 90))
        }).join('')
      }
      for (let n = 1; n <= 4; n++) await p.update('contacts', _id, { meta: letters(n) })
      const at = { params: { databaseId: p.databaseId, recordId: _id }, query: { table: 'contacts' } }
      const sizes: number[] = []
      const ids: string[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const query: { table: string; cursor?: string } = cursor === '' ? at.query : { ...at.query, cursor }
        const page: Awaited<ReturnType<typeof p.tenant.client.changes.history>> = await p.tenant.client.changes.history(
          {
            ...at,
            query,
          },
        )
        sizes.push(page.changes.length)
        ids.push(...page.changes.map(({ id }) => id))
        cursor = page.nextCursor
      }
      expect(sizes.length).toBeGreaterThan(1)
      expect(new Set(ids).size).toBe(5)
      expect(ids).toHaveLength(5)
    })

    test('goes over renames, and leaves out what a dropped column held', async () => {
      const tableId = await p.table('renamed', [
        { name: 'old', type: 'text' },
        { name: 'doomed', type: 'text' },
      ])
      const { _id } = await p.create('renamed', { old: 'a', doomed: 'secret' })
      await p.update('renamed', _id, { old: 'b', doomed: 'more secret' })
      await edit(tableId, [
        { type: 'renameColumn', table: 'renamed', column: 'old', name: 'new' },
        { type: 'dropColumn', table: 'renamed', column: 'doomed' },
        { type: 'addColumn', table: 'renamed', column: { name: 'doomed', type: 'text' } },
        { type: 'renameTable', table: 'renamed', name: 'named_anew' },
      ])
      const changes = await p.history('named_anew', _id)
      const own = changes.map(({ fields }) => JSON.stringify(fields))
      expect(own[0]).toBe('[{"column":"new","before":"a","after":"b"}]')
      expect(own.join()).not.toContain('secret')
    })

    test('never tells a password hash', async () => {
      const { _id } = await p.create('users', { email: 'u@example.org', password_hash: 'a long password' })
      await p.update('users', _id, { password_hash: 'another long password' })
      await p.update('users', _id, { full_name: 'U' })
      await p.remove('users', _id)
      const text = JSON.stringify(await p.history('users', _id))
      expect(text).not.toContain('$2b$')
      expect(text).not.toContain('password_hash')
      expect(JSON.parse(text)).toHaveLength(4)
    })

    test('is not found of a record that never was, and is of its own table only', async () => {
      const { _id } = await p.create('contacts', { name: 'Here' })
      const nobody = '00000000-0000-4000-8000-000000000000'
      expect((await failureOf(p.history('contacts', nobody))).code).toBe('NOT_FOUND')
      expect((await failureOf(p.history('users', _id))).code).toBe('NOT_FOUND')
      expect((await failureOf(p.history('nowhere', _id))).code).toBe('NOT_FOUND')
    })

    test('of a record that is older than the log begins with nothing', async () => {
      const { _id } = await p.create('contacts', { name: 'Old' })
      await asAdmin(p.studio.adminUrl, 'delete from studio.changes where record_id = $1', [_id])
      expect(await p.history('contacts', _id)).toEqual([])
      await p.update('contacts', _id, { name: 'Older' })
      expect(await p.history('contacts', _id)).toHaveLength(1)
    })
  })

  describe('restore', () => {
    test('writes the record as it was right after a change, and is a change itself', async () => {
      const created = await p.create('contacts', full)
      const { _id } = created
      await p.update('contacts', _id, { name: 'Bob', age: 1, meta: [], tags: null, photo: null, pause: 'PT1S' })
      await p.update('contacts', _id, { name: 'Eve', money: null })
      const [, second, first] = await p.history('contacts', _id)
      const restored = await p.restore('contacts', _id, first?.id)
      expect(restored).toMatchObject({ ...full, _id, _revision: 4, created_at: created.created_at ?? null })
      expect(String(restored.updated_at) > String(created.updated_at)).toBe(true)
      expect(await p.restore('contacts', _id, second?.id)).toMatchObject({
        ...full,
        name: 'Bob',
        age: 1,
        money: '10.50',
        tags: null,
        meta: [],
        photo: null,
        pause: 'PT1S',
        _revision: 5,
      })
      const [latest] = await p.history('contacts', _id)
      expect(latest).toMatchObject({ op: 'update' })
      const { entries } = await p.tenant.client.databases.audit({ databaseId: p.databaseId })
      expect(entries[0]).toMatchObject({ action: 'records.restore', undoable: true })
    })

    test('of what it is already writes nothing', async () => {
      const { _id } = await p.create('contacts', { name: 'Same' })
      await p.update('contacts', _id, { age: 1 })
      const [last] = await p.history('contacts', _id)
      expect(await p.restore('contacts', _id, last?.id)).toMatchObject({ _revision: 2, age: 1 })
      expect(await p.history('contacts', _id)).toHaveLength(2)
    })

    test('brings back a deleted record with its id, its password and its revision going on', async () => {
      const { _id } = await p.create('users', { email: 'back@example.org', password_hash: 'a long password' })
      await p.update('users', _id, { full_name: 'Back' })
      const hash = () => hashOf(_id)
      const before = await hash()
      await p.remove('users', _id)
      const [gone] = await p.history('users', _id)
      const back = await p.restore('users', _id, gone?.id)
      expect(back).toMatchObject({ _id, id: _id, email: 'back@example.org', full_name: 'Back', _revision: 3 })
      expect(back).not.toHaveProperty('password_hash')
      expect(await hash()).toBe(before)
      expect(before).toMatch(/^\$2b\$/)
      // The e-mail address is unique again.
      const twice = p.create('users', { email: 'back@example.org', password_hash: 'a long password' })
      expect((await failureOf(twice)).code).toBe('CONSTRAINT')
    })

    test('goes back to before a record was deleted and made again', async () => {
      const { _id } = await p.create('contacts', { name: 'One', age: 1 })
      await p.update('contacts', _id, { age: 2 })
      await p.remove('contacts', _id)
      await p.create('contacts', { id: _id, name: 'Two', money: '5' })
      await p.update('contacts', _id, { big: '7' })
      const changes = await p.history('contacts', _id)
      expect(changes.map(({ op }) => op)).toEqual(['update', 'insert', 'delete', 'update', 'insert'])
      const at = (index: number) => p.restore('contacts', _id, changes[index]?.id)
      expect(await at(4)).toMatchObject({ name: 'One', age: 1, money: null, big: null })
      expect(await at(3)).toMatchObject({ name: 'One', age: 2 })
      expect(await at(1)).toMatchObject({ name: 'Two', age: null, money: '5.00', big: null })
      expect(await at(0)).toMatchObject({ name: 'Two', age: null, money: '5.00', big: '7' })
    })

    test('keeps numbers in JSON that JavaScript cannot hold', async () => {
      const { _id } = await p.create('contacts', { name: 'Json' })
      await p.sql(
        (view) => `update ${view('contacts')} set meta = '{"n": 12345678901234567890.123}' where id = '${_id}'`,
      )
      const [exact] = await p.history('contacts', _id)
      await p.update('contacts', _id, { meta: null })
      await p.restore('contacts', _id, exact?.id)
      await p.sql(
        (view) => `do $$ begin if (select meta::text from ${view('contacts')} where id = '${_id}')
        <> '{"n": 12345678901234567890.123}' then raise exception 'not exact'; end if; end $$`,
      )
    })

    test('reads old values as the types of today, where they fit', async () => {
      const tableId = await p.table('typed', [
        { name: 'n', type: 'integer' },
        { name: 't', type: 'text' },
      ])
      const { _id } = await p.create('typed', { n: 5, t: '12' })
      await p.update('typed', _id, { n: 6, t: '13' })
      await edit(tableId, [
        { type: 'changeType', table: 'typed', column: 'n', to: 'text' },
        { type: 'changeType', table: 'typed', column: 't', to: 'integer' },
      ])
      const [, first] = await p.history('typed', _id)
      expect(await p.restore('typed', _id, first?.id)).toMatchObject({ n: '5', t: 12 })
    })

    test('says in a sentence why today’s schema does not take the record of then', async () => {
      const tableId = await p.table('strict', [
        { name: 'a', type: 'text' },
        { name: 'b', type: 'text' },
      ])
      const { _id } = await p.create('strict', { a: 'word' })
      await p.update('strict', _id, { a: '1', b: 'b' })
      await edit(tableId, [{ type: 'changeType', table: 'strict', column: 'a', to: 'integer' }])
      const [, first] = await p.history('strict', _id)
      expect(await failureOf(p.restore('strict', _id, first?.id))).toMatchObject({
        code: 'CONSTRAINT',
        message: expect.stringContaining('"word" is not a whole number'),
        data: { table: 'strict', column: 'a', constraint: 'type', value: 'word' },
      })
      await edit(tableId, [
        { type: 'dropColumn', table: 'strict', column: 'a' },
        { type: 'setRequired', table: 'strict', column: 'b', required: true },
      ])
      expect(await failureOf(p.restore('strict', _id, first?.id))).toMatchObject({
        code: 'CONSTRAINT',
        data: { table: 'strict', column: 'b', constraint: 'required' },
      })
      expect(await p.read('strict', _id)).toMatchObject({ b: 'b' })
    })

    test('is refused when its value is another’s by now, or points to nothing', async () => {
      await p.table('owners', [{ name: 'code', type: 'text', unique: true }])
      await p.table('pets', [
        { name: 'name', type: 'text', unique: true },
        { name: 'owner', type: 'uuid', references: { table: 'owners', column: 'id' } },
        { name: 'code', type: 'text', references: { table: 'owners', column: 'code' } },
      ])
      const owner = await p.create('owners', { code: 'o1' })
      const pet = await p.create('pets', { name: 'Rex', owner: owner._id, code: 'o1' })
      await p.remove('pets', pet._id)
      const [gone] = await p.history('pets', pet._id)
      const other = await p.create('pets', { name: 'Rex' })
      expect(await failureOf(p.restore('pets', pet._id, gone?.id))).toMatchObject({
        code: 'CONSTRAINT',
        data: { table: 'pets', column: 'name', constraint: 'unique' },
      })
      await p.remove('pets', other._id)
      await p.remove('owners', owner._id)
      expect(await failureOf(p.restore('pets', pet._id, gone?.id))).toMatchObject({
        code: 'CONSTRAINT',
        data: { table: 'pets', column: 'owner', constraint: 'reference', value: owner._id },
      })
      expect((await failureOf(p.read('pets', pet._id))).code).toBe('NOT_FOUND')
      await p.restore('owners', owner._id, (await p.history('owners', owner._id))[0]?.id)
      expect(await p.restore('pets', pet._id, gone?.id)).toMatchObject({ name: 'Rex', owner: owner._id, code: 'o1' })
      // What it points to is kept again.
      expect((await failureOf(p.remove('owners', owner._id))).code).toBe('CONSTRAINT')
    })

    test('knows only changes of this record', async () => {
      const one = await p.create('contacts', { name: 'One' })
      const two = await p.create('contacts', { name: 'Two' })
      const [change] = await p.history('contacts', two._id)
      for (const id of [change?.id, '999999999', 'x', ''])
        expect((await failureOf(p.restore('contacts', one._id, id))).code).toBe('NOT_FOUND')
    })

    test('of a table with a key of its own keeps the record’s identity', async () => {
      await p.table('countries', [
        { name: 'code', type: 'varchar(2)', primary_key: true },
        { name: 'label', type: 'text' },
      ])
      const { _id } = await p.create('countries', { code: 'de', label: 'Germany' })
      await p.update('countries', _id, { label: 'Deutschland', code: 'dx' })
      await p.remove('countries', _id)
      const changes = await p.history('countries', _id)
      expect(await p.restore('countries', _id, changes[2]?.id)).toMatchObject({ _id, code: 'de', label: 'Germany' })
      const taken = await failureOf(p.create('countries', { code: 'de' }))
      expect(taken).toMatchObject({ code: 'CONSTRAINT', data: { constraint: 'unique' } })
    })
  })

  async function hashOf(id: string): Promise<unknown> {
    const [table] = await asAdmin(
      p.studio.adminUrl,
      "select storage ->> 'relation' as relation from studio.project_tables where table_name = 'users' and project_id = $1",
      [p.projectId],
    )
    const [row] =
      tier === 'shared'
        ? await asAdmin(
            p.studio.adminUrl,
            "select data ->> 'password_hash' as hash from studio.project_data where id = $1",
            [id],
          )
        : await asAdmin(
            p.studio.adminUrl,
            `select password_hash as hash from studio_data.${String(table?.relation)} where _id = $1`,
            [id],
          )
    return row?.hash
  }
})
