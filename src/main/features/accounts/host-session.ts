import { AppError } from '@shared/app-error'
import type { HostSession, Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import { livePrincipal, localOwner, type NewSession, rotateSession } from './accounts.service'
import { createRefreshToken } from './refresh-token'

/** Where a host keeps one sign-in: the keychain, or the browser session. The text is opaque and secret. */
export interface RefreshTokenStore {
  read(): Promise<string | null>
  write(text: string | null): Promise<void>
}

export interface HostSessionDeps {
  readonly db: () => Promise<StudioDatabase>
  readonly store: RefreshTokenStore
  readonly now?: () => number
}

/** The next token is fetched this long after the last: far within the 30 days that one lives unused. */
const rotateAfter = 24 * 60 * 60 * 1000

interface Held {
  readonly session: NewSession
  readonly rotatedAt: number
}

/**
 * A window's sign-in on a shared server. One for each store: two over the same store would spend each other's tokens,
 * and a token that is spent twice ends the sign-in.
 */
export function createHostSession({ db, store, now = Date.now }: HostSessionDeps): HostSession {
  // undefined: the store was not read yet; null: nobody is signed in
  let held: Held | null | undefined
  let rotating: Promise<Held | null> | undefined

  function rotate(): Promise<Held | null> {
    rotating ??= spendNewest().finally(() => {
      rotating = undefined
    })
    return rotating
  }

  /**
   * The store holds the tokens that may be the good one, oldest first: the next is written before it is asked for, so
   * that a crash between the two sides loses no sign-in. A token that was never given is refused without harm.
   */
  async function spendNewest(): Promise<Held | null> {
    const text = await store.read()
    const tokens = text === null ? [] : text.split(' ')
    const studio = await db()
    let found: Held | null = null
    for (let index = tokens.length - 1; index >= 0 && found === null; index--) {
      const next = createRefreshToken()
      await store.write([...tokens.slice(0, index + 1), next].join(' '))
      const session = await studio.withoutTenant((tx) => rotateSession(tx, tokens[index] ?? '', next))
      if (session) found = { session, rotatedAt: now() }
    }
    if (text !== null) await store.write(found?.session.refreshToken ?? null)
    held = found
    return found
  }

  async function forget(): Promise<void> {
    held = null
    await store.write(null)
  }

  return {
    async principal() {
      const fresh = held !== undefined && (held === null || now() - held.rotatedAt < rotateAfter)
      if (!fresh || rotating) return (await rotate())?.session.principal ?? null
      if (!held) return null
      const asked = held
      const { account, sessionId } = asked.session.principal
      const studio = await db()
      const live = await studio.withAccount(account.id, (tx) => livePrincipal(tx, account.id, sessionId), {
        readOnly: true,
      })
      if (live === null && held === asked) await forget()
      return live
    },
    async signIn({ refreshToken, principal: { account, sessionId } }) {
      if (sessionId === null) throw new Error('A sign-in has a session')
      await rotating
      await store.write(refreshToken)
      held = { session: { principal: { account, sessionId }, refreshToken }, rotatedAt: now() }
    },
    async signOut() {
      await rotating
      await forget()
    },
  }
}

/** The window of the embedded server: its owner exists without asking and cannot leave. */
export function createLocalOwnerSession(db: () => Promise<StudioDatabase>): HostSession {
  let owner: Principal | undefined
  return {
    async principal() {
      if (owner === undefined) {
        const studio = await db()
        owner = await studio.withoutTenant((tx) => localOwner(tx))
      }
      return owner
    },
    signIn: () => Promise.reject(new AppError('FORBIDDEN', "The studio's own server has one owner and no sign-in.")),
    signOut: () => Promise.reject(new AppError('FORBIDDEN', "The studio's own server has one owner and no sign-out.")),
  }
}
