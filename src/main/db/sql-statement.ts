import type { Connection, DatabaseError, Submittable } from 'pg'
import type { SqlColumn } from './sql-login'

/**
 * The extended protocol, one exchange at a time, where pg's own Query either fetches all rows or none of a type that we
 * read: a person's statement may have more rows than memory. The unnamed portal lives until its transaction ends, so it
 * is read in pieces, each ended by a Sync: an error then needs no repair.
 */
export interface Exchange {
  readonly columns: readonly SqlColumn[] | null
  readonly rows: ReadonlyArray<readonly (string | null)[]>
  /** Null when there are more rows. */
  readonly tag: string | null
  readonly parameterTypes: readonly number[]
}

/** Messages to send before the Sync. */
export type Message =
  | { readonly kind: 'parse'; readonly text: string }
  | { readonly kind: 'describe statement' }
  | { readonly kind: 'bind'; readonly values: readonly (string | null)[] }
  | { readonly kind: 'execute'; readonly rows: number }

/** What pg hands to whoever it runs a query for (pg/lib/client.js); its types know only `submit`. */
interface Handlers extends Submittable {
  handleRowDescription(message: { readonly fields: readonly FieldDescription[] }): void
  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void
  handlePortalSuspended(): void
  handleCommandComplete(message: { readonly text: string }): void
  handleEmptyQuery(): void
  handleCopyInResponse(connection: Connection): void
  handleCopyData(): void
  handleError(error: DatabaseError): void
  handleReadyForQuery(): void
}

interface FieldDescription {
  readonly name: string
  readonly dataTypeID: number
  readonly dataTypeModifier: number
}

/** pg's serializer takes more than its types tell. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void }
  parse(message: { text: string; name: string; types: readonly number[] }): void
  bind(message: { portal: string; statement: string; values: readonly (string | null)[]; binary: false }): void
  describe(message: { type: 'S' | 'P'; name: string }): void
  execute(message: { portal: string; rows: number }): void
  sendCopyFail(reason: string): void
  sync(): void
  on(event: 'parameterDescription', receive: (message: { readonly dataTypeIDs: readonly number[] }) => void): unknown
  off(event: 'parameterDescription', receive: (message: { readonly dataTypeIDs: readonly number[] }) => void): unknown
}

/** The exchange as something a pg client runs, and what comes of it. */
export function exchange(messages: readonly Message[]): {
  readonly query: Submittable
  readonly done: Promise<Exchange>
} {
  let resolve: (value: Exchange) => void
  let reject: (error: unknown) => void
  const done = new Promise<Exchange>((fulfil, fail) => {
    resolve = fulfil
    reject = fail
  })
  let columns: readonly SqlColumn[] | null = null
  let tag: string | null = null
  let parameterTypes: readonly number[] = []
  const rows: (readonly (string | null)[])[] = []
  let wire: Wire | undefined
  const heardParameters = (message: { readonly dataTypeIDs: readonly number[] }) => {
    parameterTypes = message.dataTypeIDs
  }
  const query: Handlers = {
    submit(connection) {
      wire = connection as unknown as Wire
      wire.on('parameterDescription', heardParameters)
      wire.stream.cork()
      try {
        for (const message of messages) send(wire, message)
        wire.sync()
      } finally {
        wire.stream.uncork()
      }
    },
    handleRowDescription({ fields }) {
      columns = fields.map((field) => ({
        name: field.name,
        typeId: field.dataTypeID,
        typeModifier: field.dataTypeModifier,
      }))
    },
    handleDataRow: ({ fields }) => void rows.push(fields),
    handlePortalSuspended: () => undefined,
    handleCommandComplete({ text }) {
      tag = text
    },
    handleEmptyQuery() {
      tag = ''
    },
    handleCopyInResponse: (connection) => (connection as unknown as Wire).sendCopyFail('COPY is not run here'),
    handleCopyData: () => undefined,
    handleError(error) {
      wire?.off('parameterDescription', heardParameters)
      reject(error)
    },
    handleReadyForQuery() {
      wire?.off('parameterDescription', heardParameters)
      resolve({ columns, rows, tag, parameterTypes })
    },
  }
  return { query, done }
}

function send(wire: Wire, message: Message): void {
  switch (message.kind) {
    case 'parse':
      wire.parse({ text: message.text, name: '', types: [] })
      break
    case 'describe statement':
      wire.describe({ type: 'S', name: '' })
      break
    case 'bind':
      wire.bind({ portal: '', statement: '', values: message.values, binary: false })
      wire.describe({ type: 'P', name: '' })
      break
    case 'execute':
      wire.execute({ portal: '', rows: message.rows })
      break
  }
}
