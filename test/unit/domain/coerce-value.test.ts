import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { coerceValue, parseValue, renderValue } from '@shared/domain/coerce-value'
import { parseColumnType } from '@shared/domain/column-type'
import type { JsonValue } from '@shared/json'
import { describe, expect, test } from 'vitest'

function coerce(type: string, value: JsonValue): JsonValue | { readonly refused: string } {
  const parsed = parseColumnType(type)
  if (!parsed) throw new Error(`No type ${type}`)
  const coerced = coerceValue(parsed, value)
  return coerced.ok ? coerced.value : { refused: coerced.reason }
}

const refused = { refused: expect.any(String) }

const fitting: readonly (readonly [type: string, value: JsonValue, stored: JsonValue])[] = [
  ['smallint', 32767, 32767],
  ['smallint', '-32768', -32768],
  ['integer', ' 007 ', 7],
  ['integer', -0, 0],
  ['bigint', '9223372036854775807', '9223372036854775807'],
  ['bigint', '-9223372036854775808', '-9223372036854775808'],
  ['bigint', 42, '42'],
  ['bigint', '-0', '0'],
  ['numeric', '001.50', '1.50'],
  ['numeric', 19.99, '19.99'],
  ['numeric', 1e21, '1000000000000000000000'],
  ['numeric', '1e3', '1000'],
  ['numeric', '-1.5e-3', '-0.0015'],
  ['numeric', '.5', '0.5'],
  ['numeric', 'nan', 'NaN'],
  ['numeric', '-inf', '-Infinity'],
  [
    'numeric',
    '99999999999999999999999999999999.000000000000000000001',
    '99999999999999999999999999999999.000000000000000000001',
  ],
  ['numeric(10,2)', '1.005', '1.01'],
  ['numeric(10,2)', '-1.005', '-1.01'],
  ['numeric(10,2)', '1.004999', '1.00'],
  ['numeric(4,2)', '99.994', '99.99'],
  ['numeric(3)', '999.4', '999'],
  ['numeric(5,2)', '-0.001', '0.00'],
  ['numeric(5,5)', '0.999994', '0.99999'],
  ['real', 0.1, 0.1],
  ['real', '2.7654321098', 2.7654321],
  ['real', 16777217, 16777216],
  ['double', 0.1, 0.1],
  ['double', '-Infinity', '-Infinity'],
  ['double', '1e308', 1e308],
  ['text', '', ''],
  ['text', '😀', '😀'],
  ['varchar(3)', '😀😀😀', '😀😀😀'],
  ['boolean', 'YES', true],
  ['boolean', ' of ', false],
  ['boolean', 'tru', true],
  ['boolean', '0', false],
  ['date', '2024-02-29', '2024-02-29'],
  ['date', '2000-02-29', '2000-02-29'],
  ['date', '0001-01-01', '0001-01-01'],
  ['date', '2024-1-5', '2024-01-05'],
  ['time', '9:05', '09:05:00.000000'],
  ['time', '23:59:59.9999999', '24:00:00.000000'],
  ['time', '24:00', '24:00:00.000000'],
  ['timestamp', '2024-01-31 10:20', '2024-01-31T10:20:00.000000'],
  ['timestamp', '2024-01-31T10:20:30.5Z', '2024-01-31T10:20:30.500000'],
  ['timestamptz', '2024-01-31T23:30:00-01:30', '2024-02-01T01:00:00.000000Z'],
  ['timestamptz', '2024-01-01 00:00:00+05', '2023-12-31T19:00:00.000000Z'],
  ['timestamptz', '2024-12-31T23:59:59.9999995Z', '2025-01-01T00:00:00.000000Z'],
  ['timestamptz', '2024-01-31', '2024-01-31T00:00:00.000000Z'],
  ['timestamptz', '2024-01-31t24:00z', '2024-02-01T00:00:00.000000Z'],
  ['interval', 'P1Y2M3DT4H5M6.7S', 'P1Y2M3DT4H5M6.7S'],
  ['interval', '1 year 2 mons 3 days 04:05:06.7', 'P1Y2M3DT4H5M6.7S'],
  ['interval', '-1 day +02:03:04', 'P-1DT2H3M4S'],
  ['interval', '1.5 days', 'P1DT12H'],
  ['interval', '2 weeks ago', 'P-14D'],
  ['interval', '13 months', 'P1Y1M'],
  ['interval', '90 minutes', 'PT1H30M'],
  ['interval', '0 days', 'PT0S'],
  ['uuid', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  ['uuid', '{a0eebc999c0b4ef8bb6d6bb9bd380a11}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  ['jsonb', { a: [1, null, 'x'] }, { a: [1, null, 'x'] }],
  ['jsonb', 'text', 'text'],
  ['bytea', '\\xDEADbeef', '\\xdeadbeef'],
  ['bytea', '\\x', '\\x'],
  ['integer[]', [1, '2', null], [1, 2, null]],
  ['text[]', '{a,"b, c",NULL,"NULL"}', ['a', 'b, c', null, 'NULL']],
  ['numeric(4,1)[]', ['1.25'], ['1.3']],
  ['jsonb[]', [{ a: 1 }, 'x'], [{ a: 1 }, 'x']],
]

const unfit: readonly (readonly [type: string, value: JsonValue])[] = [
  ['smallint', 32768],
  ['integer', 2147483648],
  ['integer', 1.5],
  ['integer', '1.0'],
  ['integer', true],
  ['integer', ''],
  ['integer', '0x10'],
  ['bigint', '9223372036854775808'],
  ['bigint', 2 ** 53 + 2],
  ['numeric', 0.1234567890123456],
  ['numeric', '1e200000'],
  ['numeric', '--1'],
  ['numeric(4,2)', '99.995'],
  ['numeric(4,2)', 'Infinity'],
  ['real', '1e39'],
  ['double', '1e309'],
  ['double', '1e-400'],
  ['text', 5],
  ['text', 'a\0b'],
  ['text', 'a\ud800b'],
  ['text', '\udc00'],
  ['varchar(3)', 'abcd'],
  ['boolean', 1],
  ['boolean', 'o'],
  ['boolean', ''],
  ['date', '2024-02-30'],
  ['date', '1900-02-29'],
  ['date', '0000-01-01'],
  ['date', '10000-01-01'],
  ['date', '2024-13-01'],
  ['date', 'today'],
  ['time', '25:00'],
  ['time', '24:00:00.000001'],
  ['time', '10:60'],
  ['timestamp', '2024-01-31T10:20:30+05:00'],
  ['timestamptz', '2024-01-31T10:20:30+99:00'],
  ['timestamptz', '9999-12-31T23:59:59-01'],
  ['timestamptz', '0001-01-01T00:00:00+01'],
  ['timestamptz', 1700000000],
  ['interval', ''],
  ['interval', 'P'],
  ['interval', '5 parsecs'],
  ['interval', '99999999999 years'],
  ['uuid', 'a0eebc99'],
  ['jsonb', { a: { 'b\0': 1 } }],
  ['jsonb', ['\ud800']],
  ['bytea', '\\xabc'],
  ['bytea', 'abc'],
  ['integer[]', 5],
  ['integer[]', [1, 'x']],
  ['integer[]', [[1]]],
  ['text[]', '{a'],
]

describe('coerceValue', () => {
  test.each(fitting)('%s takes %j', (type, value, stored) => {
    expect(coerce(type, value)).toEqual(stored)
  })

  test.each(unfit)('%s refuses %j', (type, value) => {
    expect(coerce(type, value)).toEqual(refused)
  })

  test('what is canonical stays as it is, and so does its text form', () => {
    for (const [typeName, , stored] of fitting) {
      const type = parseColumnType(typeName)
      if (!type) throw new Error(`No type ${typeName}`)
      expect(coerce(typeName, stored)).toEqual(stored)
      expect(parseValue(type, renderValue(type, stored))).toEqual({ ok: true, value: stored })
    }
  })

  test('null fits every type', () => {
    for (const [type] of fitting) expect(coerce(type, null)).toBeNull()
  })

  test('a deep value is refused and does not end the program', () => {
    let deep: JsonValue = 0
    for (let n = 0; n < 50_000; n++) deep = [deep]
    expect(coerce('jsonb', deep)).toEqual(refused)
  })
})

const naughty = resolve(import.meta.dirname, '../../../../shared/corpora/badinput/strings/blns.json')

test.skipIf(!existsSync(naughty))('a naughty string is kept exactly as text, and never breaks another type', () => {
  const strings: readonly string[] = JSON.parse(readFileSync(naughty, 'utf8'))
  expect(strings.length).toBeGreaterThan(400)
  for (const text of strings) {
    expect(coerce('text', text)).toBe(text)
    expect(coerce('text[]', [text])).toEqual([text])
    expect(coerce('jsonb', { [text]: text })).toEqual({ [text]: text })
    const type = parseColumnType('text[]')
    if (type) expect(parseValue(type, renderValue(type, [text, null]))).toEqual({ ok: true, value: [text, null] })
    for (const other of ['integer', 'numeric(9,2)', 'double', 'boolean', 'timestamptz', 'interval', 'uuid', 'bytea'])
      coerce(other, text)
  }
})
