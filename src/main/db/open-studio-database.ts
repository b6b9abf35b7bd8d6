import type { StudioDatabase } from './database'

/** Where the embedded server keeps its password: the keychain on a desktop, a 0600 file elsewhere. */
export interface SecretStore {
  get(name: string): Promise<string | null>
  set(name: string, value: string): Promise<void>
}

export interface EmbeddedServerOptions {
  /** Folder of the Postgres data; made when it is missing. */
  readonly dataDir: string
  readonly secrets: SecretStore
}

export interface OpenStudioDatabaseOptions {
  /** A shared Postgres 15+, as an admin who may create roles and schemas; otherwise the embedded server. */
  readonly server: { readonly databaseUrl: string } | { readonly embedded: EmbeddedServerOptions }
  /** Told, in words for a progress line, what is being done. */
  readonly onStep?: (step: string) => void
  /** Told of failures nobody waits for (a lost idle connection); for the log. */
  readonly onError?: (error: unknown) => void
}

export interface OpenedStudioDatabase {
  readonly db: StudioDatabase
  readonly embedded: boolean
  /** Of Postgres, such as "18.4". */
  readonly version: string
  /** Host, port and database name, without user or password: "127.0.0.1:54321/tessera". */
  readonly address: string
  /** Closes the connections; stops the embedded server unless another studio process uses it. */
  close(): Promise<void>
}

/** Starts or finds the server, checks what the user may do there, migrates and connects. */
export type OpenStudioDatabase = (options: OpenStudioDatabaseOptions) => Promise<OpenedStudioDatabase>
