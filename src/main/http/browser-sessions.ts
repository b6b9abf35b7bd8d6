import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../whole-files'

/** Browsers that were let in by a one-time link. They are kept over restarts, as hashes. */
export interface BrowserSessions {
  /** The text for the cookie. */
  begin(): Promise<string>
  /** The session's name for the rest of the studio, or null when the cookie is unknown or too old. */
  find(cookie: string): Promise<string | null>
}

/** Seconds. */
export const browserSessionLifetime = 30 * 24 * 60 * 60
/** More than anybody has browsers; the oldest give way. */
const most = 100

const stored = z.array(z.object({ hash: z.string(), until: z.number() }))
type Stored = z.infer<typeof stored>

export function createBrowserSessions(dataDir: string, now: () => number = Date.now): BrowserSessions {
  const path = join(dataDir, 'browser-sessions.json')
  let known: Stored | undefined

  async function read(): Promise<Stored> {
    try {
      const file = stored.safeParse(JSON.parse(await readFile(path, 'utf8')))
      known = (file.data ?? []).filter(({ until }) => until > now())
    } catch {
      known = []
    }
    return known
  }

  function search(sessions: Stored, hash: string): string | null {
    const found = sessions.find((session) => session.hash === hash && session.until > now())
    return found ? found.hash.slice(0, 24) : null
  }

  return {
    async begin() {
      const cookie = randomBytes(32).toString('base64url')
      const sessions = await read()
      const session = { hash: hashOf(cookie), until: now() + browserSessionLifetime * 1000 }
      known = [...sessions, session].slice(-most)
      await mkdir(dataDir, { recursive: true })
      await writeWhole(path, JSON.stringify(known))
      return cookie
    },
    async find(cookie) {
      const hash = hashOf(cookie)
      // Another web host on the same folder may have let this browser in.
      return search(known ?? (await read()), hash) ?? search(await read(), hash)
    },
  }
}

function hashOf(cookie: string): string {
  return createHash('sha256').update(cookie).digest('hex')
}
