import { cellText, spokenText, wholeText } from '@renderer/features/table-editor/cell-text'
import { jsonPieces } from '@renderer/features/table-editor/json-pieces'
import { parseColumnType } from '@shared/domain/column-type'
import type { JsonValue } from '@shared/json'
import { expect, test } from 'vitest'

const type = (text: string) => {
  const parsed = parseColumnType(text)
  if (!parsed) throw new Error(`no type ${text}`)
  return parsed
}
const tell = (name: string, value: JsonValue) => cellText(type(name), value)

test('NULL, empty text and a value are told apart', () => {
  expect(tell('text', null)).toEqual({ form: 'null' })
  expect(tell('text', '')).toEqual({ form: 'empty' })
  expect(tell('text', 'NULL')).toEqual({ form: 'text', text: 'NULL' })
  expect(cellText(type('text'), undefined)).toEqual({ form: 'null' })
})

test('numbers keep every digit', () => {
  expect(tell('bigint', '9223372036854775807')).toEqual({ form: 'number', text: '9223372036854775807' })
  expect(tell('numeric', '0.10')).toEqual({ form: 'number', text: '0.10' })
  expect(tell('integer', 42)).toEqual({ form: 'number', text: '42' })
})

test('a uuid is shortened in the middle, and whole when copied', () => {
  const id = '7d444840-9dc0-11d1-b245-5ffdce74fad2'
  expect(tell('uuid', id)).toEqual({ form: 'uuid', text: '7d444840…74fad2' })
  expect(wholeText(id)).toBe(id)
})

test('times lose only a fraction of zeros', () => {
  expect(tell('time', '06:30:00.000000')).toEqual({ form: 'time', text: '06:30:00' })
  expect(tell('timestamp', '2026-01-31T14:30:00.250000')).toEqual({ form: 'time', text: '2026-01-31 14:30:00.25' })
  expect(tell('date', '2026-01-31')).toEqual({ form: 'time', text: '2026-01-31' })
})

test('a line break shows as a sign, and long texts are cut for the eye only', () => {
  expect(tell('text', 'a\nb')).toEqual({ form: 'text', text: 'a ↵ b' })
  const long = 'x'.repeat(5000)
  const shown = tell('text', long)
  expect('text' in shown && shown.text.length).toBe(400)
  expect(wholeText(long)).toBe(long)
})

test('JSON and arrays are one line', () => {
  expect(tell('jsonb', { a: [1, null] })).toEqual({ form: 'json', text: '{"a":[1,null]}' })
  expect(tell('text[]', ['x', null])).toEqual({ form: 'json', text: '["x",null]' })
})

test('a screen reader hears the state of a tick box and of nothing', () => {
  expect(spokenText(tell('boolean', true))).toBe('true')
  expect(spokenText(tell('boolean', null))).toBe('NULL')
  expect(spokenText(tell('text', ''))).toBe('empty')
})

test('JSON is cut into pieces that add up to the line, also where it was cut off', () => {
  for (const line of ['{"a":1,"b":[true,null,"x\\"y"]}', '{"a":"unfinis', '{"key" : -1.5e3}', `[${'1,'.repeat(500)}`]) {
    expect(
      jsonPieces(line)
        .map(({ text }) => text)
        .join(''),
    ).toBe(line)
  }
  expect(jsonPieces('{"a":"b"}').map(({ kind }) => kind)).toEqual(['mark', 'key', 'string', 'mark'])
})
