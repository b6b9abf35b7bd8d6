import { wireEdit } from '@shared/contract/wire-schema'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import { templates } from '@shared/templates'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin } from '../helpers/database'
import { createTestProject, type TestProject } from '../helpers/test-project'
import { failureOf, signUpTenant } from '../helpers/test-studio'

let p: TestProject
beforeAll(async () => {
  p = await createTestProject()
})
afterAll(() => p.close())

const client = () => p.tenant.client.schema
const apply = (edits: readonly SchemaEdit[], more: { dryRun?: boolean; name?: string; base?: number } = {}) =>
  client().apply({ databaseId: p.databaseId, edits: edits.map(wireEdit), ...more })
const get = () => client().get({ databaseId: p.databaseId })
const names = async () => (await get()).tables.map(({ table_name }) => table_name)

const reference = (table: string): { table: string; column: string } => ({ table, column: 'id' })

/** Two tables that refer to each other, the first before the second is there. */
const circle: readonly SchemaEdit[] = [
  {
    type: 'addTable',
    table: { name: 'teams', columns: [{ name: 'lead', type: 'uuid', references: reference('people') }] },
  },
  {
    type: 'addTable',
    table: { name: 'people', columns: [{ name: 'team', type: 'uuid', references: reference('teams') }] },
  },
]

describe('edits of several tables', () => {
  test('are made together, in any order, as one version with its SQL', async () => {
    const before = await get()
    const tried = await apply(circle, { dryRun: true })
    expect(tried).toMatchObject({ version: before.version })
    expect(tried.effects.map(({ refused }) => refused)).not.toContain(true)
    expect(tried.tables.map(({ table_name }) => table_name)).toEqual(['users', 'teams', 'people'])
    expect(await names()).toEqual(['users'])

    const applied = await apply(circle, { name: 'People and teams' })
    expect(applied.version).toBe(before.version + 1)
    expect(await names()).toEqual(['users', 'teams', 'people'])
    expect(applied.sql).toBe(tried.sql)
    expect(applied.sql).toBe(
      `create table teams (
  id uuid default gen_random_uuid() primary key,
  lead uuid,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);

create table people (
  id uuid default gen_random_uuid() primary key,
  team uuid references teams (id),
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);

alter table teams add constraint teams_lead_fkey foreign key (lead) references people (id);
`,
    )
    const team = await p.create('teams', {})
    await expect(p.create('people', { team: team._id })).resolves.toMatchObject({ team: team._id })
    expect((await failureOf(p.create('people', { team: '7d444840-9dc0-41d1-b245-5ffdce74fad2' }))).code).toBe(
      'CONSTRAINT',
    )
  })

  test('are all refused when one of them is', async () => {
    const before = await get()
    const edits: readonly SchemaEdit[] = [
      { type: 'addTable', table: { name: 'halls', columns: [] } },
      { type: 'addColumn', table: 'people', column: { name: 'age', type: 'integer', required: true } },
    ]
    const failed = await failureOf(apply(edits))
    expect(failed).toMatchObject({
      code: 'CONSTRAINT',
      data: { table: 'people', column: 'age', constraint: 'required' },
    })
    expect(await get()).toEqual(before)
    const { effects } = await apply(edits, { dryRun: true })
    expect(effects.map(({ refused }) => refused)).toEqual([false, true])
    expect(effects[1]?.sentence).toBe(failed.message)
  })

  test('say what they touch, and what cannot be brought back', async () => {
    await apply([{ type: 'addColumn', table: 'people', column: { name: 'nick', type: 'text' } }])
    await p.create('people', { nick: 'Al' })
    const { effects } = await apply(
      [
        { type: 'dropColumn', table: 'people', column: 'nick' },
        { type: 'dropTable', table: 'teams' },
        { type: 'dropTable', table: 'people' },
      ],
      { dryRun: true },
    )
    expect(effects.map(({ sentence, affected, lost }) => [sentence, affected, lost])).toEqual([
      ['Drops column "nick" of "people", and removes its 1 value.', 1, 'The 1 value of "nick" cannot be brought back.'],
      ['Column "team" of "people" refers to nothing any more. All values stay.', 0, null],
      ['Moves table "teams" with its 1 record to the bin, where it can be restored for 30 days.', 1, null],
      ['Moves table "people" with its 2 records to the bin, where it can be restored for 30 days.', 2, null],
    ])
  })

  test('may give a name to another table, and take it back', async () => {
    const ids = new Map((await get()).tables.map(({ id, table_name }) => [table_name, id]))
    await apply([
      { type: 'renameTable', table: 'teams', name: 'spare' },
      { type: 'renameTable', table: 'people', name: 'teams' },
      { type: 'renameTable', table: 'spare', name: 'people' },
    ])
    const { tables } = await get()
    expect(tables.find(({ table_name }) => table_name === 'people')?.id).toBe(ids.get('teams'))
    expect(await p.column('teams', 'nick')).toContain('Al')
    await apply([
      { type: 'dropTable', table: 'teams' },
      { type: 'dropTable', table: 'people' },
      { type: 'addTable', table: { name: 'teams', columns: [], comment: 'Who plays together' } },
      { type: 'setComment', table: 'teams', column: 'id', comment: 'Made by itself' },
    ])
    const schema = (await get()).tables.at(-1)?.schema_json
    expect(schema).toMatchObject({
      name: 'teams',
      comment: 'Who plays together',
      columns: [{ comment: 'Made by itself' }, {}, {}],
    })
    expect(await p.column('teams', 'id')).toEqual([])
  })

  test('made on an older version are refused, and nothing changes', async () => {
    const { version } = await get()
    const edits: readonly SchemaEdit[] = [{ type: 'renameTable', table: 'teams', name: 'squads' }]
    expect(await failureOf(apply(edits, { base: version - 1 }))).toMatchObject({ code: 'CONFLICT', data: { version } })
    expect(await names()).toContain('teams')
    await apply(edits, { base: version })
    expect(await names()).toContain('squads')
  })
})

