import type { QueryResultRow } from 'pg'
import type { SqlQuery } from './sql'

/** A login role of one logical database. It may use that database's schema and nothing else. */
export interface SqlLogin {
  readonly role: string
  readonly password: string
  /** Its only schema, and its search path. */
  readonly schema: string
  /** Sessions at a time, on the whole server. */
  readonly connections: number
}

/** Where the server is reached, for a connection string. */
export interface SqlAddress {
  readonly host: string
  readonly port: number
  readonly database: string
  /** How TLS was asked for in the studio's own connection string; null when it says nothing. */
  readonly sslmode: string | null
}

export interface SqlColumn {
  readonly name: string
  readonly typeId: number
  readonly typeModifier: number
}

export interface SqlRows {
  /** The command tag: `INSERT 0 3`. */
  readonly tag: string
  /** Null for a statement that returns none. */
  readonly columns: readonly SqlColumn[] | null
  /** In Postgres' text form, not read yet; none where the statement had somebody to receive them. */
  readonly rows: ReadonlyArray<readonly (string | null)[]>
  readonly truncated: boolean
  readonly bytes: number
}

/** Text as Postgres reads it; how an array is written depends on the parameter's type. */
export type SqlParam = string | null | ((typeId: number) => string | null)

export interface SqlStatement {
  readonly text: string
  readonly params: readonly SqlParam[]
  /** Rows that are kept. */
  readonly limit: number
  /** Bytes of rows that are kept; the row that passes them is the last. */
  readonly byteLimit: number
  /** All rows are fetched, those beyond the limit only counted: what a statement wrote is known when it has ended. */
  readonly toEnd: boolean
  /** Takes the rows piece by piece, so that none is held; the next piece is asked for when it has settled. */
  readonly receive?: (piece: SqlPiece) => Promise<void>
}

export interface SqlPiece {
  readonly columns: readonly SqlColumn[]
  readonly rows: ReadonlyArray<readonly (string | null)[]>
}

/** One session of a login, lent for one piece of work; nothing of that is left in it for the next. */
export interface SqlSession {
  /** Our own statements, of which several may be joined by semicolons. */
  execute(query: SqlQuery): Promise<void>
  /** Our own statement. */
  query<Row extends QueryResultRow>(query: SqlQuery): Promise<readonly Row[]>
  /** The statement of a person; Postgres' errors come as they are. */
  run(statement: SqlStatement): Promise<SqlRows>
  /** Cancels what runs, from outside; ends the session when that does not help. Settles when nothing runs any more. */
  stop(): Promise<void>
}

/** Logins are made, changed and dropped by the admin of the server; a session is opened by the login itself. */
export interface SqlLogins {
  /** Makes the role, or sets its password, rights and limits again. */
  ensure(login: SqlLogin): Promise<void>
  /** Ends its sessions. */
  endSessions(role: string): Promise<void>
  /** Ends its sessions, takes its rights and drops it; nothing when there is none. */
  drop(role: string): Promise<void>
  withSession<T>(
    login: SqlLogin,
    signal: AbortSignal | undefined,
    work: (session: SqlSession) => Promise<T>,
  ): Promise<T>
  /** Closes the logins of projects in the bin, opens those that came back, drops those of databases that are gone. */
  tidy(): Promise<void>
  /** Ends sessions of logins that hold a transaction too long, or a lock that the studio waits for. */
  endHogs(): Promise<{ readonly busy: number; readonly ended: number }>
  readonly address: SqlAddress
}
