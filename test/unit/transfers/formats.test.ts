import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detectDelimiter, detectHeader, recordsOf } from '../../../src/main/features/transfers/formats/csv-dialect'
import { createCsvParser } from '../../../src/main/features/transfers/formats/csv-parser'
import { csvLine } from '../../../src/main/features/transfers/formats/csv-writer'
import { foreignFile, foreignSql } from '../../../src/main/features/transfers/formats/foreign-file'
import { readInsert } from '../../../src/main/features/transfers/formats/insert-values'
import { createJsonSplitter } from '../../../src/main/features/transfers/formats/json-splitter'
import { recordWriter } from '../../../src/main/features/transfers/formats/json-writer'
import { parseRecord } from '../../../src/main/features/transfers/formats/parse-record'
import { createSqlSplitter } from '../../../src/main/features/transfers/formats/sql-splitter'
import { detectEncoding } from '../../../src/main/features/transfers/formats/text-encoding'
import { columnNames, inferColumns } from '../../../src/main/features/transfers/infer-columns'

function cut(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size))
}

function parseCsv(text: string, delimiter = ',', size = text.length || 1) {
  const parser = createCsvParser({ delimiter })
  return [...cut(text, size).flatMap((piece) => parser.push(piece)), ...parser.end()]
}

describe('CSV', () => {
  test('what is written is read as it was, however it is cut', () => {
    const cell = fc.option(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ';', ' ', 'é', '😀') }), {
      nil: null,
    })
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        (rows, size) => {
          const text = rows.map((row) => csvLine(row)).join('')
          expect(parseCsv(text, ',', size).map(({ cells }) => cells)).toEqual(rows)
        },
      ),
    )
  })

  test('no text breaks it, and no line is dropped without a word', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '1', '"', ',', '\n', '\r', '\r\n') })
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 5 }), (wild, size) => {
        const whole = parseCsv(wild)
        expect(parseCsv(wild, ',', size)).toEqual(whole)
        const letters = wild.replace(/[^a1]/g, '')
        expect(
          whole
            .flatMap(({ cells }) => cells)
            .join('')
            .replace(/[^a1]/g, ''),
        ).toBe(letters)
      }),
    )
  })

  test('a quote that is never closed costs its own line', () => {
    expect(parseCsv('a,b\n1,"open\n2,c\n')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', '"open'], problem: 'has a quote that is never closed' },
      { line: 3, cells: ['2', 'c'] },
    ])
  })

  test('line numbers count the breaks inside quotes', () => {
    expect(parseCsv('a\n"x\ny\r\nz"\nb').map(({ line }) => line)).toEqual([1, 2, 5])
  })

  test('delimiters and headers are found out', () => {
    expect(detectDelimiter('a;b;c\n1,5;2;3\n')).toBe(';')
    expect(detectDelimiter('a\tb\n1\t2\n')).toBe('\t')
    expect(detectDelimiter('one\ntwo\n')).toBe(',')
    expect(detectHeader(recordsOf('name,age\nAda,36\n', ','))).toBe(true)
    expect(detectHeader(recordsOf('Ada,36\nGrace,45\n', ','))).toBe(false)
  })
})

describe('JSON', () => {
  const split = (text: string, size = text.length || 1) => {
    const splitter = createJsonSplitter()
    return [...cut(text, size).flatMap((piece) => splitter.push(piece)), ...splitter.end()]
  }

  test('an array and lines are cut into their values, however they come', () => {
    const records = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 5 })
    fc.assert(
      fc.property(records, fc.integer({ min: 1, max: 7 }), (all, size) => {
        const values = (text: string) =>
          split(text, size).map((piece) => ('text' in piece ? JSON.parse(piece.text) : piece))
        const wanted = JSON.parse(JSON.stringify(all))
        expect(values(JSON.stringify(all))).toEqual(wanted)
        expect(values(JSON.stringify(all, null, 2))).toEqual(wanted)
        expect(values(all.map((one) => JSON.stringify(one)).join('\n'))).toEqual(wanted)
      }),
    )
  })

  test('what is wrong is told with its line, and the rest is read', () => {
    expect(split('[{"a":1},\n{"a":},\n{"a":3}\n')).toMatchObject([
      { line: 1, text: '{"a":1}' },
      { line: 2, text: '{"a":}' },
      { line: 3, text: '{"a":3}' },
      { problem: expect.stringContaining('"]" is missing') },
    ])
    expect(split('[{"a":1},]')).toMatchObject([{ text: '{"a":1}' }, { problem: expect.stringContaining('comma') }])
  })

  test('no text breaks it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '1', '\\', '\n', ' ') }),
        fc.integer({ min: 1, max: 4 }),
        (wild, size) => {
          expect(split(wild, size)).toEqual(split(wild))
        },
      ),
    )
  })

  test('numbers keep all of their digits', () => {
    expect(parseRecord('{"a":12345678901234567890,"b":0.1234567890123456789,"c":{"d":1},"e":"1"}')).toEqual({
      ok: true,
      record: { a: '12345678901234567890', b: '0.1234567890123456789', c: { d: 1 }, e: '1' },
    })
  })
})

