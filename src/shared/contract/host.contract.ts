import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { someSettings } from '../domain/studio-settings'
import { procedure } from './base'
import { timestamp } from './fields'

/** Where the studio's Postgres is on its way from nothing to usable. */
export const serverState = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('starting'), step: z.string() }),
  z.object({ phase: z.literal('ready') }),
  /** `message` says what happened and what to do; `details` are its points, one a line (missing rights, say). */
  z.object({ phase: z.literal('failed'), message: z.string(), details: z.array(z.string()) }),
])

export type ServerState = z.infer<typeof serverState>

/** `settings.json` of the data folder; `path` is null where several people share the server. */
export const settingsState = z.object({
  path: z.string().nullable(),
  values: someSettings,
  /** What is wrong with the file; it is not written over then, and `values` are the last that were right. */
  problem: z.string().nullable(),
})
export type SettingsState = z.infer<typeof settingsState>

export const hostContract = {
  health: procedure.route({ method: 'GET', path: '/api/health', summary: 'Is the server up?', tags: ['Host'] }).output(
    z.object({
      status: z.literal('ok'),
      version: z.string(),
      database: z.object({ version: z.string(), embedded: z.boolean() }),
    }),
  ),

  /** Answers at once and then with every change, also before Postgres runs. */
  watchState: procedure.output(eventIterator(serverState)),

  /** The settings as the file has them, at once and then with every change of it. */
  watchSettings: procedure.output(eventIterator(settingsState)),

  /** Writes some of the settings into the file; 409 while it cannot be read. */
  changeSettings: procedure.input(z.strictObject({ settings: someSettings })).output(z.object({})),

  info: procedure.output(
    z.object({
      version: z.string(),
      host: z.enum(['desktop', 'web']),
      database: z.object({
        embedded: z.boolean(),
        /** A server of the settings, rather than of DATABASE_URL. */
        chosen: z.boolean(),
        version: z.string(),
        /** Host, port and database name; never a password. */
        address: z.string(),
      }),
      /** Where secrets are kept: the system's keychain, or an encrypted file where there is none. */
      secrets: z.enum(['keychain', 'file', 'environment']),
      /** Where the HTTP API answers: `http://127.0.0.1:PORT`. */
      apiUrl: z.string(),
      startedAt: timestamp,
    }),
  ),
}
