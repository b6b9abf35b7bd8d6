import { cellLimit, type SqlEvent } from '@shared/contract/sql-panel.contract'
import type { JsonValue } from '@shared/json'
import type { SqlColumn, SqlPiece } from '../../db/sql-login'
import { readValue } from '../sql/sql-values'
import type { ResultOwner, ResultSpool, ResultWriter } from './result-spool'

/** Rows that are told with the event; the panel's first screen. */
const firstRows = 200
/** Milliseconds between two tellings of how many rows there are. */
const pace = 100

export interface ReceivedResult {
  receive(piece: SqlPiece): Promise<void>
  /** The same for a statement whose result has no rows. */
  end(columns: readonly SqlColumn[] | null): Promise<void>
  readonly rowCount: number
}

/** Writes a statement's rows to the spool while they come, and tells the first of them and how many there are. */
export function receiveResult(
  spool: ResultSpool,
  owner: ResultOwner,
  told: {
    readonly index: number
    readonly emit: (event: SqlEvent) => void
    readonly describe: (columns: readonly SqlColumn[], resultId: string) => Promise<SqlEvent>
    /** Changes values before anybody sees them. */
    readonly read?: ((value: JsonValue) => JsonValue) | undefined
  },
): ReceivedResult {
  let writer: ResultWriter | undefined
  let toldAt = 0

  async function open(columns: readonly SqlColumn[]): Promise<ResultWriter> {
    if (writer !== undefined) return writer
    writer = await spool.create(
      owner,
      columns.map(({ name }) => name),
    )
    told.emit(await told.describe(columns, writer.id))
    return writer
  }

  return {
    get rowCount() {
      return writer?.rowCount ?? 0
    },
    async receive({ columns, rows: raw }) {
      const isFirst = writer === undefined
      const file = await open(columns)
      const { read = (value: JsonValue) => value } = told
      const rows = raw.map((row) => row.map((value, index) => read(readValue(columns[index]?.typeId ?? 0, value))))
      if (isFirst) told.emit({ type: 'rows', index: told.index, ...cutRows(rows.slice(0, firstRows)) })
      await file.add(rows)
      const now = Date.now()
      if (now - toldAt < pace) return
      toldAt = now
      told.emit({ type: 'progress', index: told.index, rowCount: file.rowCount })
    },
    async end(columns) {
      if (columns !== null && writer === undefined) await open(columns)
      await writer?.end()
    },
  }
}

/** Rows as a page shows them: a cell that is longer than a screen is cut, and said to be. */
export function cutRows(rows: readonly (readonly JsonValue[])[]): {
  readonly rows: JsonValue[][]
  readonly cuts: [number, number][]
} {
  const cuts: [number, number][] = []
  const shown = rows.map((row, y) =>
    row.map((value, x) => {
      if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      if (text.length <= cellLimit) return value
      cuts.push([y, x])
      return text.slice(0, cellLimit)
    }),
  )
  return { rows: shown, cuts }
}
