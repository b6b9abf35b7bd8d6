import { applyEdit } from '@shared/domain/apply-edit'
import { parseColumnType, sqlTypeName } from '@shared/domain/column-type'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import type { ColumnSchema, TableSchema } from '@shared/domain/table-schema'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asAdmin } from '../helpers/database'
import { makeDedicated } from '../helpers/dedicated'
import { createTestProject, type TestProject } from '../helpers/test-project'

/**
 * Random schema edits and inserts on one table in the shared tier, one in the dedicated tier, and a plain table that
 * gets the same by `alter table`: after each step all three show the same.
 */

let p: TestProject
let client: Client
let schemaName: string
beforeAll(async () => {
  p = await createTestProject()
  client = new Client({ connectionString: p.studio.adminUrl })
  await client.connect()
  await client.query(`set timezone = 'UTC'; set intervalstyle = 'iso_8601'; create schema plain`)
  const [row] = await asAdmin(p.studio.adminUrl, 'select schema_name from studio.project_databases')
  schemaName = String(row?.schema_name)
})
afterAll(async () => {
  await client.end()
  await p.close()
})

type PickOne = <T>(from: readonly T[]) => T

/** mulberry32 */
function random(seed: number): {
  pick: PickOne
  chance: (share: number) => boolean
  number: (below: number) => number
} {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const number = (below: number) => Math.floor(next() * below)
  return {
    number,
    chance: (share) => next() < share,
    pick: (from) => {
      const one = from[number(from.length)]
      if (one === undefined) throw new Error('Nothing to pick from')
      return one
    },
  }
}
type Random = ReturnType<typeof random>

const values: Record<string, readonly string[]> = {
  smallint: ['1', '2', '-3'],
  integer: ['1', '2', '70000'],
  bigint: ['1', '2', '9007199254740993'],
  numeric: ['1.50', '2', '3.25'],
  'numeric(12,2)': ['1.50', '2.00', '3.25'],
  double: ['0.5', '2', '-1.25'],
  text: ['a', 'b', "o'x", ''],
  'varchar(40)': ['a', 'b', 'longer text'],
  boolean: ['true', 'false'],
  date: ['2024-01-31', '1999-12-31'],
  timestamptz: ['2024-01-31T10:11:12.123456Z', '1999-12-31T00:00:00.000000Z'],
  uuid: ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'],
  jsonb: ['{"a": 1}', '[1, 2]'],
  'text[]': ['{a,b}', '{}'],
}
const types = Object.keys(values)

/** Where a cast of Postgres and the studio's conversion are the same. */
const casts: Record<string, readonly string[]> = {
  smallint: ['integer', 'bigint', 'numeric', 'text'],
  integer: ['bigint', 'numeric', 'text'],
  bigint: ['numeric', 'text'],
  numeric: ['text'],
  'numeric(12,2)': ['numeric', 'text'],
  text: ['varchar(40)'],
  'varchar(40)': ['text'],
  boolean: ['text'],
  uuid: ['text'],
}

const literal = (value: string | null) => (value === null ? 'null' : `'${value.replaceAll("'", "''")}'`)
const sqlType = (type: string) => {
  const parsed = parseColumnType(type)
  if (!parsed) throw new Error(type)
  return sqlTypeName(parsed)
}

function randomColumn(r: Random, n: number): ColumnSchema {
  const type = r.pick(types)
  const column = { name: `c${n}`, type }
  if (type === 'uuid' && r.chance(0.5))
    return { ...column, default: 'gen_random_uuid()', ...(r.chance(0.5) ? { unique: true } : {}) }
  if (r.chance(0.5))
    return { ...column, default: r.pick(values[type] ?? []), ...(r.chance(0.4) ? { required: true } : {}) }
  return r.chance(0.3) && type !== 'jsonb' ? { ...column, unique: true } : column
}

function randomEdit(r: Random, table: TableSchema, n: number): SchemaEdit {
  const at = table.name
  const others = table.columns.filter(({ name }) => name !== 'id')
  const one = others.length > 0 ? r.pick(others) : undefined
  const name = one?.name ?? 'id'
  switch (r.number(one ? 11 : 1)) {
    case 1:
      return { type: 'dropColumn', table: at, column: name }
    case 2:
      return { type: 'renameColumn', table: at, column: name, name: `r${n}` }
    case 3:
    case 4: {
      const to = r.pick(casts[one?.type ?? ''] ?? ['text'])
      return casts[one?.type ?? ''] ? { type: 'changeType', table: at, column: name, to } : moved(at, name, r)
    }
    case 5:
      return moved(at, name, r)
    case 6:
      return { type: 'setRequired', table: at, column: name, required: r.chance(0.5) }
    case 7:
      return { type: 'setUnique', table: at, column: name, unique: r.chance(0.6) }
    case 8:
      return { type: 'addUnique', table: at, columns: [name, r.pick(others).name] }
    case 9: {
      const [set] = table.unique ?? []
      return set ? { type: 'dropUnique', table: at, columns: set } : moved(at, name, r)
    }
    case 10:
      return { type: 'renameTable', table: at, name: `${at.split('_')[0]}_${n}` }
    default: {
      const column = randomColumn(r, n)
      return { type: 'addColumn', table: at, column, position: r.number(table.columns.length + 1) }
    }
  }
}

