import { formatCount } from '@renderer/ui/figures'
import type { Server, ServerFacts, TlsMode } from '@shared/contract/servers.contract'

export const builtIn = 'Built-in server'

export const tlsOptions: readonly { readonly value: TlsMode; readonly label: string; readonly hint: string }[] = [
  { value: 'verified', label: 'Encrypted and checked', hint: 'The certificate must fit the host.' },
  {
    value: 'encrypted',
    label: 'Encrypted, not checked',
    hint: 'Any certificate: who answers is not known.',
  },
  { value: 'off', label: 'Off', hint: 'For this machine or a trusted network.' },
]

const tlsWords: Readonly<Record<TlsMode, string>> = {
  off: 'not encrypted',
  encrypted: 'encrypted, not checked',
  verified: 'encrypted and checked',
}

/** "ada at db.example.org:5432/app, encrypted and checked" */
export function placeOf({ user, address, tls }: Server): string {
  return `${user === '' ? '' : `${user} at `}${address}, ${tlsWords[tls]}`
}

export function factsText({ version, tls, ms }: ServerFacts): string {
  return `It works: Postgres ${version}, ${tls === null ? 'not encrypted' : `encrypted with ${tls.replace('v', ' ')}`}, answered in ${formatCount(ms)} ms.`
}

/** What the first use of a server does there; null when it does nothing. */
export function firstUse({ studio }: ServerFacts): string | null {
  if (studio === 'none') return 'No studio has been there yet: the first use makes its tables, in the schema “studio”.'
  if (studio === 'older')
    return 'An older studio has been there: the first use brings its tables up to date, and the older one no longer opens them.'
  return null
}

/** What a connection string says about encryption; null when it says nothing, or is none yet. */
export function tlsOfUrl(text: string): TlsMode | null {
  let url: URL
  try {
    url = new URL(text.trim())
  } catch {
    return null
  }
  const mode = url.searchParams.get('sslmode')
  if (mode === 'disable') return 'off'
  if (mode === 'verify-full' || mode === 'verify-ca') return 'verified'
  if (mode !== null) return 'encrypted'
  return /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname) ? 'off' : null
}

/** A name for a server that has none yet: its host. */
export function nameOfUrl(text: string): string {
  try {
    return new URL(text.trim()).hostname.slice(0, 60)
  } catch {
    return ''
  }
}
