import type { Account } from '@shared/contract/accounts.contract'

/** Who is calling. Identity never rides in a procedure's input: each carrier makes the context. */
export interface Principal {
  readonly account: Account
  /** The sign-in it came from; null for the local owner. */
  readonly sessionId: string | null
  /** Who acts in the account's project: an API key, or an end user of the project. The account itself when left out. */
  readonly actor?: { readonly id: string; readonly name: string } | undefined
}

/** The person at one window (desktop) or browser session (web host). Tokens stay here, in the host. */
export interface HostSession {
  principal(): Promise<Principal | null>
  /** Keeps the sign-in for this window, also over a restart. */
  signIn(tokens: { readonly refreshToken: string; readonly principal: Principal }): Promise<void>
  signOut(): Promise<void>
}

/** What a carrier hands to every procedure. */
export interface RequestContext {
  /** The caller by access token (HTTP), or by the window's session. */
  readonly principal: () => Promise<Principal | null>
  /** The token as it came, which may be that of a project's end user. HTTP only. */
  readonly bearer?: string | null
  /** Null over HTTP: an API caller has tokens, not a window. */
  readonly session: HostSession | null
  readonly userAgent: string | null
  /** For rate limits; null where the caller is the window of this machine. */
  readonly address: string | null
}
