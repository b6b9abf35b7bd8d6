import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCsvParser } from '../../../src/main/features/transfers/formats/csv-parser'
import { openRows } from '../../../src/main/features/transfers/inspect.service'
import { createSpool, type Spool } from '../../../src/main/features/transfers/spool'
import { inspectFile } from '../../../src/main/features/transfers/transfers.service'

let folder: string
let spool: Spool

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-fuzz-'))
  spool = createSpool(join(folder, 'spool'))
})
afterAll(async () => {
  await spool.close()
  await rm(folder, { recursive: true, force: true })
})

const cell = fc.stringMatching(/^[ -~\t\n\r"äöü€]{0,12}$/)
const delimiters = fc.constantFrom(',', ';', '\t', '|')
const ending = fc.constantFrom('\n', '\r\n', '\r')

function written(rows: readonly (readonly string[])[], delimiter: string, end: string): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  return rows.map((row) => row.map(quoted).join(delimiter)).join(end)
}

test('CSV that was written by the rules comes back whole, however it is cut into pieces', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 5 })
        .chain((width) =>
          fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 20 }),
        ),
      delimiters,
      ending,
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
      (rows, delimiter, end, sizes) => {
        const text = written(rows, delimiter, end)
        const parser = createCsvParser({ delimiter })
        const read = []
        for (let at = 0, turn = 0; at < text.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1
          read.push(...parser.push(text.slice(at, at + size)))
          at += size
        }
        read.push(...parser.end())
        expect(read.map(({ cells }) => cells)).toEqual(rows)
        expect(read.every(({ problem }) => problem === undefined)).toBe(true)
      },
    ),
    { numRuns: 400 },
  )
})

/** Any text at all, with much of what parsers trip over. */
const hostile = fc
  .array(
    fc.constantFrom(
      '"',
      ',',
      '\n',
      '\r',
      '\r\n',
      'a',
      '1',
      ' ',
      '\t',
      ';',
      '""',
      '\0',
      '\ufeff',
      'ü',
      '{',
      '}',
      '[',
      ']',
      ':',
      '\\',
      'null',
    ),
    {
      maxLength: 120,
    },
  )
  .map((parts) => parts.join(''))

test('the same hostile CSV is the same records whole and in pieces, and no line is lost', () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 30 }), (text, size) => {
      const whole = createCsvParser({ delimiter: ',' })
      const all = [...whole.push(text), ...whole.end()]
      const cut = createCsvParser({ delimiter: ',' })
      const pieces = []
      for (let at = 0; at < text.length; at += size) pieces.push(...cut.push(text.slice(at, at + size)))
      pieces.push(...cut.end())
      expect(pieces).toEqual(all)
      // Every character is in a cell, or is a delimiter, a quote or the end of a line.
      const letters = (value: string) => [...value].filter((one) => !'",\r\n'.includes(one)).join('')
      expect(all.flatMap(({ cells }) => cells.map((value) => letters(value ?? ''))).join('')).toBe(letters(text))
      const lines = all.map(({ line }) => line)
      expect(lines).toEqual([...lines].sort((a, b) => a - b))
    }),
    { numRuns: 600 },
  )
})

test('any file is read to its end or refused in words, as any of the formats', async () => {
  await fc.assert(
    fc.asyncProperty(hostile, fc.constantFrom('csv', 'tsv', 'json', 'ndjson', 'sql'), async (text, format) => {
      const file = await spool.create('owner', '00000000-0000-4000-8000-000000000000', `any.${format}`)
      try {
        await writeFile(file.path, text)
        const seen = await inspectFile(spool, file, { format }, undefined).catch((error: unknown) => error)
        if (seen instanceof Error) {
          expect(seen).toMatchObject({ name: 'AppError', code: expect.stringMatching(/^(VALIDATION|TOO_LARGE)$/) })
          return
        }
        if (format === 'sql') return
        const { source } = await openRows({ ...file, bytes: Buffer.byteLength(text) }, { format })
        for await (const rows of source.rows())
          for (const row of rows)
            if ('problem' in row) expect(row.problem).not.toBe('')
            else expect(row.values).toHaveLength(source.columns.length)
      } finally {
        await spool.remove(file)
      }
    }),
    { numRuns: 250 },
  )
}, 120_000)
