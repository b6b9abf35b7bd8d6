import { AppError } from '@shared/app-error'

/**
 * The same login, acting as `role` from the first statement on. A login of its own would need a password that lives
 * beside DATABASE_URL; the role as a startup option needs none, and costs no round trip. `set role none` would lead
 * back to the admin, so only our own SQL may run on such a connection, never a user's.
 */
export function actingAs(url: string, role: string): string {
  return withOption(url, `-c role=${role}`)
}

export function withOption(url: string, option: string): string {
  const parsed = parseConnectionUrl(url)
  const before = parsed.searchParams.get('options')
  parsed.searchParams.set('options', before === null ? option : `${before} ${option}`)
  return parsed.href
}

/** Another user and database on the same server. */
export function connectionUrl(
  base: string,
  change: { readonly user?: string; readonly password?: string; readonly database?: string },
): string {
  const parsed = parseConnectionUrl(base)
  if (change.user !== undefined) parsed.username = encodeURIComponent(change.user)
  if (change.password !== undefined) parsed.password = encodeURIComponent(change.password)
  if (change.database !== undefined) parsed.pathname = `/${encodeURIComponent(change.database)}`
  return parsed.href
}

/** "host:port/database": what may be shown of a connection string. */
export function addressOf(url: string): string {
  const parsed = parseConnectionUrl(url)
  const host = parsed.hostname || parsed.searchParams.get('host') || 'localhost'
  return `${host}:${parsed.port || '5432'}${decodeURIComponent(parsed.pathname)}`
}

export function parseConnectionUrl(url: string): URL {
  // URL.canParse and URL.parse are younger than the Node of Electron 25.
  let parsed: URL | undefined
  try {
    parsed = new URL(url)
  } catch {
    parsed = undefined
  }
  if (parsed === undefined || (parsed.protocol !== 'postgres:' && parsed.protocol !== 'postgresql:')) {
    throw new AppError(
      'UNAVAILABLE',
      'DATABASE_URL is not a connection string. Write it as postgres://user:password@host:5432/database.',
    )
  }
  return parsed
}
