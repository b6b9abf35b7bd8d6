import { coerceValue } from '@shared/domain/coerce-value'
import { parseColumnType, sqlTypeName } from '@shared/domain/column-type'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../helpers/database'

/** Where our reading of a text and Postgres' own could differ, they are asked side by side. */

let database: TestDatabase
let postgres: Client
beforeAll(async () => {
  database = await createTestDatabase()
  postgres = new Client({ connectionString: database.adminUrl })
  await postgres.connect()
  await postgres.query(`set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'iso_8601'`)
})
afterAll(async () => {
  await postgres.end()
  await database.close()
})

/** The text of the value as Postgres stores it; null when it refuses. */
async function cast(type: string, text: string): Promise<string | null> {
  // Through a column and not a cast: a cast to varchar(n) cuts where an insert refuses.
  await postgres.query(`drop table if exists pg_temp.one; create temp table one (value ${type})`)
  try {
    await postgres.query({ text: `insert into one values ($1)`, values: [text] })
  } catch {
    return null
  }
  const { rows } = await postgres.query<{ value: string }>('select value::text from one')
  return rows[0]?.value ?? null
}

const samples: Readonly<Record<string, readonly string[]>> = {
  smallint: ['0', '-32768', '32768', ' 12 ', '+5', '1.0', ''],
  integer: ['2147483647', '2147483648', '-2147483648', '-2147483649', '00012', '1e3', 'x'],
  bigint: ['9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809'],
  numeric: [
    '1.50',
    '-0.0',
    '0001',
    '1e5',
    '1.23e-7',
    '.5',
    '5.',
    '-.5e1',
    'NaN',
    'inf',
    '-Infinity',
    '1e',
    '1.2.3',
    '',
  ],
  'numeric(6,3)': [
    '999.9994',
    '999.9995',
    '-999.9995',
    '0.0005',
    '-0.0005',
    '0.00049999',
    '123.4565',
    '1e2',
    '1000',
    'NaN',
    'Infinity',
  ],
  'numeric(2,2)': ['0.994', '0.995', '1', '-0.99'],
  'numeric(3,0)': ['999.5', '999.4', '0.5', '1.5', '2.5', '-2.5'],
  double: ['0.1', '1e308', '1e309', '1e-323', '1e-400', '-Infinity', 'NaN', '123456789012345678'],
  real: ['0.1', '3.14159265', '16777217', '1e38', '1e39', '1e-45', '1e-50', '7.038531e-26'],
  boolean: ['t', 'true', 'TRU', 'y', 'ye', 'on', '1', 'f', 'fal', 'n', 'of', 'off', '0', 'o', '', '2', ' yes ', 'onn'],
  'varchar(2)': ['ab', 'abc', '😀😀', '😀😀😀', ''],
  date: ['2024-02-29', '2023-02-29', '2024-04-31', '2024-00-10', '2024-12-32', '0001-01-01', '9999-12-31', '2024-1-5'],
  time: ['9:05', '23:59:59.9999995', '23:59:59.9999994', '24:00:00', '24:00:01', '12:60', '12:30:15.5'],
  timestamp: ['2024-01-31 10:20:30.123456', '2024-01-31T10:20', '2024-01-31', '2024-01-31 24:00', '2024-02-30 10:00'],
  timestamptz: [
    '2024-01-31T10:20:30.1234567Z',
    '2024-01-31 10:20:30+05:30',
    '2024-01-31 10:20:30-0330',
    '2024-01-31 10:20:30+14',
    '2024-01-31 10:20:30+16',
    '0001-01-01T00:00:00Z',
    '2024-12-31T23:59:59.9999999Z',
    '1999-12-31T23:59:59.999999+00:00:30',
  ],
  interval: [
    'P1Y2M3DT4H5M6.789S',
    'P2W',
    'P0.5Y',
    'P1.5M',
    'P1.5D',
    'PT36H',
    'PT-1.5S',
    '-P1D',
    'P-1Y2M',
    '1 year 2 mons -3 days 04:05:06',
    '-1 mons +2 days -03:00:00.5',
    '1.5 weeks',
    '2 decades 1 century',
    '3 hours 5 minutes ago',
    '@ 1 day',
    '1 day 1 day',
    '500 ms',
    '7 us',
    '100:00:00',
    '-00:00:01',
    '00:60:00',
    '5 parsecs',
    '0.1 months',
    '1.1 years',
  ],
  uuid: [
    'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
    '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}',
    'a0eebc999c0b4ef8bb6d6bb9bd380a11',
    'x',
  ],
  bytea: ['\\xDEAD', '\\x', '\\xABC'],
  'integer[]': ['{1,2,NULL}', '{}', '{ 1 , 2 }', '{1,}', '{a}'],
  'text[]': ['{a,"b c","d\\"e",NULL,"NULL",""}', '{a b , c}', '{"a"', '{a\\,b}'],
}

describe.each(Object.entries(samples))('%s', (name, texts) => {
  test.each(texts)('%j', async (text) => {
    const type = parseColumnType(name)
    if (!type) throw new Error(`No type ${name}`)
    const theirs = await cast(sqlTypeName(type), text)
    const ours = coerceValue(type, text)
    if (theirs === null || !ours.ok) {
      expect({ refused: !ours.ok }).toEqual({ refused: theirs === null })
      return
    }
    // Our canonical form means the same value to Postgres; for these types it is the same text too.
    const form = Array.isArray(ours.value)
      ? `{${ours.value.map((item: unknown) => (item === null ? 'NULL' : JSON.stringify(item))).join(',')}}`
      : String(ours.value)
    expect(await cast(sqlTypeName(type), form)).toBe(theirs)
    if (['bigint', 'numeric', 'interval', 'uuid', 'varchar'].includes(type.base)) expect(ours.value).toBe(theirs)
  })
})
