import type { AuthSettings } from '@shared/contract/end-users.contract'

/**
 * Where a link leads on to: what was asked for, if the project's settings name it or something above it; else the site.
 * Null where there is neither. A session is in the address, so nothing that was not named is ever led to.
 */
export function redirectTarget(
  asked: string | undefined,
  { siteUrl, redirectUrls }: Pick<AuthSettings, 'siteUrl' | 'redirectUrls'>,
): URL | null {
  const known = [...(siteUrl === null ? [] : [siteUrl]), ...redirectUrls]
  const target = asked === undefined ? null : parsed(asked)
  if (target && known.some((allowed) => isBelow(target, allowed))) return target
  return siteUrl === null ? null : parsed(siteUrl)
}

function isBelow(target: URL, allowed: string): boolean {
  const above = parsed(allowed.replace(/\/?\*+$/, ''))
  if (!above || above.origin !== target.origin || above.protocol !== target.protocol) return false
  // An origin of `null` (app schemes such as myapp://) is told apart by its host.
  if (above.host !== target.host || target.username !== '' || target.password !== '') return false
  const path = above.pathname.replace(/\/$/, '')
  return target.pathname === path || target.pathname.startsWith(`${path}/`)
}

function parsed(text: string): URL | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  return ['javascript:', 'data:', 'file:', 'blob:', 'vbscript:'].includes(url.protocol) ? null : url
}
