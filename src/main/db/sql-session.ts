import { AppError } from '@shared/app-error'
import type { Client, Pool, QueryResult, QueryResultRow } from 'pg'
import type { SqlQuery } from './sql'
import type { SqlParam, SqlRows, SqlSession, SqlStatement } from './sql-login'
import { type Exchange, exchange, type Message } from './sql-statement'

/** Rows of the first piece of a result; later pieces are measured by it. */
const firstPiece = 100
/** Bytes that a piece should have. */
const pieceBytes = 4 * 2 ** 20
/** Rows of a piece: in memory, short ones are mostly what surrounds them. */
const mostOfPiece = 10_000
/** Bytes of one piece at which the session is given up: one value can have a gigabyte. */
const mostBytes = 256 * 2 ** 20
/** Milliseconds after which a session that cannot be cancelled is ended. */
const patience = 5_000
/** Milliseconds between two cancels: a statement that was sent but has not begun cannot be cancelled yet. */
const pause = 20

export interface OpenSqlSession extends SqlSession {
  /** Nothing of it may be used again. */
  readonly broken: boolean
}

/** A login's session over `client`, which nobody else uses meanwhile. `control` may cancel and end it. */
export function createSqlSession(client: Client, pid: number, control: Pool): OpenSqlSession {
  let running = 0
  let broken = false
  let received = 0
  client.on('end', () => {
    broken = true
  })
  const stream: unknown = Reflect.get(Object(Reflect.get(client, 'connection')), 'stream')
  const count = (part: { readonly length: number }) => {
    received += part.length
    if (received > mostBytes) {
      broken = true
      tooLarge = true
      void end()
    }
  }
  let tooLarge = false
  if (isEmitter(stream)) stream.on('data', count)

  const end = async () => {
    broken = true
    await control.query('select pg_catalog.pg_terminate_backend($1)', [pid]).catch(() => undefined)
  }

  async function send(messages: readonly Message[]): Promise<Exchange> {
    if (broken) throw new AppError('UNAVAILABLE', 'The connection to the database was lost. Try again in a moment.')
    const { query, done } = exchange(messages)
    received = 0
    running += 1
    try {
      // When the connection ends, pg tells every query.
      client.query(query)
      return await done
    } catch (error) {
      if (!tooLarge) throw error
      throw new AppError('TOO_LARGE', 'One row of the result is larger than 256 MB. Select less of it.', {
        cause: error,
      })
    } finally {
      running -= 1
    }
  }

  async function own<Row extends QueryResultRow>(query: SqlQuery): Promise<QueryResult<Row>> {
    running += 1
    try {
      return await client.query<Row>({ text: query.text, values: [...query.values] })
    } finally {
      running -= 1
    }
  }

  return {
    get broken() {
      return broken
    },
    execute: async (query) => void (await own(query)),
    query: async <Row extends QueryResultRow>(query: SqlQuery): Promise<readonly Row[]> => (await own<Row>(query)).rows,
    async run(statement): Promise<SqlRows> {
      const { text, params } = statement
      const values = params.filter(isValue)
      if (values.length < params.length)
        return readAll(send, [{ kind: 'bind', values: await typedValues(send, statement) }], statement)
      return readAll(
        send,
        [
          { kind: 'parse', text },
          { kind: 'bind', values },
        ],
        statement,
      )
    },
    async stop() {
      const startedAt = Date.now()
      while (running > 0 && !broken) {
        if (Date.now() - startedAt > patience) await end()
        else await control.query('select pg_catalog.pg_cancel_backend($1)', [pid]).catch(() => undefined)
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
    },
  }
}

/** Asks Postgres for the types of the parameters first. */
async function typedValues(
  send: (messages: readonly Message[]) => Promise<Exchange>,
  { text, params }: SqlStatement,
): Promise<readonly (string | null)[]> {
  const { parameterTypes } = await send([{ kind: 'parse', text }, { kind: 'describe statement' }])
  return params.map((param, index) => (isValue(param) ? param : param(parameterTypes[index] ?? 0)))
}

function isValue(param: SqlParam): param is string | null {
  return typeof param !== 'function'
}

async function readAll(
  send: (messages: readonly Message[]) => Promise<Exchange>,
  opening: readonly Message[],
  { limit, byteLimit, toEnd, receive }: SqlStatement,
): Promise<SqlRows> {
  const rows: (readonly (string | null)[])[] = []
  let columns: Exchange['columns'] = null
  let bytes = 0
  let kept = 0
  let seen = 0
  let messages: readonly Message[] = opening
  for (;;) {
    const wanted =
      seen === 0 ? firstPiece : Math.max(1, Math.min(mostOfPiece, Math.floor(pieceBytes / Math.max(1, bytes / seen))))
    const piece = await send([
      ...messages,
      { kind: 'execute', rows: toEnd ? wanted : Math.min(wanted, limit + 1 - kept) },
    ])
    columns ??= piece.columns
    messages = []
    const taken: (readonly (string | null)[])[] = []
    for (const row of piece.rows) {
      seen += 1
      if (kept >= limit || bytes > byteLimit) continue
      for (const value of row) bytes += value === null ? 1 : value.length
      kept += 1
      taken.push(row)
    }
    if (receive === undefined) for (const row of taken) rows.push(row)
    else if (columns !== null) await receive({ columns, rows: taken })
    const full = seen > kept || bytes > byteLimit
    if (piece.tag === null && !(full && !toEnd)) continue
    // The tag of a portal that was read in pieces counts the last one only.
    const counted = columns === null || piece.tag === 'SHOW' || piece.tag === 'EXPLAIN'
    const tag = counted
      ? (piece.tag ?? '')
      : `${(piece.tag ?? 'SELECT').replace(/ [ \d]*$/, '')} ${toEnd ? seen : kept}`
    return { tag, columns, rows, truncated: piece.tag === null || seen > kept, bytes }
  }
}

function isEmitter(value: unknown): value is { on(event: 'data', receive: (part: { length: number }) => void): void } {
  return typeof value === 'object' && value !== null && 'on' in value && typeof value.on === 'function'
}
