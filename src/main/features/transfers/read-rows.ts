import { randomUUID } from 'node:crypto'
import { AppError } from '@shared/app-error'
import { nowAs } from '@shared/domain/column-default'
import { showValue } from '@shared/domain/text-problem'
import type { JsonValue } from '@shared/json'
import { type PlannedColumn, planOf } from '../records/record-plan'
import { uuidV7 } from '../records/uuid-v7'
import type { StoredTable } from '../tables/stored-table'
import { copyNull, type Encode, encodeCanonical, encoderOf, readSourceValue } from './encode-value'
import type { RowSource, SourceRow } from './formats/row'
import { type MappedColumn, ownId } from './import-columns'
import type { Reject, RejectLog } from './rejects'

/** What a reader of rows is told on its way. */
export interface Watch {
  readonly signal: AbortSignal | undefined
  /** Rows read so far, those that were rejected too. */
  readonly report: (rows: number) => void
  /** All or nothing: so many rejects are told, and then there is no point in going on. */
  readonly enough: number
}

/** Resolves a label to the value that the column keeps, or says why it cannot. */
export type Resolve = (label: JsonValue) => { readonly value: JsonValue } | { readonly reason: string }

export interface ReadingColumn {
  readonly planned: PlannedColumn
  /** Place among the file's values; null for a column that is not filled from it. */
  readonly source: number | null
  readonly resolve: Resolve | undefined
}

/** In the order of the table's columns, the record's own id too. */
export function readingColumns(
  table: StoredTable,
  mapped: readonly MappedColumn[],
  resolvers: ReadonlyMap<string, Resolve>,
): readonly ReadingColumn[] {
  const { columns } = planOf(table)
  const own = mapped.some(({ planned }) => planned === ownId) ? [ownId] : []
  return [...columns, ...own].map((planned) => ({
    planned,
    source: mapped.find(({ column }) => column === planned.name)?.source ?? null,
    resolve: resolvers.get(planned.name),
  }))
}

/** The value of one column of a row, or why there is none. */
export function readCell(
  { planned, source, resolve }: ReadingColumn,
  values: readonly JsonValue[],
  isText: boolean,
): { readonly value: JsonValue } | { readonly reason: string } {
  const given = source === null ? null : (values[source] ?? null)
  const resolved = resolve && given !== null && given !== '' ? resolve(given) : { value: given }
  if ('reason' in resolved) return resolved
  const coerced = readSourceValue(planned, resolved.value, isText)
  if (!coerced.ok) {
    const shown = planned.isSecret ? 'The value' : showValue(given)
    return { reason: `${shown} ${coerced.reason}. The column takes ${planned.column.type}.` }
  }
  if (coerced.value === null && planned.isRequired && planned.fallback.kind === 'none' && !planned.isId)
    return { reason: `Column "${planned.name}" is required, and there is no value.` }
  return { value: coerced.value }
}

interface BulkColumn {
  readonly reading: ReadingColumn
  readonly encode: Encode
  readonly source: number
  readonly required: boolean
  /** What a missing value becomes, as COPY has it. */
  readonly fallback: () => string
}

/**
 * The rows as lines of COPY: the record's id, then the stored columns. What cannot be a record goes to `rejects`.
 * `lines` is told the line of every row that went through.
 */
