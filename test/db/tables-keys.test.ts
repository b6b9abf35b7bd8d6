import type { Table } from '@shared/contract/tables.contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin } from '../helpers/database'
import { createTestProject, type TestProject } from '../helpers/test-project'
import { failureOf } from '../helpers/test-studio'

/** Rules of unique values, and what schema edits make of the rows that keep them in the shared tier. */

let p: TestProject
let schemaName: string
beforeAll(async () => {
  p = await createTestProject()
  const [row] = await ask('select schema_name from studio.project_databases')
  schemaName = String(row?.schema_name)
})
afterAll(() => p.close())

const ask = (text: string, values: unknown[] = []) => asAdmin(p.studio.adminUrl, text, values)
type Edit = Parameters<ReturnType<typeof tables>['update']>[0]['edits'][number]
const tables = () => p.tenant.client.tables
const update = async (tableId: string, ...edits: Edit[]): Promise<Table> =>
  (await tables().update({ databaseId: p.databaseId, tableId, edits })).table
const preview = async (tableId: string, edit: Edit) =>
  (await tables().preview({ databaseId: p.databaseId, tableId, edits: [edit] })).effects[0]
const insert = (table: string, columns: string, values: string) =>
  ask(`insert into "${schemaName}"."${table}" (${columns}) values ${values}`)
const keys = async (tableId: string) =>
  (await ask('select rule, value from studio.project_keys where table_id = $1 order by rule, value', [tableId])).map(
    ({ rule, value }) => `${rule}: ${value}`,
  )

describe('one column', () => {
  test('is made unique and no more, and every value has its row', async () => {
    const id = await p.table('mails', [{ name: 'mail', type: 'text' }])
    await insert('mails', 'mail', `('b'), ('a'), (null), (null)`)
    const at = { table: 'mails', column: 'mail' }
    expect(await keys(id)).toEqual([])
    await update(id, { type: 'setUnique', ...at, unique: true })
    expect(await keys(id)).toEqual(['mail: a', 'mail: b'])
    await expect(insert('mails', 'mail', `('a')`)).rejects.toMatchObject({ code: '23505' })
    // A rename keeps the rule: it names the place of the values.
    await update(id, { type: 'renameColumn', ...at, name: 'address' })
    expect(await keys(id)).toEqual(['mail: a', 'mail: b'])
    await expect(insert('mails', 'address', `('b')`)).rejects.toMatchObject({ code: '23505' })
    await update(id, { type: 'setUnique', table: 'mails', column: 'address', unique: false })
    expect(await keys(id)).toEqual([])
    await insert('mails', 'address', `('a')`)
  })

  test('a new type gives values another text', async () => {
    const id = await p.table('codes', [{ name: 'v', type: 'text', unique: true }])
    await insert('codes', 'v', `('1.50'), ('02')`)
    const at = { table: 'codes', column: 'v' }
    await update(id, { type: 'changeType', ...at, to: 'numeric(6,2)' })
    expect(await keys(id)).toEqual(['v: 1.5', 'v: 2'])
    await expect(insert('codes', 'v', `('1.5')`)).rejects.toMatchObject({ code: '23505' })
    await update(id, { type: 'changeType', ...at, to: 'text' })
    expect(await keys(id)).toEqual(['v: 1.50', 'v: 2.00'])
  })

  test('an added column of uuids has a row for each, a dropped one has none', async () => {
    const id = await p.table('tokens', [{ name: 'n', type: 'integer', primary_key: true }])
    await insert('tokens', 'n', '(1), (2), (3)')
    expect(await keys(id)).toEqual(['n: 1', 'n: 2', 'n: 3'])
    const column = { name: 'token', type: 'uuid', unique: true, default: 'gen_random_uuid()' }
    await update(id, { type: 'addColumn', table: 'tokens', column })
    const rules = (await keys(id)).map((text) => text.split(':')[0])
    expect(rules).toEqual(['n', 'n', 'n', 'token', 'token', 'token'])
    await update(id, { type: 'dropColumn', table: 'tokens', column: 'token' })
    expect(await keys(id)).toEqual(['n: 1', 'n: 2', 'n: 3'])
  })
})

