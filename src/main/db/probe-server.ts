import { AppError } from '@shared/app-error'
import type { ServerFacts } from '@shared/contract/servers.contract'
import { Client } from 'pg'
import { checkRights } from './check-rights'
import { studioThere } from './migrate'
import { toAppError } from './pg-error'

/** Milliseconds: a host that drops what is sent to it answers never. */
const patience = 10_000

/**
 * Connects once and looks whether the studio could work there; nothing is made. UNAVAILABLE with the reason: it cannot
 * be reached, refuses the login or the encryption, is too old, or gives too few rights (`details.missing`).
 */
export async function probeServer(url: string): Promise<ServerFacts> {
  const started = performance.now()
  let client: Client | undefined
  try {
    client = new Client({
      connectionString: url,
      application_name: 'tessera-studio',
      connectionTimeoutMillis: patience,
      statement_timeout: patience,
      query_timeout: patience,
    })
    client.on('error', () => undefined)
    await client.connect()
    const facts = await client.query<{ version: string; tls: string | null }>(factsText)
    await checkRights(client)
    const studio = await studioThere(client)
    const [row] = facts.rows
    // Debian says "15.18 (Debian 15.18-0+deb12u1)".
    const version = row?.version.split(' ')[0] ?? ''
    return { version, tls: row?.tls ?? null, studio, ms: Math.round(performance.now() - started) }
  } catch (error) {
    throw unreadableUrl(error) ?? toAppError(error)
  } finally {
    await client?.end().catch(() => undefined)
  }
}

/** Reading a connection string fails with an error of Node, whose text holds the password. */
function unreadableUrl(error: unknown): AppError | null {
  if (!(error instanceof TypeError || error instanceof URIError)) return null
  return new AppError(
    'VALIDATION',
    'The connection string cannot be read. Signs such as @, / and # in the password are written %40, %2F and %23.',
  )
}

const factsText = `select current_setting('server_version') as version,
  (select s.version from pg_stat_ssl s where s.pid = pg_backend_pid()) as tls`
