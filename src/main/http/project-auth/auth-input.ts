import { AppError } from '@shared/app-error'
import { email } from '@shared/contract/fields'
import { isJsonObject, type JsonObject } from '@shared/json'
import { z } from 'zod'

/** What the official client sends; what it sends beside that means nothing here and is let through. */

const anyText = z.string().max(1000)
const metadata = z.unknown().refine(isJsonObject, 'must be a JSON object').optional()

export const credentials = z.object({ email: z.string().max(320), password: anyText })
export const newUser = z.object({ email, password: anyText, data: metadata })
export const refreshBody = z.object({ refresh_token: anyText })
export const emailBody = z.object({ email, data: metadata, create_user: z.boolean().optional() })
export const resendBody = z.object({ type: z.enum(['signup', 'email_change']), email })
export const userBody = z.object({
  email: email.optional(),
  password: anyText.optional(),
  nonce: anyText.optional(),
  data: metadata,
})
export const verifyBody = z.union([
  z.object({ type: z.string(), token_hash: anyText }),
  z.object({ type: z.string(), token: anyText, email }),
])
export const linkBody = z.object({
  type: z.enum(['signup', 'invite', 'magiclink', 'recovery']),
  email,
  password: anyText.optional(),
  data: metadata,
})
export const adminUserBody = z.object({
  email: email.optional(),
  password: anyText.optional(),
  email_confirm: z.boolean().optional(),
  user_metadata: metadata,
  ban_duration: z.string().max(50).optional(),
})

/** VALIDATION with the first thing that is wrong. */
export function read<T>(shape: z.ZodType<T>, body: unknown): T {
  const known = shape.safeParse(body ?? {})
  if (known.success) return known.data
  const [issue] = known.error.issues
  const field = issue?.path.join('.') ?? ''
  const isMissing = typeof body === 'object' && body !== null && field !== '' && !(field in body)
  if (isMissing) throw new AppError('VALIDATION', `"${field}" is missing.`)
  throw new AppError('VALIDATION', `${field === '' ? 'The body' : `"${field}"`}: ${issue?.message ?? 'is not valid'}`)
}

/** Columns of `users` that apps fill with what they say of a user. */
export function namesOf(data: JsonObject | undefined) {
  const text = (name: string) => {
    const value = data?.[name]
    return typeof value === 'string' ? value : undefined
  }
  return { full_name: text('full_name') ?? text('name'), avatar_url: text('avatar_url'), metadata: data }
}

/** In hours as the client writes them (`24h`, `1h30m`), or `none`; null is no ban, `infinity` one for good. */
export function banEnd(duration: string, now: number): string | null {
  if (duration === 'none') return null
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map(([text]) => text).join('') !== duration)
    throw new AppError('VALIDATION', '"ban_duration": Write it like 24h, or none.')
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
  const milliseconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0)
  // Beyond the years that a date can hold it is for good.
  return milliseconds > 1e14 ? 'infinity' : new Date(now + milliseconds).toISOString()
}