describe('several columns', () => {
  test('of a new table', async () => {
    const schemaJson = {
      name: 'seats',
      columns: [
        { name: 'hall', type: 'text' },
        { name: 'place', type: 'integer' },
      ],
      unique: [['hall', 'place']],
    }
    const { table } = await tables().create({ databaseId: p.databaseId, schemaJson })
    expect(table.schema_json.unique).toEqual([['hall', 'place']])
    await insert('seats', 'hall, place', `('A', 1), ('A', 2), ('B', 1), ('A', null), ('A', null)`)
    expect(await keys(table.id)).toEqual(['hall,place: ["A", "1"]', 'hall,place: ["A", "2"]', 'hall,place: ["B", "1"]'])
    await expect(insert('seats', 'hall, place', `('B', 1)`)).rejects.toMatchObject({ code: '23505' })
  })

  test('are counted and named where they repeat', async () => {
    const id = await p.table('visits', [
      { name: 'who', type: 'text' },
      { name: 'day', type: 'date' },
    ])
    await insert(
      'visits',
      'who, day',
      `('ada', '2024-01-31'), ('ada', '2024-01-31'), ('ada', '2024-02-01'), ('bob', null), ('bob', null)`,
    )
    const edit: Edit = { type: 'addUnique', table: 'visits', columns: ['who', 'day'] }
    const sentence =
      '1 combination of "who" and "day" of "visits" appears more than once: ["ada", "2024-01-31"]. Make them differ first.'
    expect(await preview(id, edit)).toMatchObject({ refused: true, affected: 1, sentence })
    expect(await failureOf(update(id, edit))).toMatchObject({ code: 'CONSTRAINT', data: { constraint: 'unique' } })
    await ask(`delete from "${schemaName}".visits where day = '2024-01-31'`)
    await update(id, edit)
    expect(await keys(id)).toEqual(['who,day: ["ada", "2024-02-01"]'])
    await expect(insert('visits', 'who, day', `('ada', '2024-02-01')`)).rejects.toMatchObject({ code: '23505' })
    // A type that makes two values one.
    await insert('visits', 'who, day', `('ada ', '2024-02-01')`)
    const shorter: Edit = { type: 'changeType', table: 'visits', column: 'who', to: 'varchar(3)', unfit: 'null' }
    expect(await preview(id, shorter)).toMatchObject({ affected: 1, refused: false })
    const dropped: Edit = { type: 'dropColumn', table: 'visits', column: 'day' }
    expect((await preview(id, dropped))?.sentence).toContain('"who" and "day" need no longer be unique together.')
    expect((await update(id, dropped)).schema_json.unique).toBeUndefined()
    expect(await keys(id)).toEqual([])
  })

  test('are dropped', async () => {
    const id = await p.table('pairs', [
      { name: 'a', type: 'integer' },
      { name: 'b', type: 'integer' },
    ])
    await insert('pairs', 'a, b', '(1, 2)')
    await update(id, { type: 'addUnique', table: 'pairs', columns: ['a', 'b'] })
    await update(id, { type: 'dropUnique', table: 'pairs', columns: ['b', 'a'] })
    expect(await keys(id)).toEqual([])
    await insert('pairs', 'a, b', '(1, 2)')
    expect(await failureOf(update(id, { type: 'dropUnique', table: 'pairs', columns: ['b', 'a'] }))).toMatchObject({
      code: 'VALIDATION',
    })
  })
})

test('statements that run while a rule comes keep to it', async () => {
  const id = await p.table('raced', [{ name: 'v', type: 'integer' }])
  for (let round = 0; round < 12; round++) {
    await ask(`delete from "${schemaName}".raced`)
    await update(id, { type: 'setUnique', table: 'raced', column: 'v', unique: false })
    const inserts = Array.from({ length: 6 }, (_, n) => insert('raced', 'v', `(${n}), (${n + 10})`))
    const tries = await Promise.allSettled([
      ...inserts.slice(0, 3),
      update(id, { type: 'setUnique', table: 'raced', column: 'v', unique: true }),
      ...inserts.slice(3),
    ])
    expect(tries.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))).toEqual([])
    expect(await keys(id)).toHaveLength(12)
  }
})

