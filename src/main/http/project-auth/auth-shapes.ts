import type { AppError } from '@shared/app-error'
import type { EndUserDetails } from '@shared/contract/end-users.contract'
import type { SignedIn } from '../../features/end-users/end-user-auth'
import type { Asked, Needs } from './auth-request'

/** Answers in the shapes that the official client of Supabase reads. */

/** Serves an address below `/p/<ref>/auth/v1`; what the answer throws is answered in the form of all failures. */
export type On = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  needs: Needs,
  answer: (asked: Asked) => Promise<Response>,
) => void

export function json(body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(body, { headers: { 'cache-control': 'no-store', ...headers } })
}

export function userBody(user: EndUserDetails) {
  const { id, email, created_at, updated_at, confirmed_at, last_sign_in_at } = user
  const times = { last_sign_in_at, created_at, updated_at }
  return {
    id,
    aud: 'authenticated',
    role: 'authenticated',
    email,
    phone: '',
    email_confirmed_at: confirmed_at,
    confirmed_at,
    invited_at: user.invited_at,
    banned_until: user.banned_until,
    app_metadata: { provider: 'email', providers: ['email'] },
    user_metadata: {
      ...(user.full_name === null ? {} : { full_name: user.full_name }),
      ...(user.avatar_url === null ? {} : { avatar_url: user.avatar_url }),
      ...user.user_metadata,
    },
    identities: [
      {
        identity_id: id,
        id,
        user_id: id,
        identity_data: { email, email_verified: confirmed_at !== null, phone_verified: false, sub: id },
        provider: 'email',
        email,
        ...times,
      },
    ],
    is_anonymous: false,
    ...times,
  }
}

export function sessionBody({ user, session }: Pick<SignedIn, 'user' | 'session'>, now: number = Date.now()) {
  return {
    access_token: session.accessToken,
    token_type: 'bearer',
    expires_in: session.expiresIn,
    expires_at: Math.floor(now / 1000) + session.expiresIn,
    refresh_token: session.refreshToken,
    user: userBody(user),
  }
}

export interface AuthFailure {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly extra?: object
}

/** The codes that apps look for, by what failed and in which call. */
export function failureOf(error: AppError, call: string): AuthFailure {
  const reason = reasonOf(error)
  const { message } = error
  switch (error.code) {
    case 'UNAUTHENTICATED':
      if (reason === 'invalid_api_key') return { status: 401, code: reason, message }
      if (reason === 'otp_expired') return { status: 403, code: 'otp_expired', message }
      if (call === 'password') return { status: 400, code: 'invalid_credentials', message: 'Invalid login credentials' }
      if (reason === 'refresh_token_already_used')
        return { status: 400, code: reason, message: 'Invalid Refresh Token: Already Used' }
      if (call === 'refresh_token')
        return {
          status: 400,
          code: 'refresh_token_not_found',
          message: 'Invalid Refresh Token: Refresh Token Not Found',
        }
      return { status: 401, code: reason ?? 'bad_jwt', message }
    case 'FORBIDDEN':
      if (reason === 'email_not_confirmed') return { status: 400, code: reason, message: 'Email not confirmed' }
      if (isFull(error)) return { status: 403, code: 'quota_reached', message }
      if (reason === 'user_banned') return { status: 400, code: reason, message }
      if (call === 'signup') return { status: 422, code: 'signup_disabled', message }
      return { status: 403, code: 'not_admin', message }
    case 'CONFLICT':
      if (reason === 'email' && call === 'signup')
        return { status: 422, code: 'user_already_exists', message: 'User already registered' }
      if (reason === 'email')
        return {
          status: 422,
          code: 'email_exists',
          message: 'A user with this email address has already been registered',
        }
      return { status: 409, code: 'conflict', message }
    case 'VALIDATION':
      if (reason === 'weak_password')
        return { status: 422, code: reason, message, extra: { weak_password: { reasons: ['length'] } } }
      if (reason === 'same_password' || reason === 'reauthentication_not_valid' || reason === 'unsupported_grant_type')
        return { status: reason === 'unsupported_grant_type' ? 400 : 422, code: reason, message }
      return { status: 400, code: 'validation_failed', message }
    case 'CONSTRAINT':
      return { status: 422, code: 'validation_failed', message }
    case 'NOT_FOUND':
      return { status: 404, code: 'user_not_found', message }
    case 'RATE_LIMITED':
      return { status: 429, code: 'over_request_rate_limit', message }
    case 'TOO_LARGE':
      return { status: 413, code: 'validation_failed', message }
    default:
      return { status: error.status, code: 'unexpected_failure', message }
  }
}

/** The project's plan lets nothing more in. */
function isFull({ details }: AppError): boolean {
  return typeof details === 'object' && details !== null && 'quota' in details
}

function reasonOf({ details }: AppError): string | null {
  if (typeof details !== 'object' || details === null) return null
  if ('reason' in details && typeof details.reason === 'string') return details.reason
  return 'field' in details && typeof details.field === 'string' ? details.field : null
}
