import type { StudioDatabase, Transaction } from '../../db/database'
import type { DatabaseAddress } from '../databases/database-address.service'
import { readMailSettings } from './auth-settings.service'
import { composeMail, type Mail, type Mailer } from './mail'
import { issueMailedToken } from './mailed-tokens.service'
import type { Purpose } from './mailed-tokens.sql'
import { insertMailSql, listMailsSql, type MailRow, projectNameSql, settleMailSql } from './mails.sql'

export interface MailDeps {
  readonly db: StudioDatabase
  /** Opens the mail server's password. */
  readonly secret: string
  readonly mailer: Mailer
}

export interface Letter {
  readonly userId: string
  readonly email: string
  readonly purpose: Purpose
  /** `http://HOST:PORT`, where the link leads. */
  readonly baseUrl: string
  /** Where the app wants it to lead on to. */
  readonly redirectTo?: string | undefined
}

/**
 * Makes the token and sends the mail that holds it. Answers whether a mail server took it; without one the mail is
 * kept where the studio shows it. What a server has taken is kept without its link, which is a way to sign in.
 */
export async function sendLetter(deps: MailDeps, at: DatabaseAddress, letter: Letter): Promise<boolean> {
  return (await postLetter(deps, at, letter)).delivered
}

/**
 * The same without waiting for the mail server: who asks for a link learns from the time nothing of whether there is
 * such a user. What the server says is kept beside the mail.
 */
export async function sendLetterUnseen(deps: MailDeps, at: DatabaseAddress, letter: Letter): Promise<void> {
  const { delivered } = await postLetter(deps, at, letter)
  delivered.catch(() => undefined)
}

async function postLetter(deps: MailDeps, at: DatabaseAddress, letter: Letter) {
  const { mail, settings } = await deps.db.withProject(at.accountId, at.projectId, async (tx) => {
    const [project] = await tx.query<{ name: string }>(projectNameSql(at.projectId))
    const mailed = await issueMailedToken(tx, at.projectId, letter)
    const link = linkOf(at.ref, letter, mailed.token)
    return {
      mail: composeMail(letter.purpose, letter.email, project?.name ?? 'Tessera Studio', link, mailed),
      settings: await readMailSettings(tx, at.projectId, deps.secret),
    }
  })
  return post(deps, at, mail, settings)
}

export async function deliver(
  deps: MailDeps,
  at: DatabaseAddress,
  mail: Mail,
  settings: Awaited<ReturnType<typeof readMailSettings>>,
): Promise<boolean> {
  return (await post(deps, at, mail, settings)).delivered
}

/** The mail is kept when this resolves; `delivered` when the server has answered. */
async function post(
  { db, mailer }: MailDeps,
  at: DatabaseAddress,
  mail: Mail,
  settings: Awaited<ReturnType<typeof readMailSettings>>,
): Promise<{ readonly delivered: Promise<boolean> }> {
  const write = <T>(work: (tx: Transaction) => Promise<T>) => db.withProject(at.accountId, at.projectId, work)
  const kept = settings.server === null ? mail : { ...mail, body: 'The text was sent and is not kept.' }
  const [row] = await write((tx) => tx.query<{ id: string }>(insertMailSql(at.projectId, kept)))
  if (settings.server === null || !row) return { delivered: Promise.resolve(false) }
  const send = async () => {
    const problem = await mailer(settings, mail).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : 'The mail server did not take it.'),
    )
    await write((tx) => tx.execute(settleMailSql(at.projectId, row.id, problem)))
    return problem === null
  }
  return { delivered: send() }
}

export async function listMails(tx: Transaction, projectId: string): Promise<MailRow[]> {
  return [...(await tx.query<MailRow>(listMailsSql(projectId)))]
}

/** Where the link of a mail leads. */
export function linkOf(
  ref: string,
  { baseUrl, purpose, redirectTo }: Pick<Letter, 'baseUrl' | 'purpose' | 'redirectTo'>,
  token: string,
): string {
  const link = new URL(`${baseUrl}/p/${ref}/auth/v1/verify`)
  link.searchParams.set('token', token)
  link.searchParams.set('type', purpose)
  if (redirectTo !== undefined) link.searchParams.set('redirect_to', redirectTo)
  return link.href
}
