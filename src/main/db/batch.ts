import { writeArrayLiteral } from '@shared/domain/array-literal'
import type { Connection, PoolClient, QueryResultRow, Submittable } from 'pg'
import { type BoundStatement, bindMessages } from './bind-message'
import { typeParsers } from './pg-types'
import { notePrepared } from './prepared-statements'
import type { SqlQuery } from './sql'

/** A statement of a batch. */
export interface BatchQuery extends SqlQuery {
  /** Its rows are taken as Postgres writes them, a list of texts for each. */
  readonly asText?: boolean
}

/** What Postgres has written for each column; null is NULL. */
export type TextRow = readonly (string | null)[]

export interface BatchRows {
  readonly rows: readonly QueryResultRow[]
  /** Of a statement that is asked `asText`; then there are no others. */
  readonly texts: readonly TextRow[]
  /** Milliseconds from the answer before it to the end of its own. */
  readonly took: number
}

/** As the driver hands them over. */
interface RowDescription {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[]
}
interface DataRow {
  readonly fields: readonly (string | null)[]
}

type Reader = (raw: TextRow) => QueryResultRow

/**
 * Statements that are sent without waiting for each other's answers, and end with one Sync: Postgres runs them in one
 * transaction that it commits by itself, and skips what follows a failure (postgresql.org/docs/current/protocol-flow.html,
 * "Pipelining"). One write and one read for a call, where begin, statement and commit are three of each.
 */
export class Batch implements Submittable {
  /** What each statement has answered. */
  readonly done: Promise<readonly BatchRows[]>
  readonly #client: PoolClient
  readonly #queries: readonly BatchQuery[]
  readonly #answers: BatchRows[] = []
  #rows: QueryResultRow[] = []
  #texts: TextRow[] = []
  #since = performance.now()
  #read: Reader | undefined
  #resolve: (answers: readonly BatchRows[]) => void = () => undefined
  #reject: (error: unknown) => void = () => undefined

  constructor(client: PoolClient, queries: readonly BatchQuery[]) {
    this.#client = client
    this.#queries = queries
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  submit(connection: Connection): void {
    const known = statementsOf(this.#client)
    const parsed = new Set<string>()
    let ready: BoundStatement[] = []
    const send = (): void => {
      if (ready.length > 0) connection.stream.write(bindMessages(ready))
      ready = []
    }
    connection.stream.cork()
    try {
      for (const query of this.#queries) {
        const name = nameOf(query)
        const state = known.get(name)
        const values = query.values.map(parameter)
        if (typeof state === 'object' || (name !== '' && parsed.has(name))) {
          ready.push({ name, values })
          continue
        }
        send()
        if (state === 'unsure') connection.close({ type: 'S', name }, true)
        connection.parse({ name, text: query.text, types: [] }, true)
        parsed.add(name)
        connection.bind({ statement: name, values }, true)
        connection.describe({ type: 'P', name: '' }, true)
        connection.execute({}, true)
      }
      send()
      connection.sync()
    } finally {
      connection.stream.uncork()
    }
    this.#begin()
  }

  handleRowDescription({ fields }: RowDescription): void {
    this.#read = readerOf(fields)
  }

  handleDataRow({ fields }: DataRow): void {
    if (this.#current?.asText === true) this.#texts.push(fields)
    else if (this.#read) this.#rows.push(this.#read(fields))
  }

  handleCommandComplete(): void {
    const name = this.#current && nameOf(this.#current)
    if (name) statementsOf(this.#client).set(name, { read: this.#read })
    const now = performance.now()
    this.#answers.push({ rows: this.#rows, texts: this.#texts, took: now - this.#since })
    this.#since = now
    this.#rows = []
    this.#texts = []
    this.#begin()
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#answers)
  }

  /** Whether the statement was prepared before it failed nobody knows. */
  handleError(error: unknown): void {
    const name = this.#current && nameOf(this.#current)
    const known = statementsOf(this.#client)
    if (name && typeof known.get(name) !== 'object') known.set(name, 'unsure')
    this.#reject(error)
  }

  get #current(): BatchQuery | undefined {
    return this.#queries[this.#answers.length]
  }

  #begin(): void {
    const query = this.#current
    const state = query && statementsOf(this.#client).get(nameOf(query))
    this.#read = typeof state === 'object' ? state.read : undefined
  }
}

/** Of a statement that is there already, what its rows are; it is not described again. */
type State = 'unsure' | { readonly read: Reader | undefined }

const statements = new WeakMap<PoolClient, Map<string, State>>()

function statementsOf(client: PoolClient): Map<string, State> {
  const known = statements.get(client) ?? new Map<string, State>()
  statements.set(client, known)
  return known
}

/** The driver keeps count of the statements that it has prepared itself; these have names of their own. Empty: not kept. */
function nameOf({ name }: SqlQuery): string {
  return name === undefined ? '' : `b${name}`
}

function readerOf(fields: RowDescription['fields']): Reader {
  const columns = fields.map(({ name, dataTypeID }) => ({ name, parse: typeParsers.getTypeParser(dataTypeID) }))
  return (raw) => {
    const row: QueryResultRow = {}
    columns.forEach(({ name, parse }, at) => {
      const text = raw[at] ?? null
      row[name] = text === null ? null : parse(text)
    })
    return row
  }
}

/** Postgres reads every type from its text. */
function parameter(value: unknown): Buffer | string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return writeArrayLiteral(value.map((one: unknown) => (one === null ? null : String(one))))
  throw new Error('Not a value of a statement')
}

/** Names that a connection keeps count towards its end of use. */
export function sendBatch(client: PoolClient, queries: readonly BatchQuery[]): Batch['done'] {
  for (const query of queries) if (query.name !== undefined) notePrepared(client, nameOf(query))
  return client.query(new Batch(client, queries)).done
}
