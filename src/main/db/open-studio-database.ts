import { actingAs, addressOf } from './connection-url'
import type { StudioDatabase } from './database'
import { type EmbeddedServerOptions, startEmbeddedServer } from './embedded-server'

export type { EmbeddedServerOptions, SecretStore } from './embedded-server'

export interface OpenStudioDatabaseOptions {
  /** A shared Postgres 15+, as an admin who may create roles and schemas; otherwise the embedded server. */
  readonly server: SharedServer | { readonly embedded: EmbeddedServerOptions }
  /** Told, in words for a progress line, what is being done. */
  readonly onStep?: (step: string) => void
  /** Told of failures nobody waits for (a lost idle connection); for the log. */
  readonly onError?: (error: unknown) => void
  /** A process of Postgres works on the embedded server, which does not answer yet. */
  readonly onSpawn?: () => void
  /** The embedded server has gone without being closed. `revive` brings it back. */
  readonly onLost?: () => void
}

export interface SharedServer {
  readonly databaseUrl: string
  /** Its standbys, for the same admin; one that cannot be used is told to `onError`, and does without. */
  readonly replicaUrls?: readonly string[]
}

export interface OpenedStudioDatabase {
  readonly db: StudioDatabase
  readonly embedded: boolean
  /** Of Postgres, such as "18.4". */
  readonly version: string
  /** Host, port and database name, without user or password: "127.0.0.1:54321/tessera". */
  readonly address: string
  /**
   * Starts the embedded server again after `onLost`; `db` then works again, as its connections are made anew when they
   * are needed. UNAVAILABLE when it cannot be had. A shared server comes back by itself.
   */
  revive(): Promise<void>
  /** Closes the connections; stops the embedded server unless another studio process uses it. */
  close(): Promise<void>
}

/**
 * Starts or finds the server, checks what the user may do there, migrates and connects. What speaks to Postgres is read
 * (0.1 s) when there is one that starts.
 */
export async function openStudioDatabase(options: OpenStudioDatabaseOptions): Promise<OpenedStudioDatabase> {
  const onStep = options.onStep ?? (() => undefined)
  const onError = options.onError ?? (() => undefined)
  try {
    const place = await openServer({ onSpawn: () => undefined, onLost: () => undefined, ...options, onStep })
    try {
      const [{ migrate }, { connectDatabase }] = await Promise.all([import('./migrate'), import('./connect-database')])
      onStep('Preparing the tables of the studio')
      await migrate(place.adminUrl)
      const { appUrl, adminUrl, replicaUrls } = place
      const db = await connectDatabase({ appUrl, adminUrl, replicaUrls, onError })
      return {
        db,
        embedded: place.embedded,
        version: db.version,
        address: addressOf(place.adminUrl),
        revive: place.revive,
        async close() {
          await db.close()
          await place.stop()
        },
      }
    } catch (error) {
      await place.stop()
      throw error
    }
  } catch (error) {
    const { toAppError } = await import('./pg-error')
    throw toAppError(error)
  }
}

interface Place {
  readonly embedded: boolean
  readonly adminUrl: string
  readonly appUrl: string
  readonly replicaUrls: readonly string[]
  revive(): Promise<void>
  stop(): Promise<void>
}

async function openServer({
  server,
  ...told
}: Required<Pick<OpenStudioDatabaseOptions, 'server' | 'onStep' | 'onSpawn' | 'onLost'>>): Promise<Place> {
  if ('embedded' in server) {
    const { adminUrl, appUrl, revive, stop } = await startEmbeddedServer({ ...server.embedded, ...told })
    return { embedded: true, adminUrl, appUrl, replicaUrls: [], revive, stop }
  }
  told.onStep('Connecting to the database server')
  const { databaseUrl, replicaUrls = [] } = server
  return {
    embedded: false,
    adminUrl: databaseUrl,
    appUrl: actingAs(databaseUrl, 'studio_app'),
    replicaUrls,
    revive: async () => undefined,
    stop: async () => undefined,
  }
}
