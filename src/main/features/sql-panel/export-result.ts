import type { JsonValue } from '@shared/json'
import { stringify } from 'csv-stringify/sync'
import { DiskFile } from '../../disk-file'

export interface ExportSource {
  readonly columns: readonly string[]
  readonly blocks: AsyncIterable<readonly (readonly JsonValue[])[]>
}

export interface ExportTarget {
  readonly path: string
  readonly signal: AbortSignal
  readonly onRows: (rows: number) => void
}

/** Answers what the format could not hold; null when the file has everything. */
export type Exporter = (source: ExportSource, target: ExportTarget) => Promise<string | null>

/** RFC 4180, with a line of names; NULL is an empty field, and an empty text is `""`. */
export const exportCsv: Exporter = async ({ columns, blocks }, target) => {
  await writeBlocks(blocks, target, {
    head: csvLines([columns]),
    block: (rows) => csvLines(rows.map((row) => row.map(cellText))),
    foot: '',
  })
  return null
}

/** An array of objects; a name that repeats is numbered. */
export const exportJson: Exporter = async ({ columns, blocks }, target) => {
  const names = uniqueNames(columns)
  let isFirst = true
  await writeBlocks(blocks, target, {
    head: '[\n',
    block: (rows) =>
      rows
        .map((row) => {
          const line = JSON.stringify(Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])))
          const comma = isFirst ? '' : ',\n'
          isFirst = false
          return `${comma}  ${line}`
        })
        .join(''),
    foot: '\n]\n',
  })
  return null
}

/** Rows of a sheet, without the line of names, and characters of a cell: Excel's own limits. */
const sheetRows = 1_048_575
const sheetCell = 32_767

/** Sheets of a million rows each, written while they come. */
export const exportXlsx: Exporter = async ({ columns, blocks }, { path, signal, onRows }) => {
  const { default: excel } = await import('exceljs')
  const book = new excel.stream.xlsx.WorkbookWriter({ filename: path, useStyles: false, useSharedStrings: false })
  const begin = (number: number) => {
    const made = book.addWorksheet(number === 1 ? 'Result' : `Result ${number}`)
    made.addRow([...columns]).commit()
    return made
  }
  let number = 1
  let sheet = begin(number)
  let written = 0
  let cut = 0
  for await (const rows of blocks) {
    if (signal.aborted) break
    for (const row of rows) {
      if (written > 0 && written % sheetRows === 0) {
        sheet.commit()
        number += 1
        sheet = begin(number)
      }
      sheet
        .addRow(
          row.map((value) => {
            if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
            const text = cellText(value) ?? ''
            if (text.length <= sheetCell) return text
            cut += 1
            return text.slice(0, sheetCell)
          }),
        )
        .commit()
      written += 1
    }
    onRows(written)
    // The writer buffers without end while nobody else has a turn.
    await new Promise((resolve) => setImmediate(resolve))
  }
  sheet.commit()
  await book.commit()
  return cut === 0
    ? null
    : `A cell of Excel holds 32,767 characters: ${cut === 1 ? 'one cell was' : `${cut} cells were`} cut. Export CSV or JSON to have them whole.`
}

async function writeBlocks(
  blocks: ExportSource['blocks'],
  { path, signal, onRows }: ExportTarget,
  parts: {
    readonly head: string
    readonly block: (rows: readonly (readonly JsonValue[])[]) => string
    readonly foot: string
  },
): Promise<void> {
  const file = new DiskFile(path)
  let rows = 0
  await file.write(parts.head)
  for await (const block of blocks) {
    if (signal.aborted) break
    await file.write(parts.block(block))
    rows += block.length
    onRows(rows)
  }
  await file.write(parts.foot)
  await file.close()
}

function csvLines(rows: readonly (readonly (string | null)[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { record_delimiter: 'windows', quoted_empty: true },
  )
}

/** As people and other programs read it; null for NULL. */
export function cellText(value: JsonValue): string | null {
  if (value === null || typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function uniqueNames(columns: readonly string[]): readonly string[] {
  const seen = new Map<string, number>()
  return columns.map((name) => {
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name}_${times}`
  })
}