function moved(table: string, column: string, r: Random): SchemaEdit {
  return { type: 'moveColumn', table, column, position: r.number(8) }
}

/** What the same edit is in SQL; the plain table is always called by its first name. */
function alterations(edit: SchemaEdit, plain: string, before: TableSchema): readonly string[] {
  const table = `alter table plain.${plain}`
  switch (edit.type) {
    case 'addColumn': {
      const { name, type, default: fallback, required, unique } = edit.column
      const filled = fallback === undefined ? '' : `default ${fallback.endsWith('()') ? fallback : literal(fallback)}`
      return [
        `${table} add column ${name} ${sqlType(type)} ${filled} ${required ? 'not null' : ''}`,
        ...(unique ? [`create unique index on plain.${plain} (${name})`] : []),
      ]
    }
    case 'dropColumn':
      return [`${table} drop column ${edit.column}`]
    case 'renameColumn':
      return [`${table} rename column ${edit.column} to ${edit.name}`]
    case 'changeType':
      return [
        `${table} alter column ${edit.column} drop default`,
        `${table} alter column ${edit.column} type ${sqlType(edit.to)} using ${edit.column}::${sqlType(edit.to)}`,
      ]
    case 'setRequired':
      return [`${table} alter column ${edit.column} ${edit.required ? 'set' : 'drop'} not null`]
    case 'setUnique':
      return edit.unique
        ? [`create unique index on plain.${plain} (${edit.column})`]
        : [`select plain.drop_unique('${plain}', '{${edit.column}}')`]
    case 'addUnique':
      return [`create unique index on plain.${plain} (${edit.columns.join(', ')})`]
    case 'dropUnique':
      return [`select plain.drop_unique('${plain}', '{${edit.columns.join(',')}}')`]
    default:
      return before ? [] : []
  }
}

const dropUnique = `
create function plain.drop_unique(relation text, names text[]) returns void language plpgsql as $$
declare
  found text;
begin
  for found in
    select i.indexrelid::regclass::text from pg_index i
    where i.indrelid = ('plain.' || relation)::regclass and i.indisunique and not i.indisprimary
      and (select array_agg(a.attname::text order by a.attname::text) from unnest(i.indkey) k
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k)
        = (select array_agg(n order by n) from unnest(names) n)
  loop
    execute 'drop index ' || found;
  end loop;
end $$`

async function outcome(work: () => PromiseLike<unknown>): Promise<string> {
  try {
    await work()
    return 'done'
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code)
    throw error
  }
}

const shapeText = `select column_name, data_type, character_maximum_length, numeric_precision, numeric_scale, udt_name
  from information_schema.columns where table_schema = $1 and table_name = $2`

/** How often each outcome was. */
const tally = new Map<string, number>()

