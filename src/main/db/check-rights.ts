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
  if (rights.schema_owner === null && !rights.create_schema) {
    missing.push(`It may not create schemas: grant create on database "${database}" to "${user}".`)
  }
  if (!superuser && !rights.create_role && !(rights.owner_exists && rights.app_exists)) {
    missing.push(`It may not create the roles studio_owner and studio_app: alter role "${user}" createrole.`)
  }
  for (const [role, exists, member] of [
    ['studio_owner', rights.owner_exists, rights.owner_member],
    ['studio_app', rights.app_exists, rights.app_member],
  ] as const) {
    if (exists && !member) missing.push(`It is not a member of the role ${role}: grant ${role} to "${user}".`)
  }
  if (rights.app_bypasses) {
    missing.push('The role studio_app would see the data of everyone: alter role studio_app nosuperuser nobypassrls.')
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
  from pg_roles r, me where r.rolname in ('studio_owner', 'studio_app')
)
select me.rolname as user, current_database() as database, me.version,
  pg_encoding_to_char(d.encoding) as encoding,
  me.rolsuper as superuser,
  me.rolcreaterole as create_role,
  has_database_privilege(d.oid, 'CREATE') as create_schema,
  pg_is_in_recovery() as read_only,
  (select pg_get_userbyid(n.nspowner) from pg_namespace n where n.nspname = 'studio') as schema_owner,
  owner.rolname is not null as owner_exists,
  coalesce(owner.member, false) as owner_member,
  app.rolname is not null as app_exists,
  coalesce(app.member, false) as app_member,
  coalesce(app.bypasses, false) as app_bypasses
from me
join pg_database d on d.datname = current_database()
left join roles owner on owner.rolname = 'studio_owner'
left join roles app on app.rolname = 'studio_app'`
