import { editText, readEditText } from '@renderer/features/table-editor/edit-text'
import { fromLocalText, nowInUtc, toLocalText } from '@renderer/features/table-editor/local-time'
import { parseColumnType } from '@shared/domain/column-type'
import type { JsonValue } from '@shared/json'
import { describe, expect, test } from 'vitest'

const type = (text: string) => {
  const parsed = parseColumnType(text)
  if (!parsed) throw new Error(`no type ${text}`)
  return parsed
}

describe('the text of an editor', () => {
  test.each<[string, JsonValue]>([
    ['text', 'two\nlines'],
    ['text', ''],
    ['smallint', -1],
    ['bigint', '9007199254740993'],
    ['numeric(12,4)', '0.1000'],
    ['double', 1.5e300],
    ['boolean', false],
    ['date', '0099-12-31'],
    ['time', '23:59:59.999999'],
    ['timestamp', '2026-03-29T02:30:00.000001'],
    ['timestamptz', '2026-03-29T01:30:00.123456Z'],
    ['timestamptz', '0001-01-02T00:00:00.000000Z'],
    ['uuid', '7d444840-9dc0-11d1-b245-5ffdce74fad2'],
    ['jsonb', { a: [1, { b: null }] }],
    ['jsonb', 'a text'],
    ['text[]', ['a', null, 'b,c']],
    ['integer[]', [1, 2]],
    ['bytea', '\\x00ff'],
  ])('%s gives the same value back', (name, value) => {
    expect(readEditText(type(name), editText(type(name), value))).toEqual({ ok: true, value })
  })

  test('nothing typed is NULL, except in a text', () => {
    expect(readEditText(type('integer'), ' ')).toEqual({ ok: true, value: null })
    expect(readEditText(type('jsonb'), '')).toEqual({ ok: true, value: null })
    expect(readEditText(type('varchar(5)'), '')).toEqual({ ok: true, value: '' })
  })

  test('says why it does not fit', () => {
    expect(readEditText(type('integer'), 'abc').ok).toBe(false)
    expect(readEditText(type('date'), '2026-02-30').ok).toBe(false)
    expect(readEditText(type('timestamptz'), '2026-02-30 10:00').ok).toBe(false)
    expect(readEditText(type('varchar(3)'), 'four').ok).toBe(false)
    const json = readEditText(type('jsonb'), '{"a": }')
    expect(!json.ok && json.reason).toMatch(/^is not JSON/)
  })
})

describe('moments in the reader’s zone', () => {
  test('there and back to the microsecond', () => {
    const utc = '2026-07-01T10:20:30.123456Z'
    expect(fromLocalText(toLocalText(utc))).toBe(utc)
  })

  test('a day alone is its midnight here', () => {
    const utc = fromLocalText('2026-07-01')
    expect(utc && new Date(utc).getTime()).toBe(new Date(2026, 6, 1).getTime())
  })

  test('a text with a zone is left to the type, and no day rolls over', () => {
    expect(fromLocalText('2026-07-01T10:00:00Z')).toBeNull()
    expect(fromLocalText('2026-02-30 10:00')).toBeNull()
    expect(readEditText(type('timestamptz'), '2026-07-01T10:00:00+02:00')).toEqual({
      ok: true,
      value: '2026-07-01T08:00:00.000000Z',
    })
  })

  test('what is no moment is shown as it is', () => expect(toLocalText('infinity')).toBe('infinity'))

  test('now has six digits', () => {
    expect(nowInUtc(new Date('2026-01-02T03:04:05.678Z'))).toBe('2026-01-02T03:04:05.678000Z')
  })
})

test('JSON whose numbers would lose digits is refused, and says which', () => {
  const json = { base: 'jsonb', array: false } as const
  for (const text of ['{"n": 12345678901234567890}', '[0.12345678901234567891]', '9007199254740993'])
    expect(readEditText(json, text)).toMatchObject({ ok: false, reason: expect.stringContaining('loses digits') })
  for (const text of ['9007199254740991', '"12345678901234567890"', '1e300', '0.1', '100000000000000000000', '-0.5e-7'])
    expect(readEditText(json, text).ok).toBe(true)
})