describe('versions', () => {
  test('are made by every edit, wherever it came from, and keep the schema as it was', async () => {
    const { client: api } = p.tenant
    const { databaseId } = p
    const first = (await get()).version
    const { table } = await api.tables.create({
      databaseId,
      schemaJson: { name: 'pets', columns: [{ name: 'name', type: 'text' }] },
    })
    const tableId = table.id
    await api.tables.update({
      databaseId,
      tableId,
      edits: [{ type: 'renameColumn', table: 'pets', column: 'name', name: 'title' }],
    })
    await api.tables.delete({ databaseId, tableId })
    await api.tables.restore({ databaseId, tableId })
    const { versions } = await client().versions({ databaseId })
    expect(
      versions.slice(0, 4).map(({ number, sentence, author, edits }) => [number - first, sentence, author, edits]),
    ).toEqual([
      [4, 'Restored table pets.', 'ada@example.org', 1],
      [3, 'Moved table pets to the bin.', 'ada@example.org', 1],
      [2, 'Changed table pets: Renames column "name" of "pets" to "title". All values stay.', 'ada@example.org', 1],
      [1, 'Created table pets.', 'ada@example.org', 1],
    ])
    expect(versions.at(-1)).toMatchObject({ number: 1, sentence: 'Created table users.' })
    const petsAt = async (number: number) => {
      const { schema } = await client().version({ databaseId, number: first + number })
      return schema.tables.find(({ name }) => name === 'pets')?.columns.map(({ name }) => name)
    }
    expect(await petsAt(0)).toBeUndefined()
    expect(await petsAt(1)).toEqual(['id', 'name', 'created_at', 'updated_at'])
    expect(await petsAt(2)).toEqual(['id', 'title', 'created_at', 'updated_at'])
    expect(await petsAt(3)).toBeUndefined()
    expect(await petsAt(4)).toEqual(['id', 'title', 'created_at', 'updated_at'])
    const { edits } = await client().version({ databaseId, number: first + 2 })
    expect(edits).toEqual([{ type: 'renameColumn', table: 'pets', column: 'name', name: 'title' }])
    const { schema } = await client().version({ databaseId, number: first + 4 })
    expect(schema.tables).toEqual((await get()).tables.map(({ schema_json }) => schema_json))
  })

  test('are compared in both directions: renames are renames, with the SQL there and back', async () => {
    const { databaseId } = p
    const { version: from } = await apply([
      { type: 'addTable', table: { name: 'cars', columns: [{ name: 'plate', type: 'text' }] } },
    ])
    await apply([{ type: 'renameColumn', table: 'cars', column: 'plate', name: 'number' }])
    const { version: to } = await apply([{ type: 'renameTable', table: 'cars', name: 'vehicles' }])
    const there = await client().diff({ databaseId, from, to })
    const back = await client().diff({ databaseId, from: to, to: from })
    expect(there.up).toBe(
      'alter table cars rename column plate to number;\nalter table cars rename to vehicles;\nalter table vehicles rename constraint cars_pkey to vehicles_pkey;\n',
    )
    expect(there.changes.filter(({ state }) => state !== 'same')).toMatchObject([
      {
        name: 'vehicles',
        was: 'cars',
        state: 'changed',
        columns: [{ state: 'same' }, { name: 'number', was: 'plate' }, {}, {}],
      },
    ])
    expect(back.edits).toEqual([
      { type: 'renameColumn', table: 'vehicles', column: 'number', name: 'plate' },
      { type: 'renameTable', table: 'vehicles', name: 'cars' },
    ])
    // To revert is to apply the way back.
    await client().apply({ databaseId, edits: back.edits })
    expect((await get()).tables.at(-1)?.schema_json.columns[1]?.name).toBe('plate')
    expect((await client().diff({ databaseId, from, to: to + 1 })).edits).toEqual([])
  })

  test('have names, and those that are not there are not found', async () => {
    const { databaseId } = p
    const { version } = await client().renameVersion({ databaseId, number: 1, name: '  Begin ' })
    expect(version).toMatchObject({ number: 1, name: 'Begin' })
    await client().renameVersion({ databaseId, number: 1, name: null })
    expect((await client().version({ databaseId, number: 1 })).version.name).toBeNull()
    for (const call of [
      () => client().version({ databaseId, number: 99_999 }),
      () => client().renameVersion({ databaseId, number: 99_999, name: 'x' }),
    ])
      expect((await failureOf(call())).code).toBe('NOT_FOUND')
  })

  test('of a database that is older than its versions begin with what there was', async () => {
    const tenant = await signUpTenant(p.studio, 'old@example.org')
    const { project } = await tenant.client.projects.create({ name: 'Old' })
    const { database } = await tenant.client.databases.create({ projectId: project.id })
    const databaseId = database.id
    await asAdmin(p.studio.adminUrl, 'delete from studio.schema_versions where database_id = $1', [databaseId])
    expect(await tenant.client.schema.get({ databaseId })).toMatchObject({ version: 0 })
    await tenant.client.tables.create({ databaseId, schemaJson: { name: 'pets', columns: [] } })
    const { versions } = await tenant.client.schema.versions({ databaseId })
    expect(versions.map(({ number, sentence }) => [number, sentence])).toEqual([
      [1, 'Created table pets.'],
      [0, 'The schema before its versions were kept.'],
    ])
    const tablesAt = async (number: number) =>
      (await tenant.client.schema.version({ databaseId, number })).schema.tables.map(({ name }) => name)
    expect(await tablesAt(0)).toEqual(['users'])
    expect(await tablesAt(1)).toEqual(['users', 'pets'])
  })
})