export async function* copyLines(
  source: RowSource,
  columns: readonly ReadingColumn[],
  rejects: RejectLog,
  now: string,
  lines: LineNumbers,
  { signal, report, enough }: Watch,
): AsyncGenerator<string> {
  const id = columns.find(({ planned }) => planned.isId)
  const idSource = id?.source ?? null
  const bulk = columns.filter(({ planned }) => !planned.isId).map((reading) => bulkColumn(reading, source.isText, now))
  let rows = 0

  async function refuse(row: SourceRow, values: readonly JsonValue[]): Promise<void> {
    await rejects.add(rejectOf(row, columns, source.isText), values)
  }

  for await (const batch of source.rows(signal)) {
    if (signal?.aborted === true) throw new AppError('CANCELLED', 'The import was cancelled.')
    let text = ''
    for (const row of batch) {
      rows += 1
      if ('problem' in row) {
        await rejects.add({ line: row.line, column: null, reason: sentence(row.problem) })
        continue
      }
      const { values } = row
      let line: string
      if (id === undefined || idSource === null || (values[idSource] ?? null) === null || values[idSource] === '')
        line = uuidV7()
      else {
        const own = readCell(id, values, source.isText)
        if ('reason' in own || typeof own.value !== 'string') {
          await refuse(row, values)
          continue
        }
        line = own.value
      }
      let isFine = true
      for (const column of bulk) {
        const given = values[column.source] ?? null
        let encoded: string | undefined
        if (column.reading.resolve !== undefined) {
          const cell = readCell(column.reading, values, source.isText)
          encoded = 'reason' in cell ? undefined : encodeCanonical(column.reading.planned.type, cell.value)
        } else encoded = column.source < 0 ? copyNull : column.encode(given)
        if (encoded === copyNull && (column.source < 0 || column.required)) {
          encoded = column.fallback()
          if (encoded === copyNull && column.required) encoded = undefined
        }
        if (encoded === undefined) {
          isFine = false
          break
        }
        line += `\t${encoded}`
      }
      if (!isFine) {
        await refuse(row, values)
        continue
      }
      lines.add(row.line)
      text += `${line}\n`
      if (text.length > copyPiece) {
        yield text
        text = ''
      }
    }
    if (text !== '') yield text
    report(rows)
    if (rejects.count >= enough) return
  }
}

/** Characters of one piece for COPY. */
const copyPiece = 64 * 1024

function bulkColumn(reading: ReadingColumn, isText: boolean, now: string): BulkColumn {
  const { planned, source } = reading
  const { fallback, type } = planned
  const constant =
    fallback.kind === 'now'
      ? encodeCanonical(type, nowAs(type, now))
      : fallback.kind === 'value'
        ? encodeCanonical(type, fallback.value)
        : copyNull
  return {
    reading,
    encode: encoderOf(planned, isText),
    source: source ?? -1,
    required: planned.isRequired,
    fallback: fallback.kind === 'uuid' ? () => randomUUID() : () => constant,
  }
}

/** The first column of the row that is wrong. */
export function rejectOf(row: SourceRow, columns: readonly ReadingColumn[], isText: boolean): Reject {
  const { line } = row
  if ('problem' in row) return { line, column: null, reason: sentence(row.problem) }
  for (const column of columns) {
    const cell = readCell(column, row.values, isText)
    if ('reason' in cell) return { line, column: column.planned.name, reason: cell.reason }
  }
  return { line, column: null, reason: 'The record could not be read.' }
}

/** What is wrong with a line, said of the line. */
export function sentence(problem: string): string {
  return /^[A-Z]/.test(problem) ? problem : `The record ${problem}.`
}

/** Line numbers of rows in their order, in four bytes each. */
export class LineNumbers {
  #lines = new Uint32Array(1024)
  #count = 0

  get count(): number {
    return this.#count
  }

  add(line: number): void {
    if (this.#count === this.#lines.length) {
      const more = new Uint32Array(this.#lines.length * 2)
      more.set(this.#lines)
      this.#lines = more
    }
    this.#lines[this.#count++] = line
  }

  /** The line of the `place`th row, 1 first. */
  at(place: number): number {
    return this.#lines[place - 1] ?? 0
  }

  /** Leaves rows out, by their places in ascending order. */
  remove(places: readonly number[]): void {
    const gone = new Set(places)
    let kept = 0
    for (let index = 0; index < this.#count; index++)
      if (!gone.has(index + 1)) this.#lines[kept++] = this.#lines[index] ?? 0
    this.#count = kept
  }
}
