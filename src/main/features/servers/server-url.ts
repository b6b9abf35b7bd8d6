import { AppError } from '@shared/app-error'
import type { Server, TlsMode } from '@shared/contract/servers.contract'
import { addressOf, parseConnectionUrl } from '../../db/connection-url'

/** As node-pg reads it: its `require` would check the certificate, and `verify-full` does. */
const modes: Readonly<Record<TlsMode, string>> = { off: 'disable', encrypted: 'no-verify', verified: 'verify-full' }

/** What libpq and others write about encryption, which is chosen apart from the string here. */
const tlsParameters = ['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'uselibpqcompat', 'channel_binding']

/** The string without what it says of encryption. VALIDATION when it names no host or no database. */
export function plainUrl(url: string): string {
  const parsed = readUrl(url)
  for (const name of tlsParameters) parsed.searchParams.delete(name)
  if (parsed.hostname === '' && !parsed.searchParams.has('host'))
    throw new AppError(
      'VALIDATION',
      'The connection string names no host. It looks like postgres://user:password@host:5432/database.',
    )
  if (parsed.pathname.length < 2)
    throw new AppError(
      'VALIDATION',
      'The connection string names no database. Write it behind the host: …@host:5432/database.',
    )
  return parsed.href
}

/** What pg connects with. `certificate` is the path of the authority's file. */
export function urlWithTls(url: string, tls: TlsMode, certificate: string | null): string {
  const parsed = readUrl(url)
  parsed.searchParams.set('sslmode', modes[tls])
  if (tls === 'verified' && certificate !== null) parsed.searchParams.set('sslrootcert', certificate)
  return parsed.href
}

/** What may be shown of it. */
export function shownOf(url: string): Pick<Server, 'address' | 'user'> {
  return { address: addressOf(url), user: decodeURIComponent(readUrl(url).username) }
}

function readUrl(url: string): URL {
  try {
    return parseConnectionUrl(url)
  } catch (cause) {
    throw new AppError(
      'VALIDATION',
      'The connection string cannot be read. It looks like postgres://user:password@host:5432/database; signs such as @, / and # in the password are written %40, %2F and %23.',
      { cause },
    )
  }
}
