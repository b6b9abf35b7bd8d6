import { AppError } from '@shared/app-error'
import { type AuthSettings, authSettings } from '@shared/contract/end-users.contract'
import { z } from 'zod'
import type { Transaction } from '../../db/database'
import { defaultBcryptCost } from '../accounts/password'
import { selectSettingsSql, upsertSettingsSql } from './auth-settings.sql'
import { openSealed, seal } from './seal'

const defaults: AuthSettings = {
  signUps: true,
  confirmEmail: false,
  passwordLength: 8,
  tokenLifetime: 3600,
  bcryptCost: defaultBcryptCost,
  siteUrl: null,
  redirectUrls: [],
  mail: { sender: null, server: null },
}

/** As it is kept: the mail server's password sealed, so that every server with the same JWT_SECRET can use it. */
const stored = z.object({ settings: authSettings.partial(), sealedPassword: z.string().nullable().default(null) })
type Stored = z.infer<typeof stored>

export async function readAuthSettings(tx: Transaction, projectId: string): Promise<AuthSettings> {
  return whole(await readStored(tx, projectId))
}

/** The same with the mail server's password, for whoever sends. */
export async function readMailSettings(tx: Transaction, projectId: string, secret: string) {
  const kept = await readStored(tx, projectId)
  return {
    ...whole(kept).mail,
    password: kept.sealedPassword === null ? null : openSealed(secret, purpose(projectId), kept.sealedPassword),
  }
}

/** All of them with the mail server's password, to be written elsewhere; null while the project has none of its own. */
export async function readOwnAuthSettings(
  tx: Transaction,
  projectId: string,
  secret: string,
): Promise<{ readonly settings: AuthSettings; readonly mailPassword: string | undefined } | null> {
  const [row] = await tx.query<{ settings: unknown }>(selectSettingsSql(projectId))
  if (!row) return null
  const { password } = await readMailSettings(tx, projectId, secret)
  return { settings: await readAuthSettings(tx, projectId), mailPassword: password ?? undefined }
}

/** `mailPassword` undefined keeps the one that is known. VALIDATION when mails have a server and no sender. */
export async function writeAuthSettings(
  tx: Transaction,
  projectId: string,
  settings: AuthSettings,
  { mailPassword, secret }: { readonly mailPassword: string | undefined; readonly secret: string },
): Promise<AuthSettings> {
  if (settings.mail.server !== null && settings.mail.sender === null)
    throw new AppError('VALIDATION', 'Mails need a sender. Give the address they come from.', {
      details: { issues: [{ path: 'settings.mail.sender', message: 'Mails need a sender.' }] },
    })
  const known = await readStored(tx, projectId)
  const sealedPassword = mailPassword === undefined ? known.sealedPassword : sealed(mailPassword, projectId, secret)
  const next: Stored = { settings, sealedPassword: settings.mail.server === null ? null : sealedPassword }
  await tx.execute(upsertSettingsSql(projectId, next))
  return whole(next)
}

function sealed(password: string, projectId: string, secret: string): string | null {
  return password === '' ? null : seal(secret, purpose(projectId), password)
}

function purpose(projectId: string): string {
  return `mail server of ${projectId}`
}

async function readStored(tx: Transaction, projectId: string): Promise<Stored> {
  const [row] = await tx.query<{ settings: unknown }>(selectSettingsSql(projectId))
  const known = stored.safeParse(row?.settings)
  return known.success ? known.data : { settings: {}, sealedPassword: null }
}

function whole({ settings, sealedPassword }: Stored): AuthSettings {
  const all = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
  const { mail, ...rest }: AuthSettings = { ...defaults, ...all }
  const server = mail.server && { ...mail.server, hasPassword: sealedPassword !== null }
  return { ...rest, mail: { ...mail, server } }
}
