import { AppError } from '@shared/app-error'

/** A place in a log that is read newest first: the id of the last entry that was seen. */
export function writeLogCursor(id: string): string {
  return Buffer.from(`before:${id}`).toString('base64url')
}

/** Null for the newest. VALIDATION when it is no cursor of a log. */
export function readLogCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null
  const id = /^before:(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1]
  if (id === undefined)
    throw new AppError('VALIDATION', '"cursor": This is not a cursor of this list. Leave it out to begin anew.', {
      details: { issues: [{ path: 'cursor', message: 'This is not a cursor of this list.' }] },
    })
  return id
}
