import { AppError } from '@shared/app-error'
import { Client } from 'pg'
import { checkRights } from './check-rights'
import { closeCatalogue } from './close-catalogue'
import { sqlState, toAppError } from './pg-error'
import { reach } from './pool'

export interface Migration {
  readonly id: number
  readonly name: string
  readonly text: string
}

/** Bundled as text: nothing is read from disk inside an asar. */
const files = import.meta.glob<string>('./migrations/*.sql', { query: '?raw', eager: true, import: 'default' })

export const migrations: readonly Migration[] = Object.entries(files)
  .map(([path, text]) => {
    const match = /\/(\d{6})_(\w+)\.sql$/.exec(path)
    if (match === null) throw new Error(`Not the name of a migration: ${path}`)
    return { id: Number(match[1]), name: match[2] ?? '', text }
  })
  .sort((a, b) => a.id - b.id)

/**
 * Brings the schema `studio` up to date, forward only. Answers the ids that it ran. Safe from many processes at once.
 * UNAVAILABLE when rights are missing (named in `details.missing`) or the schema is newer than this program.
 */
export async function migrate(adminUrl: string, steps: readonly Migration[] = migrations): Promise<readonly number[]> {
  const client = new Client({ connectionString: adminUrl, application_name: 'tessera-migrate', ...reach })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await checkRights(client)
    await createRoles(client)
    await createSchemas(client)
    const newest = await newestApplied(client)
    refuseNewer(newest, steps)
    // A step that a failing machine loses is run again; whatever is written later is written after it.
    await client.query('set synchronous_commit to off')
    const ran = newest !== null && newest === steps.at(-1)?.id ? [] : await runAll(client, steps)
    await transaction(client, async () => {
      await client.query('select pg_advisory_xact_lock($1)', [lockKey])
      await closeCatalogue(client)
    })
    return ran
  } catch (error) {
    throw toAppError(error)
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function runAll(client: Client, steps: readonly Migration[]): Promise<readonly number[]> {
  const ran: number[] = []
  for (;;) {
    const id = await transaction(client, async () => {
      // One migrator at a time: the other one waits here, and then finds nothing left to do.
      await client.query('select pg_advisory_xact_lock($1)', [lockKey])
      await createLedger(client)
      const newest = await newestApplied(client)
      refuseNewer(newest, steps)
      const step = steps.find((candidate) => candidate.id > (newest ?? 0))
      if (step === undefined) return null
      await client.query('set local role studio_owner')
      // First the id: should the lock ever fail us, the second runner stops at the key before it changes anything.
      await client.query('insert into studio.migrations (id, name) values ($1, $2)', [step.id, step.name])
      await client.query(step.text)
      return step.id
    })
    if (id === null) return ran
    ran.push(id)
  }
}

async function transaction<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    const result = await work()
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

/** How the tables of the studio stand on a server. UNAVAILABLE when they are newer than this program. */
export async function studioThere(client: Client): Promise<'none' | 'older' | 'same'> {
  const newest = await newestApplied(client)
  refuseNewer(newest, migrations)
  return newest === null ? 'none' : newest === migrations.at(-1)?.id ? 'same' : 'older'
}

/** Null when the studio has never been here. */
async function newestApplied(client: Client): Promise<number | null> {
  if (!(await ledgerExists(client))) return null
  const newest = await client.query<{ id: number | null }>('select max(id) as id from studio.migrations')
  return newest.rows[0]?.id ?? null
}

function refuseNewer(newest: number | null, steps: readonly Migration[]): void {
  const known = steps.at(-1)?.id ?? 0
  if (newest === null || newest <= known) return
  throw new AppError(
    'UNAVAILABLE',
    `This data was last opened by a newer Tessera Studio (its schema is number ${newest}, this version knows ${known}). ` +
      'Update Tessera Studio, or open other data.',
    { details: { schema: newest, known } },
  )
}

/** From the catalogue, which needs no right on the schema. */
async function ledgerExists(client: Client): Promise<boolean> {
  const found = await client.query(
    `select from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'studio' and c.relname = 'migrations'`,
  )
  return found.rows.length > 0
}

async function createLedger(client: Client): Promise<void> {
  if (await ledgerExists(client)) return
  await client.query(`
    create schema if not exists studio authorization studio_owner;
    set local role studio_owner;
    create table studio.migrations (
      id integer primary key,
      name text not null,
      applied_at timestamptz not null default now()
    );
    alter table studio.migrations enable row level security;
    alter table studio.migrations force row level security;
    create policy owner_migrations on studio.migrations for all to studio_owner using (true) with check (true);
    set local role none`)
}

/** Roles belong to the whole server: a studio on another database may make them at the same moment. */
async function createRoles(client: Client): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(rolesText)
      return
    } catch (error) {
      // XX000 is "tuple concurrently updated", which a grant made at the same moment raises.
      if (attempt === 10 || !['23505', '42710', 'XX000'].includes(sqlState(error) ?? '')) throw error
    }
  }
}

/**
 * A superuser may act as anyone. Others make themselves members; on Postgres 16 and newer that also turns the bare
 * admin option, which comes with making a role, into the right to act as it.
 */
const rolesText = `
do $$
declare
  name text;
  acts boolean;
begin
  foreach name in array array['studio_owner', 'studio_app', 'studio_store'] loop
    if not exists (select from pg_roles where rolname = name) then
      execute format('create role %I nologin', name);
    end if;
    if (select rolsuper from pg_roles where rolname = current_user) then
      continue;
    end if;
    acts := pg_has_role(name, 'USAGE');
    if acts and current_setting('server_version_num')::int >= 160000 then
      acts := pg_has_role(name, 'SET');
    end if;
    if not acts then
      execute format('grant %I to %I', name, current_user);
    end if;
  end loop;
end $$`

/**
 * Where the store puts what it makes while the studio runs: `studio_data` the physical tables of the dedicated tier,
 * `studio_rows` the app's way to them, `studio_code` the functions behind the typed views. A schema for each logical
 * database comes on top, so studio_store may make schemas.
 */
async function createSchemas(client: Client): Promise<void> {
  const found = await client.query<{ count: number; may: boolean }>(
    `select count(*)::int as count, has_database_privilege('studio_store', current_database(), 'CREATE') as may
     from pg_namespace where nspname in ('studio_data', 'studio_rows', 'studio_code')`,
  )
  const [state] = found.rows
  if (state?.count === 3 && state.may) return
  await transaction(client, async () => {
    await client.query('select pg_advisory_xact_lock($1)', [lockKey])
    await client.query(schemasText)
  })
}

const schemasText = `
do $$ begin
  execute format('grant create on database %I to studio_store', current_database());
end $$;
create schema if not exists studio_data authorization studio_store;
create schema if not exists studio_rows authorization studio_store;
create schema if not exists studio_code authorization studio_store;
set local role studio_store;
revoke all on schema studio_data, studio_rows, studio_code from public;
grant usage on schema studio_rows to studio_app;
-- Of one schema it would have no effect: what is given for all schemas cannot be taken back for one.
alter default privileges revoke execute on functions from public;
alter default privileges in schema studio_rows grant select, insert, update, delete on tables to studio_app;
set local role none`

/** Any constant that nobody else locks: the bytes of "tessera". */
const lockKey = '32762643847148129'
