import { createHash, randomBytes, randomInt } from 'node:crypto'
import type { Transaction } from '../../db/database'
import {
  insertMailedTokenSql,
  type Purpose,
  spendCodeSql,
  spendMailedTokenSql,
  type UsedTokenRow,
} from './mailed-tokens.sql'

/** What goes into a mail: a link holds the token, and where there is no link to follow, the code is typed in. */
export interface Mailed {
  readonly token: string
  readonly code: string
}

const lifetimes: Readonly<Record<Purpose, string>> = {
  signup: '1 day',
  invite: '7 days',
  recovery: '1 hour',
  magiclink: '1 hour',
  email_change: '1 day',
}

export async function issueMailedToken(
  tx: Transaction,
  projectId: string,
  { userId, email, purpose }: { readonly userId: string; readonly email: string; readonly purpose: Purpose },
): Promise<Mailed> {
  const token = randomBytes(32).toString('base64url')
  const code = String(randomInt(0, 1_000_000)).padStart(6, '0')
  await tx.execute(
    insertMailedTokenSql({
      projectId,
      userId,
      purpose,
      email,
      tokenHash: hashOf(token),
      codeHash: hashOfCode(email, code),
      lifetime: lifetimes[purpose],
    }),
  )
  return { token, code }
}

export async function spendMailedToken(
  tx: Transaction,
  projectId: string,
  given: { readonly token: string } | { readonly email: string; readonly code: string },
  purposes: readonly Purpose[],
): Promise<UsedTokenRow | null> {
  const statement =
    'token' in given
      ? spendMailedTokenSql(projectId, hashOf(given.token), purposes)
      : spendCodeSql(projectId, given.email, hashOfCode(given.email, given.code), purposes)
  const [row] = await tx.query<UsedTokenRow>(statement)
  return row ?? null
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function hashOfCode(email: string, code: string): Buffer {
  return hashOf(`${email} ${code}`)
}