test('SQL becomes edits of the schema or of a draft, and changes nothing', async () => {
  const { databaseId } = p
  const before = await get()
  const sql = 'create table bills (id uuid primary key, by uuid references users);\ncreate index on bills (by);'
  const { edits, notes, unsupported, indexes } = await client().fromSql({ databaseId, sql })
  expect({ notes, unsupported, indexes }).toEqual({
    notes: [],
    unsupported: [],
    indexes: [{ table: 'bills', columns: ['by'] }],
  })
  expect(await get()).toEqual(before)
  await client().apply({ databaseId, edits })
  expect(await names()).toContain('bills')
  const again = await client().fromSql({ databaseId, sql })
  expect(again.notes[0]?.sentence).toContain('is called "bills_2"')
  const onDraft = await client().fromSql({ databaseId, sql, draft: { tables: [] } })
  expect(onDraft.notes[0]?.sentence).toContain('but there is no table "users"')
  expect(await failureOf(client().fromSql({ databaseId, sql: '\nselekt 1' }))).toMatchObject({
    code: 'VALIDATION',
    data: { line: 2 },
  })
})

test.each(templates.map(({ id }) => id))(
  'the template %s is made with its records, beside what is there',
  async (template) => {
    const { databaseId } = p
    const before = await names()
    const made = await client().applyTemplate({ databaseId, template })
    expect(made.tables.length).toBeGreaterThan(2)
    expect(await names()).toEqual([...before, ...made.tables.map(({ table_name }) => table_name)])
    let records = 0
    for (const { id } of made.tables)
      records += (await p.tenant.client.tables.get({ databaseId, tableId: id })).table.record_estimate
    expect(records).toBe(made.records)
    expect(records).toBeGreaterThan(made.tables.length)
  },
)

test('a template that is not there is not found', async () => {
  expect((await failureOf(client().applyTemplate({ databaseId: p.databaseId, template: 'none' }))).code).toBe(
    'NOT_FOUND',
  )
})

test('the layout of the canvas is kept, and not lost to somebody who moves things meanwhile', async () => {
  const { databaseId } = p
  expect(await client().layout({ databaseId })).toEqual({ layout: { tables: {}, areas: {}, notes: {} }, revision: 0 })
  const layout = {
    tables: { users: { x: 1.5, y: -20, pinned: true }, squads: { x: 1, y: 1 }, ideas: { x: 2, y: 2 } },
    areas: { a: { name: 'People', hue: 'blue' as const, x: 0, y: 0, width: 300, height: 200 } },
    notes: { n: { text: '# Words', x: 0, y: 0, width: 30, height: 20 } },
  }
  expect(await client().saveLayout({ databaseId, layout, revision: 0 })).toEqual({ revision: 1 })
  const moved = { ...layout, tables: { ...layout.tables, users: { x: 5, y: 5 } } }
  expect(await client().saveLayout({ databaseId, layout: moved, revision: 1 })).toEqual({ revision: 2 })
  for (const revision of [0, 1, 3])
    expect(await failureOf(client().saveLayout({ databaseId, layout, revision }))).toMatchObject({
      code: 'CONFLICT',
      data: { layout: moved, revision: 2 },
    })
  expect(await client().layout({ databaseId })).toEqual({ layout: moved, revision: 2 })
  // The place of a table follows its name; that of a table which is not there yet waits for it.
  await apply([{ type: 'renameTable', table: 'squads', name: 'crews' }])
  const { users, ideas } = moved.tables
  expect((await client().layout({ databaseId })).layout.tables).toEqual({ users, ideas, crews: { x: 1, y: 1 } })
  await apply([{ type: 'dropTable', table: 'crews' }])
  expect((await client().layout({ databaseId })).layout.tables).toEqual({ users, ideas })
})
