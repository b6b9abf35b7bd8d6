import type { QueryResultRow } from 'pg'
import type { OneTrip, OneTripAnswer } from './one-trip'
import type { SqlQuery } from './sql'
import type { SqlLogins } from './sql-login'

/** One transaction. Everything a service may do to Postgres goes through `query`. */
export interface Transaction {
  query<Row extends QueryResultRow>(query: SqlQuery): Promise<readonly Row[]>
  /** Runs the statement and answers how many rows it touched. */
  execute(query: SqlQuery): Promise<number>
  /** `copy ... from stdin`, fed with `source` no faster than Postgres takes it; answers how many rows came. */
  copyFrom(query: SqlQuery, source: AsyncIterable<string | Uint8Array>): Promise<number>
  /** `copy ... to stdout`, no faster than it is read. Read it to its end, or leave the loop: that ends the statement. */
  copyTo(query: SqlQuery): AsyncIterable<Uint8Array>
  /** The schema that `holdSchema` holds until the transaction ends. */
  readonly held?: HeldSchema | undefined
}

export interface HeldSchema {
  readonly databaseId: string
  /** The transaction's time. */
  readonly now: string
  /** Another one each time the schema may have changed. */
  readonly version: string
}

export interface TransactionOptions {
  /** Aborts the statement that runs, on the server too (`pg_cancel_backend`), and rolls back: CANCELLED. */
  readonly signal?: AbortSignal | undefined
  readonly readOnly?: boolean
  /** All statements see one moment; with `readOnly`. */
  readonly snapshot?: boolean
  /**
   * `bounded`: a `readOnly` transaction that may run on a read replica, where there is one. It then shows a moment up to
   * 5 s ago, but everything that this studio has written for the account, or was told of about the project.
   */
  readonly staleness?: 'none' | 'bounded'
  /** Milliseconds for each statement; 30,000 when left out. */
  readonly statementTimeout?: number
  /**
   * `store` is the role that owns typed views and physical tables: for schema edits and nothing else. Row-level security
   * holds it to the tenant in the catalogue, but it sees every record, so its statements name the project themselves.
   */
  readonly role?: 'app' | 'store'
  /** With `withDatabase`: the statement that opens the transaction also holds the database's schema as it is. */
  readonly holdSchema?: boolean
}

/** Where tenant data can be reached: always inside a transaction, always with a context. */
export interface StudioDatabase {
  /** No tenant: only the functions that exist for it (sign-in, the bin) answer. */
  withoutTenant<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** The account's own rows. */
  withAccount<T>(accountId: string, work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** One project of the account; NOT_FOUND when it is not theirs, is in the bin, or does not exist. */
  withProject<T>(
    accountId: string,
    projectId: string,
    work: (tx: Transaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>
  /**
   * The same, entered by a database's id (one round trip: the project is found and set by the statement that opens
   * the transaction). `work` is told the database.
   */
  withDatabase<T>(
    accountId: string,
    databaseId: string,
    work: (tx: Transaction, database: DatabaseRow) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>
  /** The statements of one call that are all known beforehand: in one transaction, and one round trip. */
  oneTrip(trip: OneTrip): Promise<OneTripAnswer>
  /**
   * One statement that no transaction can hold (`create index concurrently`, `vacuum`), as studio_store, for as long as
   * it takes. It has no tenant, so it names only what the store owns. False when somebody else runs one under the same
   * name right now, and nothing was done.
   */
  runAlone(name: string, query: SqlQuery): Promise<boolean>
  /**
   * Notifications committed on `channel` (LISTEN/NOTIFY), over one shared connection that reconnects. `onListening` is
   * called when Postgres has begun to listen and again after each lost connection: what was committed before that may
   * not have been told.
   */
  listen(channel: string, receive: (payload: string) => void, onListening?: () => void): () => void
  /** The login roles of logical databases: the only way for SQL that people write. */
  readonly logins: SqlLogins
  /**
   * Sessions of the database's logins on a read replica, of the same staleness as `bounded`; null where only the primary
   * will do. What fails there is to be run again by `logins`, whose answer counts.
   */
  replicaSessions(accountId: string, databaseId: string): Pick<SqlLogins, 'withSession'> | null
  /**
   * Says that something of the project was committed by others (a notification, or a login of its own): from now on what
   * it reads shows that, also where it may be a little old.
   */
  changed(projectId: string): void
  readonly version: string
  close(): Promise<void>
}

export interface DatabaseRow {
  readonly id: string
  readonly project_id: string
  readonly name: string
  readonly ref: string
  /** The Postgres schema of its typed views. */
  readonly schema_name: string
  readonly created_at: string
}
