import type { AuthSettings } from '@shared/contract/end-users.contract'
import type { Mailed } from './mailed-tokens.service'
import type { Purpose } from './mailed-tokens.sql'

export interface Mail {
  readonly recipient: string
  readonly subject: string
  readonly body: string
}

export type MailSettings = AuthSettings['mail'] & { readonly password: string | null }

/** Whoever takes mails. Rejects with an error whose message tells what the server said. */
export type Mailer = (settings: MailSettings, mail: Mail) => Promise<void>

/** Milliseconds. Somebody waits for the answer. */
const patience = 10_000

/** Sends over SMTP; see nodemailer.com. */
export const smtpMailer: Mailer = async ({ sender, server, password }, { recipient, subject, body }) => {
  if (server === null || sender === null) throw new Error('There is no mail server')
  // A third of a megabyte that no start waits for.
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.tls,
    ...(server.user === null ? {} : { auth: { user: server.user, pass: password ?? '' } }),
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
  })
  try {
    await transport.sendMail({ from: sender, to: recipient, subject, text: body })
  } finally {
    transport.close()
  }
}

const subjects: Readonly<Record<Purpose, string>> = {
  signup: 'Confirm your address',
  invite: 'You are invited',
  recovery: 'Choose a new password',
  magiclink: 'Your link to sign in',
  email_change: 'Confirm your new address',
}

const openings: Readonly<Record<Purpose, string>> = {
  signup: 'Follow this link to confirm your address:',
  invite: 'Follow this link to accept the invitation and choose a password:',
  recovery: 'Follow this link to choose a new password:',
  magiclink: 'Follow this link to sign in:',
  email_change: 'Follow this link to confirm your new address:',
}

export function composeMail(purpose: Purpose, recipient: string, project: string, link: string, mailed: Mailed): Mail {
  return {
    recipient,
    subject: `${subjects[purpose]} - ${project}`,
    body: `${openings[purpose]}\n\n${link}\n\nOr enter this code: ${mailed.code}\n\nIf you did not ask for this, you need do nothing.\n`,
  }
}
