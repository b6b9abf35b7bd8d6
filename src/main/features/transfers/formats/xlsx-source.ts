import { AppError } from '@shared/app-error'
import type { Cell, CellValue } from 'exceljs'
import type { RowSource, SourceFile, SourceRow } from './row'

export interface XlsxOptions {
  readonly sheet: string
  readonly header: boolean
}

/** Rows of one yield. */
const batch = 1000

export function openXlsx({ path }: SourceFile, columns: readonly string[], options: XlsxOptions): RowSource {
  return {
    columns,
    isText: true,
    read: { bytes: 0, total: null },
    rows: (signal) => readRows(path, columns.length, options, signal),
  }
}

export async function sheetNames(path: string): Promise<readonly string[]> {
  const names: string[] = []
  for await (const { name } of sheetsOf(path)) names.push(name)
  return names
}

/** The first rows of a sheet, as texts. */
export async function sheetHead(
  path: string,
  sheet: string,
  most: number,
): Promise<readonly (readonly (string | null)[])[]> {
  const rows: (readonly (string | null)[])[] = []
  for await (const { cells } of rowsOf(path, sheet)) {
    rows.push(cells)
    if (rows.length >= most) break
  }
  return rows
}

async function* readRows(
  path: string,
  width: number,
  { sheet, header }: XlsxOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly SourceRow[]> {
  let rows: SourceRow[] = []
  let isFirst = true
  for await (const { number, cells } of rowsOf(path, sheet)) {
    if (signal?.aborted === true) throw new AppError('CANCELLED', 'The import was cancelled.')
    if (header && isFirst) {
      isFirst = false
      continue
    }
    rows.push(
      cells.length > width
        ? { line: number, problem: `has ${cells.length} values, and the sheet has ${width} columns` }
        : { line: number, values: Array.from({ length: width }, (_, at) => cells[at] ?? null) },
    )
    if (rows.length < batch) continue
    yield rows
    rows = []
  }
  if (rows.length > 0) yield rows
}

interface SheetRow {
  readonly number: number
  readonly cells: readonly (string | null)[]
}

async function* rowsOf(path: string, sheet: string): AsyncGenerator<SheetRow> {
  for await (const { name, worksheet } of sheetsOf(path)) {
    if (name !== sheet) continue
    for await (const row of worksheet) {
      const cells: (string | null)[] = []
      row.eachCell({ includeEmpty: true }, (cell: Cell, column: number) => {
        cells[column - 1] = cellText(cell.value)
      })
      const whole = Array.from(cells, (cell) => cell ?? null)
      if (whole.some((cell) => cell !== null)) yield { number: row.number, cells: whole }
    }
    return
  }
}

async function* sheetsOf(path: string) {
  // Loaded when it is needed: it is 40 ms and 3 MB.
  const { default: excel } = await import('exceljs')
  const reader = new excel.stream.xlsx.WorkbookReader(path, {
    worksheets: 'emit',
    sharedStrings: 'cache',
    hyperlinks: 'ignore',
    styles: 'cache',
    entries: 'emit',
  })
  let count = 0
  try {
    for await (const worksheet of reader) {
      count += 1
      const named: unknown = Reflect.get(worksheet, 'name')
      yield { name: typeof named === 'string' ? named : `Sheet${count}`, worksheet }
    }
  } catch (error) {
    throw new AppError(
      'VALIDATION',
      'This is not a workbook that can be read. Save it as .xlsx, or as CSV, and try again.',
      {
        cause: error,
      },
    )
  }
  if (count === 0)
    throw new AppError(
      'VALIDATION',
      'This is a zip archive, and no Excel workbook is in it. Unpack it, and import its files one by one.',
    )
}

/** A cell as the text that a person would type into it; formulas are their last result. */
function cellText(value: CellValue): string | null {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return dateText(value)
  if (typeof value === 'object') {
    if ('richText' in value) return value.richText.map(({ text }) => text).join('')
    if ('text' in value) return cellText(value.text as CellValue)
    if ('result' in value || 'formula' in value || 'sharedFormula' in value)
      return 'result' in value ? cellText(value.result as CellValue) : null
    if ('error' in value) return value.error
    return null
  }
  return String(value)
}

function dateText(date: Date): string | null {
  if (Number.isNaN(date.getTime())) return null
  const text = date.toISOString()
  // A date alone is a moment at midnight there.
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.replace('.000Z', 'Z')
}
