import { execFile } from 'node:child_process'
import { rm, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFolder } from '../helpers/folder'
import { createNotesApp, type NotesApp } from '../helpers/notes-app'

let app: NotesApp
beforeAll(async () => {
  app = await createNotesApp()
})
afterAll(() => app.close())

test('the types of a project fit the official client: names, values, and whether one record or several are embedded', async () => {
  const { databaseId, tenant } = app
  const owner = { name: 'user_id', type: 'uuid', unique: true, references: { table: 'users', column: 'id' } }
  const columns = [{ name: 'about', type: 'text' }, owner]
  await tenant.client.tables.create({ databaseId, schemaJson: { name: 'profiles', columns } })
  const { text } = await tenant.client.api.document({ databaseId, format: 'typescript' })
  const program = `
    import { createClient } from '@supabase/supabase-js'
    import type { Database } from './database.types'
    const api = createClient<Database>('http://127.0.0.1', 'key')
    export async function right() {
      const { data } = await api.from('users').select('email, profiles(about), notes(body)').single()
      const about: string | null | undefined = data?.profiles?.about
      const bodies: (string | null)[] | undefined = data?.notes.map(({ body }) => body)
      const back = await api.from('profiles').select('users(email)').single()
      const email: string | undefined = back.data?.users?.email
      await api.from('notes').insert({ body: 'with what is optional left out' })
      await api.from('notes').update({ body: null }).eq('user_id', 'x')
      return { about, bodies, email }
    }
    export async function wrong() {
      // @ts-expect-error: there is no such table
      await api.from('nowhere').select()
      // @ts-expect-error: there is no such column
      await api.from('notes').insert({ text: 'x' })
      // @ts-expect-error: a text is no number
      await api.from('notes').insert({ body: 1 })
      const { data } = await api.from('users').select('password_hash').single()
      // @ts-expect-error: what nobody may read is not there
      return data?.password_hash.length
    }`
  expect(await errorsOf({ 'database.types.ts': text, 'program.ts': program })).toEqual([])
})

/** What the compiler says of these files, in a folder of their own. */
async function errorsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = await openFolder()
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    await symlink(resolve('node_modules'), join(folder, 'node_modules'))
    const compilerOptions = { strict: true, noEmit: true, skipLibCheck: true, target: 'es2022', module: 'esnext' }
    const config = { compilerOptions: { ...compilerOptions, moduleResolution: 'bundler', types: [] } }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const compiler = resolve('node_modules/typescript/bin/tsc')
    await promisify(execFile)(process.execPath, [compiler, '-p', folder, '--pretty', 'false'])
    return []
  } catch (error) {
    if (error instanceof Error && 'stdout' in error) return String(error.stdout).trim().split('\n')
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