describe('SQL', () => {
  const split = (text: string, size = text.length || 1) => {
    const splitter = createSqlSplitter()
    return [...cut(text, size).flatMap((piece) => splitter.push(piece)), ...splitter.end()]
  }
  const script = `-- a comment; with a semicolon
create table t (a text); /* ; */
insert into t values ('x;''y'), (E'\\';');
copy t (a) from stdin;
one;
\\N
\\.
create function f() returns text as $body$ select ';' $body$ language sql;
`

  test('a script is cut as psql reads it, however it comes', () => {
    const whole = split(script)
    expect(whole.map(({ kind, line }) => [kind, line])).toEqual([
      ['comment', 1],
      ['statement', 2],
      ['statement', 3],
      ['statement', 4],
      ['row', 5],
      ['row', 6],
      ['statement', 8],
    ])
    for (const size of [1, 3, 17]) expect(split(script, size)).toEqual(whole)
  })

  test('values of an INSERT are read, expressions are left to Postgres', () => {
    expect(
      readInsert(`insert into "My".T ("A", b) values (1, 'it''s'),\n (null, now() - interval '1 day')`, 10),
    ).toEqual({
      table: ['My', 't'],
      columns: ['A', 'b'],
      rows: [
        {
          line: 10,
          values: [
            { kind: 'text', text: '1' },
            { kind: 'text', text: "it's" },
          ],
        },
        { line: 11, values: [{ kind: 'null' }, { kind: 'expression', text: "now() - interval '1 day'" }] },
      ],
    })
  })
})

test('types are the narrowest that read all values', () => {
  const rows = [
    [
      '1',
      '007',
      '1.50',
      '2026-01-02',
      '2026-01-02 10:00',
      'true',
      '{"a":1}',
      '9999999999',
      '7d444840-9dc0-41d1-b245-5ffdce74fad2',
      'x',
    ],
    [null, '1', '2', '2026-01-03', '2026-01-03', 'no', '[]', '1', '7d444840-9dc0-41d1-b245-5ffdce74fad3', ''],
  ]
  const columns = inferColumns(rows[0]?.map((_, at) => `c${at}`) ?? [], rows)
  expect(columns.map(({ type }) => type)).toEqual([
    'integer',
    'text',
    'numeric',
    'date',
    'timestamptz',
    'boolean',
    'jsonb',
    'bigint',
    'uuid',
    'text',
  ])
})

test('names become those of columns, each once', () => {
  expect(columnNames(['First Name', 'first_name', 'Größe (cm)', '2024', '', 'OrderID'])).toEqual([
    'first_name',
    'first_name_2',
    'grosse_cm',
    'n_2024',
    'column_5',
    'order_id',
  ])
})

test('encodings are told by their bytes', () => {
  expect(detectEncoding(Buffer.from('Grüße'))).toBe('utf-8')
  expect(detectEncoding(Buffer.from('\ufeffa', 'utf16le'))).toBe('utf-16le')
  expect(detectEncoding(Buffer.from('Gr\u00fc\u00dfe aus K\u00f6ln, sch\u00f6ne Stra\u00dfe', 'latin1'))).toBe(
    'windows-1252',
  )
})

test('a record is written as JSON writes it', () => {
  const type = { base: 'text', array: false } as const
  const write = recordWriter([
    { name: 'a', type },
    { name: 'b "c"', type },
  ])
  fc.assert(
    fc.property(fc.option(fc.string({ unit: 'binary' }), { nil: null }), fc.string({ unit: 'grapheme' }), (a, b) => {
      expect(write([a, b])).toBe(JSON.stringify({ a, 'b "c"': b }))
    }),
  )
  expect(recordWriter([])([])).toBe('{}')
})

test('a file that is no text says what it is, and what to do', () => {
  expect(foreignFile(gzipSync('a,b\n1,2\n'))).toContain('compressed with gzip')
  expect(foreignFile(Buffer.from('PK\x05\x06', 'latin1'))).toContain('zip archive is empty')
  expect(foreignSql('-- x\nCREATE TABLE `a` (`id` int AUTO_INCREMENT);')).toContain('SQL of MySQL')
  expect(foreignSql('PRAGMA foreign_keys=OFF;')).toContain('SQL of SQLite')
  expect(foreignSql('CREATE TABLE [dbo].[a] (id int IDENTITY(1,1))\nGO\n')).toContain('SQL of SQL Server')
  expect(foreignSql('CREATE TABLE a (id int generated always as identity (start 1));')).toBeNull()
  expect(parseRecord('{"a":1e999}')).toMatchObject({ ok: false, reason: expect.stringContaining('beyond 1e308') })
  expect(foreignFile(Buffer.from('PGDMP\x01\x0e'))).toContain('pg_restore')
  expect(foreignFile(Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1', 'latin1'))).toContain('Save it as .xlsx')
  for (const text of ['', 'a,b\n', '\ufeffid\n', '{"a":1}', '-- PGDMP', 'PK'])
    expect(foreignFile(Buffer.from(text))).toBeNull()
})
