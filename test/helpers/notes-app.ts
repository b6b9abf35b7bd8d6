import type { ColumnSchema } from '@shared/domain/table-schema'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { createHttpStudio, type HttpStudio } from './http-studio'
import { signUpTenant, type Tenant } from './test-studio'

/** An app of notes, as its people reach it: each of them has their own in the table `notes`. */
export interface NotesApp {
  readonly studio: HttpStudio
  readonly tenant: Tenant
  readonly databaseId: string
  readonly ref: string
  /** Of `notes`. */
  readonly tableId: string
  readonly publishable: string
  /** The official client, with what stands in for its own WebSocket, which Node 20 has not. */
  clientOf(key: string, options?: { readonly transport?: unknown; readonly token?: string }): SupabaseClient
  /** Somebody who uses the app, with the headers of their calls. */
  signUp(email: string): Promise<AppPerson>
  secretKey(name: string): Promise<{ readonly id: string; readonly secret: string }>
  close(): Promise<void>
}

export interface AppPerson {
  readonly id: string
  readonly token: string
  readonly headers: { readonly apikey: string; readonly authorization: string }
}

/** Every verb for whose record it is. */
export const ownNotes = {
  select: { owner: 'user_id' },
  insert: { owner: 'user_id' },
  update: { owner: 'user_id' },
  delete: { owner: 'user_id' },
}

/** `columns` stand beside `body` and `user_id`. */
export async function createNotesApp(
  columns: readonly ColumnSchema[] = [],
  body: ColumnSchema = { name: 'body', type: 'text' },
): Promise<NotesApp> {
  const studio = await createHttpStudio()
  const tenant = await signUpTenant(studio, 'ada@example.org')
  const { client } = tenant
  const { project } = await client.projects.create({ name: 'Notes' })
  const { database } = await client.databases.create({ projectId: project.id })
  const databaseId = database.id
  const owner = { name: 'user_id', type: 'uuid', references: { table: 'users', column: 'id' } }
  const schemaJson = { name: 'notes', columns: [body, ...columns, owner].map((column) => ({ ...column })) }
  const tableId = (await client.tables.create({ databaseId, schemaJson })).table.id
  await client.rules.set({ databaseId, tableId, ...ownNotes })
  const publishable = (await client.keys.snippet({ databaseId })).secret
  return {
    studio,
    tenant,
    databaseId,
    ref: database.ref,
    tableId,
    publishable,
    clientOf: (key, { transport = class {}, token } = {}) =>
      createClient(`${studio.url}/p/${database.ref}`, key, {
        ...(token === undefined ? {} : { accessToken: async () => token }),
        auth: { persistSession: false, autoRefreshToken: false },
        realtime: { transport: transport as never },
      }),
    async signUp(email) {
      const given = { email, password: 'correct horse' }
      const path = `/api/database/${databaseId}/auth/signup`
      const { user, access_token: token } = JSON.parse((await studio.call({ method: 'POST', path, body: given })).text)
      return { id: String(user.id), token, headers: { apikey: publishable, authorization: `Bearer ${token}` } }
    },
    async secretKey(name) {
      const { key, secret } = await client.keys.create({ databaseId, name, kind: 'secret' })
      return { id: key.id, secret }
    },
    close: () => studio.close(),
  }
}
