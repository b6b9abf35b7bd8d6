import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { KeyScope } from '@shared/domain/access-rule'

export type KeyKind = 'publishable' | 'secret'

export interface NewKey {
  readonly text: string
  readonly prefix: string
  readonly hash: Buffer
}

/** What programs that search for lost secrets know keys by. */
const beginnings: { readonly [K in KeyKind]: string } = { publishable: 'tessera_pub_', secret: 'tessera_sec_' }
/** Characters of the random part that are kept to tell keys by: 24 bits of 192. */
const shownCharacters = 4

/** 192 random bits: nobody guesses it, so a fast hash is enough at rest. */
export function createKey(kind: KeyKind): NewKey {
  return keyOf(kind, randomBytes(24))
}

/** The key of the studio's own snippets, made of its secret so that it is kept nowhere and can be shown again. */
export function deriveKey(secret: string, keyId: string): NewKey {
  return keyOf('publishable', createHmac('sha256', secret).update(`api key ${keyId}`).digest().subarray(0, 24))
}

export function hashKey(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Whether the text could be a key at all; what could not is never looked up. */
export function isKey(text: string): boolean {
  return /^tessera_(pub|sec)_[\w-]{32}$/.test(text)
}

function keyOf(kind: KeyKind, bytes: Buffer): NewKey {
  const text = `${beginnings[kind]}${bytes.toString('base64url')}`
  return { text, prefix: text.slice(0, beginnings[kind].length + shownCharacters), hash: hashKey(text) }
}

/** As it is stored: tables by their ids, null for all. */
export interface StoredScope {
  readonly table: string | null
  readonly verbs: KeyScope['verbs']
}
