import { AppError } from '@shared/app-error'
import { authSettingsOf } from '../../features/end-users/care.service'
import { changeSelf, checkPassword, type SignedIn, signOut } from '../../features/end-users/end-user-auth'
import { verifyLink } from '../../features/end-users/end-user-links'
import { type Asked, formOf, purposesOf, redirectOf } from './auth-request'
import { failureOf } from './auth-shapes'
import { noticePage, passwordPage } from './link-pages'
import { redirectTarget } from './redirect'

/** A link of a mail: leads on to the app with a session, or does its work here. */
export async function followLink({ c, auth, call }: Asked): Promise<Response> {
  const token = c.req.query('token') ?? ''
  const type = c.req.query('type') ?? ''
  const purposes = purposesOf(type)
  const target = redirectTarget(redirectOf(c), await authSettingsOf(auth, call.at))
  const chooses = type === 'recovery' || type === 'invite'
  if (target === null && chooses) return passwordPage(`/p/${call.at.ref}/auth/v1/password`, token, type, null)
  const signedIn = await attempt(verifyLink(auth, call, { token }, purposes))
  if (target) {
    target.hash = new URLSearchParams(
      signedIn instanceof AppError ? failureFields(signedIn) : sessionFields(signedIn, type),
    ).toString()
    return new Response(null, { status: 303, headers: { location: target.href, 'cache-control': 'no-store' } })
  }
  if (signedIn instanceof AppError) return noticePage('This link does not work', signedIn.message, 403)
  const confirmed = 'Your address is confirmed. You can close this page and sign in.'
  return noticePage('Confirmed', type === 'magiclink' ? 'You can close this page and go back to the app.' : confirmed)
}

/** What the page for a new password sends. */
export async function choosePassword({ c, auth, call }: Asked): Promise<Response> {
  const form = await formOf(c)
  const [token, type, password] = ['token', 'type', 'password'].map((name) => form.get(name) ?? '')
  const purposes = purposesOf(type ?? '')
  // Looked at before the token is spent, so that a password that is too short can be chosen again.
  const settings = await authSettingsOf(auth, call.at)
  const weak = await attempt(Promise.resolve().then(() => checkPassword(password ?? '', settings)))
  if (weak instanceof AppError)
    return passwordPage(`/p/${call.at.ref}/auth/v1/password`, token ?? '', type ?? '', weak.message)
  const signedIn = await attempt(verifyLink(auth, call, { token: token ?? '' }, purposes))
  if (signedIn instanceof AppError) return noticePage('This link does not work', signedIn.message, 403)
  const who = { userId: signedIn.user.id, sessionId: signedIn.sessionId }
  await changeSelf(auth, call, who, { password: password ?? '' })
  await signOut(auth, call, who, 'local')
  return noticePage('Password saved', 'You can close this page and sign in with your new password.')
}

async function attempt<T>(work: Promise<T>): Promise<T | AppError> {
  return work.catch((error: unknown) => {
    if (error instanceof AppError) return error
    throw error
  })
}

/** As the official client reads them from the address. */
function sessionFields({ session }: SignedIn, type: string) {
  return {
    access_token: session.accessToken,
    refresh_token: session.refreshToken,
    expires_in: String(session.expiresIn),
    token_type: 'bearer',
    type,
  }
}

function failureFields(error: AppError) {
  const { code, message } = failureOf(error, 'verify')
  return { error: 'access_denied', error_code: code, error_description: message }
}
