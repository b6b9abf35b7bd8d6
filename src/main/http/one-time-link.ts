import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A link that opens one browser session, once and soon. */
export interface OneTimeLink {
  /** The key that is good now; a new one when the last was used or is too old. */
  current(): { readonly key: string; readonly isNew: boolean }
  /** True once for the current key. */
  spend(key: string): boolean
}

/** Milliseconds: time to find the terminal, not to find the link in some log next week. */
const lifetime = 10 * 60 * 1000

export function createOneTimeLink(now: () => number = Date.now): OneTimeLink {
  let open: { readonly key: string; readonly until: number } | null = null
  return {
    current() {
      const isNew = open === null || now() >= open.until
      if (open === null || isNew) open = { key: randomBytes(32).toString('base64url'), until: now() + lifetime }
      return { key: open.key, isNew }
    },
    spend(key) {
      if (open === null || now() >= open.until || !equal(key, open.key)) return false
      open = null
      return true
    },
  }
}

/** Tells about a link that is good now, if it is a new one. `url` is the studio's. */
export function announceLink(link: OneTimeLink, url: string, announce: (link: string) => void): void {
  const { key, isNew } = link.current()
  if (isNew) announce(`${url}/?key=${key}`)
}

/** Compares digests: equally long, whatever was sent. */
function equal(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
