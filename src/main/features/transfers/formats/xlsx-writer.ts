import type { PassThrough } from 'node:stream'
import { AppError } from '@shared/app-error'
import type { ColumnType } from '@shared/domain/column-type'

/** What a sheet and a cell of a workbook can hold. */
const mostRows = 1_048_576
const longestCell = 32_767

export interface SheetColumn {
  readonly name: string
  readonly type: ColumnType
}

export interface WorkbookWriter {
  sheet(name: string, columns: readonly SheetColumn[]): Sheet
  end(): Promise<void>
}

export interface Sheet {
  add(cells: readonly (string | null)[]): void
  end(): void
}

/** A workbook that is written while its rows come. */
export async function createWorkbook(stream: PassThrough): Promise<WorkbookWriter> {
  const { default: excel } = await import('exceljs')
  const workbook = new excel.stream.xlsx.WorkbookWriter({ stream, useStyles: true, useSharedStrings: false })
  const names = new Set<string>()
  return {
    sheet(title, columns) {
      const sheet = workbook.addWorksheet(sheetName(title, names))
      const header = sheet.addRow(columns.map(({ name }) => name))
      header.font = { bold: true }
      header.commit()
      let rows = 1
      return {
        add(cells) {
          rows += 1
          if (rows > mostRows)
            throw new AppError(
              'TOO_LARGE',
              `A sheet holds ${mostRows.toLocaleString('en')} rows, and "${title}" has more. Export it as CSV.`,
            )
          sheet.addRow(columns.map((column, at) => cellValue(column, cells[at] ?? null, title))).commit()
        },
        end: () => sheet.commit(),
      }
    },
    end: () => workbook.commit(),
  }
}

/** Numbers that a workbook keeps exactly are numbers; everything else is its text, so that nothing is rounded. */
function cellValue({ name, type }: SheetColumn, cell: string | null, table: string): string | number | boolean | null {
  if (cell === null) return null
  if (cell.length > longestCell)
    throw new AppError(
      'TOO_LARGE',
      `A cell of a workbook holds ${longestCell.toLocaleString('en')} characters, and a value in "${table}"."${name}" has ${cell.length.toLocaleString('en')}. Export it as CSV.`,
      { details: { table, column: name } },
    )
  if (type.array) return cell
  if (type.base === 'smallint' || type.base === 'integer') return Number(cell)
  if (type.base === 'boolean') return cell === 't' || cell === 'true'
  if ((type.base === 'double' || type.base === 'real' || type.base === 'numeric') && String(Number(cell)) === cell)
    return Number(cell)
  return cell
}

/** At most 31 characters, each name once, and none of those that Excel refuses. */
function sheetName(title: string, taken: Set<string>): string {
  const plain = title.replace(/[\\/*?:[\]]/g, '_')
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? '' : ` ${n}`
    const name = `${plain.slice(0, 31 - suffix.length)}${suffix}`
    if (taken.has(name.toLowerCase())) continue
    taken.add(name.toLowerCase())
    return name
  }
}
