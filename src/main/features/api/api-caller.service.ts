import type { Principal } from '../../context'
import type { EndUser, VerifyEndUser } from '../end-users/verify-end-user'
import type { KeyRow } from '../keys/keys.sql'
import type { ApiCaller } from '../rules/access'
import type { ApiProject } from './api-projects.service'

export interface Identified {
  readonly key: KeyRow
  readonly user: EndUser | null
  readonly caller: ApiCaller
  /** As the change log and the audit name them; they act in the project of its owner. */
  readonly principal: Principal
}

/** As they were sent. */
export interface Credentials {
  readonly apikey: string | undefined
  readonly bearer: string | undefined
}

export type Identification =
  | { readonly kind: 'known'; readonly who: Identified }
  | { readonly kind: 'no key' }
  | { readonly kind: 'bad key'; readonly because: string }
  | { readonly kind: 'bad token' }

/** Who calls, by `apikey` and by what is behind `Bearer`: the same key again, or an end user's access token. */
export async function identify(
  project: ApiProject,
  { apikey, bearer }: Credentials,
  verify: VerifyEndUser,
): Promise<Identification> {
  const text = apikey ?? bearer
  if (text === undefined || text === '') return { kind: 'no key' }
  const key = await project.keyOf(text)
  if (!key) return { kind: 'bad key', because: 'This key is not one of this project, or it was revoked.' }
  if (key.expires_at !== null && Date.parse(key.expires_at) <= Date.now())
    return { kind: 'bad key', because: 'This key has expired. Use a newer one.' }
  if (bearer === undefined || bearer === text) return { kind: 'known', who: byKey(project, key) }
  const user = isToken(bearer) ? await verify(project, bearer) : null
  if (user) return { kind: 'known', who: byUser(project, key, user) }
  const other = await project.keyOf(bearer)
  // Two keys: the one that may less counts, for whoever sends both may mean either.
  if (other && other.kind === key.kind) return { kind: 'known', who: byKey(project, key) }
  return { kind: 'bad token' }
}

function isToken(text: string): boolean {
  return text.length <= 8_000 && text.split('.').length === 3
}

function byKey(project: ApiProject, key: KeyRow): Identified {
  const known = principals.get(key)
  if (known) return known
  const role = key.kind === 'secret' ? 'secret' : 'anonymous'
  const who: Identified = {
    key,
    user: null,
    caller: { role, userId: null, scopes: key.scopes },
    principal: principal(project, { id: key.id, name: `API key "${key.name}"` }),
  }
  principals.set(key, who)
  return who
}

const principals = new WeakMap<KeyRow, Identified>()

function byUser(project: ApiProject, key: KeyRow, user: EndUser): Identified {
  return {
    key,
    user,
    caller: { role: 'user', userId: user.userId, scopes: key.scopes },
    principal: principal(project, { id: user.userId, name: user.email }),
  }
}

function principal({ accountId }: ApiProject, actor: { readonly id: string; readonly name: string }): Principal {
  return { account: { id: accountId, email: actor.name, created_at: '' }, sessionId: 'api', actor }
}