test.each([1, 2, 3, 4])('edits with the seed %d', async (seed) => {
  if (seed === 1) await client.query(dropUnique)
  const r = random(seed)
  const { databaseId } = p
  const plain = `p${seed}`
  const first: readonly ColumnSchema[] = [
    { name: 'id', type: 'integer', primary_key: true },
    { name: 'a', type: 'integer' },
    { name: 'b', type: 'text' },
    { name: 'c', type: 'numeric(12,2)' },
  ]
  let [shared, dedicated]: TableSchema[] = [
    { name: `s${seed}`, columns: first },
    { name: `d${seed}`, columns: first },
  ]
  const ids = [await p.table(`s${seed}`, first), await p.table(`d${seed}`, first)]
  await client.query(`create table plain.${plain} (id integer primary key, a integer, b text, c numeric(12,2))`)
  let rows = 0
  if (!shared || !dedicated) throw new Error('No tables')
  const names = () => [shared?.name ?? '', dedicated?.name ?? '']
  const insert = async (table: TableSchema) => {
    rows += 1
    const given = table.columns.filter(({ name }) => name === 'id' || r.chance(0.8))
    const row = given.map((column) =>
      column.name === 'id' ? String(rows) : r.chance(0.15) ? null : r.pick(values[column.type] ?? ['1']),
    )
    // A default that differs from row to row would make the three differ, and the plain table has lost some.
    const full = table.columns.filter(({ name }) => !given.some((column) => column.name === name))
    const columns = [...given, ...full].map(({ name }) => name).join(', ')
    const list = [...row, ...full.map((column) => (column.required ? (values[column.type]?.[0] ?? '1') : null))]
    const written = list.map((value) => literal(value)).join(', ')
    const results = []
    for (const relation of [`"${schemaName}"."${names()[0]}"`, `"${schemaName}"."${names()[1]}"`, `plain.${plain}`])
      results.push(await outcome(() => client.query(`insert into ${relation} (${columns}) values (${written})`)))
    tally.set(`insert ${results[0]}`, (tally.get(`insert ${results[0]}`) ?? 0) + 1)
    expect(new Set(results), `insert (${columns}) values (${written}): ${results.join(', ')}`).toHaveProperty('size', 1)
  }
  for (let n = 0; n < 12; n++) await insert(shared)
  await makeDedicated(p.studio, p.tenant.userId, databaseId, `d${seed}`)

  for (let step = 0; step < 20; step++) {
    const edits: [SchemaEdit[], SchemaEdit[]] = [[], []]
    const current = shared
    let after = current
    for (let n = r.pick([1, 1, 2, 3]); n > 0; n--) {
      const edit = randomEdit(r, after, step * 10 + n)
      try {
        after = applyEdit({ tables: [after] }, edit).tables[0] ?? after
      } catch {
        continue
      }
      edits[0].push(edit)
    }
    if (edits[0].length === 0) continue
    const twin = (text: string) => text.replace(/^s/, 'd')
    edits[1] = edits[0].map((edit): SchemaEdit => {
      if (edit.type === 'addTable') return edit
      if (edit.type === 'renameTable') return { ...edit, table: twin(edit.table), name: twin(edit.name) }
      return { ...edit, table: twin(edit.table) }
    })
    const tries = edits.map((list, index) =>
      outcome(() => p.tenant.client.tables.update({ databaseId, tableId: ids[index] ?? '', edits: list as never })),
    )
    const results = await Promise.all(tries)
    expect(results[1], JSON.stringify(edits[0])).toBe(results[0])
    tally.set(results[0] ?? '', (tally.get(results[0] ?? '') ?? 0) + 1)
    if (results[0] === 'CONSTRAINT') {
      await client.query('begin')
      const tried = await outcome(async () => {
        let trial = current
        for (const edit of edits[0]) {
          for (const text of alterations(edit, plain, trial)) await client.query(text)
          trial = applyEdit({ tables: [trial] }, edit).tables[0] ?? trial
        }
      })
      await client.query('rollback')
      expect(['23502', '23505'], JSON.stringify(edits[0])).toContain(tried)
    } else if (results[0] === 'done') {
      let current: TableSchema = shared
      for (const edit of edits[0]) {
        for (const text of alterations(edit, plain, current)) await client.query(text)
        current = applyEdit({ tables: [current] }, edit).tables[0] ?? current
      }
      shared = current
      dedicated = { ...current, name: twin(current.name) }
      const uuids = edits[0].flatMap((edit) =>
        edit.type === 'addColumn' && edit.column.default === 'gen_random_uuid()' ? [edit.column.name] : [],
      )
      // Nobody makes the same uuids: the others get those of the first.
      for (const name of shared.columns.map((column) => column.name).filter((column) => uuids.includes(column)))
        for (const to of [`"${schemaName}"."${names()[1]}"`, `plain.${plain}`])
          await client.query(
            `update ${to} t set ${name} = s.${name} from "${schemaName}"."${names()[0]}" s where s.id = t.id`,
          )
    }
    for (let n = r.number(3); n > 0; n--) await insert(shared)

    const list = shared.columns.map(({ name }) => name)
    const contents = []
    const shapes = []
    for (const [schema, name] of [
      [schemaName, names()[0]],
      [schemaName, names()[1]],
      ['plain', plain],
    ]) {
      const { rows: found } = await client.query(`select ${list.join(', ')} from "${schema}"."${name}" order by id`)
      contents.push(found)
      const { rows: shape } = await client.query(shapeText, [schema, name])
      shapes.push(list.map((column) => shape.find(({ column_name }) => column_name === column)))
      if (schema !== 'plain') {
        const { rows: inOrder } = await client.query(`select * from "${schema}"."${name}" limit 0`)
        expect(inOrder).toEqual([])
        expect((await client.query(`select * from "${schema}"."${name}" limit 0`)).fields.map((f) => f.name)).toEqual(
          list,
        )
      }
    }
    expect(contents[0], JSON.stringify(edits[0])).toEqual(contents[2])
    expect(contents[1], JSON.stringify(edits[1])).toEqual(contents[2])
    expect(shapes[0]).toEqual(shapes[2])
    expect(shapes[1]).toEqual(shapes[2])
  }
})
test('enough was done, and enough refused', () => {
  for (const [what, least] of [
    ['done', 30],
    ['CONSTRAINT', 5],
    ['insert done', 50],
    ['insert 23505', 1],
    ['insert 23502', 1],
  ] as const)
    expect(tally.get(what) ?? 0, what).toBeGreaterThanOrEqual(least)
})