test('a table in the bin keeps its values, and has them again', async () => {
  const tableId = await p.table('kept', [{ name: 'v', type: 'text', unique: true }])
  await insert('kept', 'v', `('x')`)
  await tables().delete({ databaseId: p.databaseId, tableId })
  expect(await ask(`select to_regclass('"${schemaName}".kept') as view`)).toEqual([{ view: null }])
  await tables().restore({ databaseId: p.databaseId, tableId })
  expect(await keys(tableId)).toEqual(['v: x'])
  await expect(insert('kept', 'v', `('x')`)).rejects.toMatchObject({ code: '23505' })
})

test('a table called user, order or group works', async () => {
  for (const name of ['user', 'order', 'group']) {
    const id = await p.table(name, [{ name: 'select', type: 'text', unique: true }])
    await insert(name, '"select"', `('x')`)
    await expect(insert(name, '"select"', `('x')`)).rejects.toMatchObject({ code: '23505' })
    await update(id, { type: 'renameColumn', table: name, column: 'select', name: 'from' })
    expect(await ask(`select "from" from "${schemaName}"."${name}"`)).toEqual([{ from: 'x' }])
  }
})

test('columns may be called like those that every table of Postgres has', async () => {
  const id = await p.table('odd', [
    { name: 'ctid', type: 'text' },
    { name: 'xmin', type: 'integer', unique: true },
  ])
  await insert('odd', 'ctid, xmin', `('a', 1)`)
  await update(id, { type: 'addColumn', table: 'odd', column: { name: 'tableoid', type: 'integer', default: '7' } })
  expect(await ask(`select ctid, xmin, tableoid from "${schemaName}".odd`)).toEqual([
    { ctid: 'a', xmin: 1, tableoid: 7 },
  ])
  expect(await keys(id)).toEqual(['xmin_2: 1'])
})

test('every edit is in the change log, under the operation of its entry in the audit', async () => {
  const made = await p.table('logged', [{ name: 'v', type: 'text', primary_key: true }])
  const other = await p.table('pointing', [{ name: 'v', type: 'text', references: { table: 'logged', column: 'v' } }])
  await update(made, { type: 'renameTable', table: 'logged', name: 'noted' })
  await tables().delete({ databaseId: p.databaseId, tableId: other })
  await tables().restore({ databaseId: p.databaseId, tableId: other })
  const log = await ask(
    `select c.table_id, c.before ->> 'name' as before, c.after ->> 'name' as after, c.record_id, a.action
     from studio.changes c join studio.audit a using (project_id, operation)
     where c.table_id = any($1) and c.op = 'schema' order by c.id`,
    [[made, other]],
  )
  const entry = (table_id: string, before: string | null, after: string | null, action: string) => ({
    table_id,
    before,
    after,
    record_id: null,
    action,
  })
  expect(log.slice(0, 2)).toEqual([
    entry(made, null, 'logged', 'table.create'),
    entry(other, null, 'pointing', 'table.create'),
  ])
  // The reference follows the new name, so both tables changed.
  expect(new Set(log.slice(2, 4).map((row) => JSON.stringify(row)))).toEqual(
    new Set(
      [entry(made, 'logged', 'noted', 'table.update'), entry(other, 'pointing', 'pointing', 'table.update')].map(
        (row) => JSON.stringify(row),
      ),
    ),
  )
  expect(log.slice(4)).toEqual([
    entry(other, 'pointing', null, 'table.delete'),
    entry(other, null, 'pointing', 'table.restore'),
  ])
})

test('nothing here ended as an unknown failure', () => {
  expect(p.studio.log.filter((line) => line.includes('"level":50'))).toEqual([])
})
