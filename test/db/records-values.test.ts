import { formatColumnType, parseColumnType } from '@shared/domain/column-type'
import type { JsonValue } from '@shared/json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin } from '../helpers/database'
import { makeDedicated } from '../helpers/dedicated'
import { createTestProject, type TestProject } from '../helpers/test-project'

/** Values at the edges of every type come back as they were, in both tiers, and are found again. */

const values: Readonly<Record<string, readonly JsonValue[]>> = {
  smallint: [0, -32768, 32767],
  integer: [0, -2147483648, 2147483647],
  bigint: ['0', '-9223372036854775808', '9223372036854775807', '9007199254740993'],
  numeric: [
    '0',
    '0.00',
    '-1.50',
    '1.5',
    `${'9'.repeat(400)}.${'1'.repeat(300)}`,
    '1e-300',
    'NaN',
    'Infinity',
    '-Infinity',
  ],
  'numeric(12,2)': ['0.00', '-9999999999.99', '0.01'],
  real: [0, 0.1, -3.4028235e38, 1e-45, 'NaN', 'Infinity'],
  double: [0, 0.1, 1.7976931348623157e308, 5e-324, -123456789.12345679, 'NaN', '-Infinity'],
  text: ['', ' ', 'é\u0301 😀 \u202e', '\u0001\u007f', "'; drop table x; --", '\\x00', '{"a":1}', 'null', 'a\nb\tc\r'],
  'varchar(3)': ['', 'äöü', '😀😀😀'],
  boolean: [true, false],
  date: ['0001-01-01', '9999-12-31', '2000-02-29'],
  time: ['00:00:00.000000', '23:59:59.999999', '24:00:00.000000'],
  timestamp: ['0001-01-01T00:00:00.000000', '9999-12-31T23:59:59.999999', '2024-03-31T02:30:00.000001'],
  timestamptz: ['0001-01-01T00:00:00.000000Z', '9999-12-31T23:59:59.999999Z', '2024-03-31T02:30:00.100000Z'],
  interval: ['PT0S', 'P1Y2M3DT4H5M6.789S', 'P-1Y-2M3DT-4H-5M-6.000001S', 'P178000000Y'],
  uuid: ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  jsonb: [{}, [], '', 'null', 0, false, { a: null, b: [1, { c: 'é' }] }, [[[]]], '1', { '': { ' ': 1e300 } }],
  bytea: ['\\x', '\\x00ff10', `\\x${'ab'.repeat(5000)}`],
}

/** Numeric keeps its digits and has no exponent. */
function spelt(value: JsonValue): JsonValue {
  return value === '1e-300' ? `0.${'0'.repeat(299)}1` : value
}

describe.each(['shared', 'dedicated'] as const)('%s', (tier) => {
  let p: TestProject
  beforeAll(async () => {
    p = await createTestProject()
  })
  afterAll(async () => {
    expect(p.studio.log.filter((line) => line.includes('"level":50'))).toEqual([])
    await p.close()
  })
  const records = () => p.tenant.client.records

  const cases = Object.entries(values).flatMap(([type, some]) => {
    const list = [[...some], [null, ...some.slice(0, 2)], []] as JsonValue[][]
    return [
      [type, some],
      [`${type}[]`, list],
    ] as const
  })

  test.each(cases)('%s', async (typeName, some) => {
    const type = parseColumnType(typeName)
    if (!type) throw new Error(typeName)
    const tableName = `v_${typeName.replace('[]', '_list').replaceAll(/\W+/g, '_')}`
    await p.table(tableName, [{ name: 'value', type: formatColumnType(type) }])
    if (tier === 'dedicated') await makeDedicated(p.studio, p.tenant.userId, p.databaseId, tableName)
    const { databaseId } = p
    const rows = [...some.map((value) => ({ value })), { value: null }]
    const created = (await records().create({ databaseId, tableName, records: rows })).records ?? []
    const expected = rows.map(({ value }) => (Array.isArray(value) ? value.map(spelt) : spelt(value)))
    expect(created.map(({ value }) => value)).toEqual(expected)
    expect(await p.column(tableName, 'value')).toEqual(expected)
    expect(await p.column(tableName, 'value', { select: ['value'] })).toEqual(expected)
    for (const [index, record] of created.entries()) {
      const at = { params: { databaseId, recordId: record._id }, query: { table: tableName } }
      expect((await records().get(at)).record.value).toEqual(expected[index])
      const other = expected[(index + 1) % expected.length] ?? null
      expect((await records().update({ ...at, body: { record: { value: other } } })).record.value).toEqual(other)
      expect(
        (await records().replace({ ...at, body: { record: { value: expected[index] ?? null } } })).record.value,
      ).toEqual(expected[index])
    }
    const found = async (value: JsonValue) =>
      (await records().query({ databaseId, tableName, filters: { column: 'value', op: 'eq', value } })).records.length
    for (const value of some) expect(await found(value)).toBeGreaterThan(0)
    const logged = await asAdmin(
      p.studio.adminUrl,
      `select c.after -> 'value' as value from studio.changes c join studio.project_tables t on t.id = c.table_id
       where t.table_name = $1 and c.op = 'insert' order by c.id`,
      [tableName],
    )
    expect(logged.map(({ value }) => value ?? null)).toEqual(expected)
    if (type.array || type.base === 'jsonb') return
    const sorted = async (direction: 'asc' | 'desc') => {
      const all: unknown[] = []
      let cursor: string | null = null
      do {
        const page: Awaited<ReturnType<ReturnType<typeof records>['query']>> = await records().query({
          databaseId,
          tableName,
          sort: [{ column: 'value', direction }],
          limit: 2,
          ...(cursor === null ? {} : { cursor }),
        })
        all.push(...page.records.map(({ _id }) => _id))
        cursor = page.nextCursor
      } while (cursor !== null)
      return all
    }
    const up = await sorted('asc')
    expect(new Set(up).size).toBe(rows.length)
    expect(await sorted('desc')).toEqual(up.reverse())
  })
})
