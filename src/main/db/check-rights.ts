import { AppError } from '@shared/app-error'
import type { Client } from 'pg'

/**
 * Throws UNAVAILABLE naming every right that the admin of the connection string lacks, each with the statement that
 * gives it; `details.missing` is the list.
 */
export async function checkRights(client: Client): Promise<void> {
  const answer = await client.query<Rights>(rightsText)
  const rights = answer.rows[0]
  if (rights === undefined) return
  const missing = missingRights(rights)
  if (missing.length === 0) return
  throw new AppError(
    'UNAVAILABLE',
    `The database "${rights.database}" cannot be used by "${rights.user}" yet. ${missing.join(' ')}`,
    { details: { missing } },
  )
}

interface Rights {
  readonly user: string
  readonly database: string
  readonly version: number
  readonly encoding: string
  readonly superuser: boolean
  readonly create_role: boolean
  readonly create_schema: boolean
  readonly read_only: boolean
  readonly schema_owner: string | null
  readonly owner_exists: boolean
  readonly owner_member: boolean
  readonly app_exists: boolean
  readonly app_member: boolean
  readonly app_bypasses: boolean
  readonly store_exists: boolean
  readonly store_member: boolean
  readonly store_bypasses: boolean
}

function missingRights(rights: Rights): readonly string[] {
  const { user, database, superuser } = rights
  const missing: string[] = []
  if (rights.version < 150000) {
    missing.push(`The server is Postgres ${Math.floor(rights.version / 10000)}; use Postgres 15 or newer.`)
  }
  if (rights.encoding !== 'UTF8') {
    missing.push(`The database has the encoding ${rights.encoding}; use one with UTF8.`)
  }
  if (rights.read_only) missing.push('The server only reads (a replica); use the primary server.')
  if (rights.schema_owner !== null && rights.schema_owner !== 'studio_owner') {
    missing.push(
      `The schema "studio" exists and belongs to "${rights.schema_owner}"; use another database, or rename that schema.`,
    )
  }
  if (!rights.create_schema) {
    missing.push(
      `It may not create schemas, nor let studio_store do so: alter database "${database}" owner to "${user}", or grant create on database "${database}" to "${user}" with grant option.`,
    )
  }
  if (!superuser && !rights.create_role && !(rights.owner_exists && rights.app_exists && rights.store_exists)) {
    missing.push(
      `It may not create the roles studio_owner, studio_app and studio_store: alter role "${user}" createrole.`,
    )
  }
  for (const [role, exists, member] of [
    ['studio_owner', rights.owner_exists, rights.owner_member],
    ['studio_app', rights.app_exists, rights.app_member],
    ['studio_store', rights.store_exists, rights.store_member],
  ] as const) {
    if (exists && !member) missing.push(`It is not a member of the role ${role}: grant ${role} to "${user}".`)
  }
  for (const [role, bypasses] of [
    ['studio_app', rights.app_bypasses],
    ['studio_store', rights.store_bypasses],
  ] as const) {
    if (bypasses)
      missing.push(`The role ${role} would see the data of everyone: alter role ${role} nosuperuser nobypassrls.`)
  }
  return missing
}

/**
 * `member` means: is one and may act as one, or may make itself one. Until Postgres 15 createrole is enough for that,
 * from 16 on only the admin option is, and acting as the role is an option of its own (SET).
 */
const rightsText = `
with me as (
  select r.*, current_setting('server_version_num')::int as version from pg_roles r where r.rolname = current_user
), roles as (
  select r.rolname, r.rolsuper or r.rolbypassrls as bypasses,
    me.rolsuper
    or pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION')
    or (me.version < 160000 and me.rolcreaterole)
    or (pg_has_role(r.oid, 'USAGE') and case when me.version < 160000 then true else pg_has_role(r.oid, 'SET') end)
      as member
  from pg_roles r, me where r.rolname in ('studio_owner', 'studio_app', 'studio_store')
)
select me.rolname as user, current_database() as database, me.version,
  pg_encoding_to_char(d.encoding) as encoding,
  me.rolsuper as superuser,
  me.rolcreaterole as create_role,
  has_database_privilege(d.oid, 'CREATE WITH GRANT OPTION')
    or exists (select from pg_roles s where s.rolname = 'studio_store' and has_database_privilege(s.oid, d.oid, 'CREATE'))
      and has_database_privilege(d.oid, 'CREATE') as create_schema,
  pg_is_in_recovery() as read_only,
  (select pg_get_userbyid(n.nspowner) from pg_namespace n where n.nspname = 'studio') as schema_owner,
  owner.rolname is not null as owner_exists,
  coalesce(owner.member, false) as owner_member,
  app.rolname is not null as app_exists,
  coalesce(app.member, false) as app_member,
  coalesce(app.bypasses, false) as app_bypasses,
  store.rolname is not null as store_exists,
  coalesce(store.member, false) as store_member,
  coalesce(store.bypasses, false) as store_bypasses
from me
join pg_database d on d.datname = current_database()
left join roles owner on owner.rolname = 'studio_owner'
left join roles app on app.rolname = 'studio_app'
left join roles store on store.rolname = 'studio_store'`
