import { readMaterial } from '../corpora/material'
import { asAdmin } from './database'
import type { HttpStudio } from './http-studio'
import { signUpTenant, type Tenant } from './test-studio'
import { secretText } from './two-tenants'

/** One project with an API, as its attackers see it. */
export interface Target {
  readonly ref: string
  readonly tenant: Tenant
  readonly databaseId: string
  /** Ids of the tables by their names. */
  readonly tables: ReadonlyMap<string, string>
  readonly publishable: string
  readonly secret: string
  readonly revoked: string
  readonly expired: string
  /** An end user's access token. */
  readonly token: string
  readonly userId: string
  /** Ids of records that only its owner and secret keys may see. */
  readonly hidden: readonly string[]
}

/** Tables by how they are opened: nobody, everybody, the signed in, their owners. */
export const targetTables = ['closed', 'open', 'members', 'owned', 'users'] as const

export async function createTarget(studio: HttpStudio, name: string): Promise<Target> {
  const tenant = await signUpTenant(studio, `${name}@example.org`)
  const { client } = tenant
  const { project } = await client.projects.create({ name })
  const { database } = await client.databases.create({ projectId: project.id })
  const databaseId = database.id
  const tables = new Map<string, string>()
  for (const table of targetTables.filter((one) => one !== 'users')) {
    const columns = [
      { name: 'word', type: 'text' },
      { name: 'meta', type: 'jsonb' },
      { name: 'user_id', type: 'uuid', references: { table: 'users', column: 'id' } },
    ]
    tables.set(table, (await client.tables.create({ databaseId, schemaJson: { name: table, columns } })).table.id)
  }
  const everything = (rule: 'public' | 'authenticated' | { owner: string }) => ({
    select: rule,
    insert: rule,
    update: rule,
    delete: rule,
  })
  await client.rules.set({ databaseId, tableId: tables.get('open') ?? '', select: 'public' })
  await client.rules.set({ databaseId, tableId: tables.get('members') ?? '', ...everything('authenticated') })
  await client.rules.set({ databaseId, tableId: tables.get('owned') ?? '', ...everything({ owner: 'user_id' }) })
  const signed = await studio.send({
    method: 'POST',
    path: `/api/database/${databaseId}/auth/signup`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `user-of-${name}@example.org`, password: 'correct horse' }),
  })
  const { user, access_token: token } = JSON.parse(signed.text)
  const hidden: string[] = []
  for (const table of ['closed', 'members', 'owned'])
    for (const owner of [user.id, null]) {
      const record = {
        word: `${owner === null ? 'other-' : ''}${secretText}`,
        meta: { secret: secretText },
        user_id: owner,
      }
      const made = await client.records.create({ databaseId, tableName: table, record })
      if (owner === null) hidden.push(made.record?._id ?? '')
    }
  await client.records.create({ databaseId, tableName: 'open', record: { word: 'plain' } })
  const make = async (kind: 'publishable' | 'secret') => client.keys.create({ databaseId, name: kind, kind })
  const revoked = await make('secret')
  await client.keys.revoke({ databaseId, keyId: revoked.key.id })
  const expired = await make('secret')
  await asAdmin(studio.adminUrl, `update studio.api_keys set expires_at = now() - interval '1 second' where id = $1`, [
    expired.key.id,
  ])
  return {
    ref: database.ref,
    tenant,
    databaseId,
    tables,
    publishable: (await make('publishable')).secret,
    secret: (await make('secret')).secret,
    revoked: revoked.secret,
    expired: expired.secret,
    token,
    userId: user.id,
    hidden,
  }
}

/** Of thousands some of each kind: every place of a request is tried with each. */
export function hostileTexts(): readonly string[] {
  const strings: unknown = JSON.parse(readMaterial('badinput/strings/blns.json'))
  const naughty = (Array.isArray(strings) ? strings : []).filter((one) => typeof one === 'string')
  const injections = ['Generic_SQLI', 'Generic_ErrorBased', 'Generic_UnionSelect', 'postgres-enumeration'].flatMap(
    (name) => readMaterial(`badinput/sql-injection/${name}.txt`).split('\n'),
  )
  const some = (list: readonly string[], step: number) => list.filter((one, at) => at % step === 0 && one.trim() !== '')
  const all = [
    ...some(naughty, 2),
    ...some(injections, 6),
    "' or 1=1 --",
    '"; drop table users; --',
    '$1',
    '{}',
    '()',
    '\\',
  ]
  return [...new Set(all)].filter((one) => one.length < 500 && !/\p{Cs}/u.test(one))
}
