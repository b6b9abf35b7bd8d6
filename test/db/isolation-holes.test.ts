import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tooManyRights } from '../helpers/app-rights'
import { asAdmin } from '../helpers/database'
import { createPlace, type Place, tryCalls, trySql } from '../helpers/isolation-place'
import { callProbes } from '../helpers/isolation-probes'
import type { World } from '../helpers/two-tenants'

describe('a right too many', () => {
  let place: Place
  beforeAll(async () => {
    place = await createPlace()
  })
  afterAll(() => place.close())

  test('is not there', async () => {
    expect(await tooManyRights(place.admin)).toEqual([])
  })

  test.each<readonly [string, (world: World) => string]>([
    ['the schema of the physical tables', () => 'grant usage on schema studio_data to studio_app'],
    ['a physical table', ({ relation }) => `grant select on studio_data.${relation} to studio_app`],
    ['a column of it, to everyone', ({ relation }) => `grant select (_id) on studio_data.${relation} to public`],
    [
      'its policy',
      ({ relation }) => `create policy hole on studio_data.${relation} for select to studio_app using (true)`,
    ],
    ['no policy', ({ relation }) => `alter table studio_data.${relation} no force row level security`],
    [
      'the view without its gate',
      ({ relation }) => `create or replace view studio_rows.${relation} as select * from studio_data.${relation}`,
    ],
    ['the schema of typed views', ({ schema }) => `grant usage on schema ${schema} to public`],
    ['a typed view', ({ schema }) => `grant select on ${schema}.plans to studio_app`],
    ['the functions behind the views', () => 'grant execute on all functions in schema studio_code to studio_app'],
    ['the role of the store', () => 'grant studio_store to studio_app'],
    ['records', () => 'alter policy own_data on studio.project_data using (true)'],
    ['unique values', () => 'create policy hole on studio.project_keys for select using (true)'],
    ['changes', () => 'alter policy own_changes_read on studio.changes using (true)'],
    ['a partition of the changes', () => 'grant select on studio.changes_other to public'],
  ])('is noticed: %s', async (_, widen) => {
    const { admin, victim } = place
    // Roles belong to the whole server, so none of it is committed.
    await admin.query('begin')
    try {
      await admin.query(widen(victim))
      expect(await tooManyRights(admin)).not.toEqual([])
    } finally {
      await admin.query('rollback')
    }
  })
})

describe('the probes find a hole', { timeout: 300_000 }, () => {
  const hole = (table: string, policy: string) =>
    `drop policy ${policy} on studio.${table};
     create policy hole on studio.${table} for all to studio_app using (true) with check (true)`

  test.each([
    ['records', hole('project_data', 'own_data')],
    ['tables', hole('project_tables', 'own_tables')],
    ['databases', hole('project_databases', 'own_databases')],
    ['projects', hole('projects', 'own_projects')],
    ['accounts', hole('users', 'own_user')],
    ['sessions', hole('sessions', 'own_sessions')],
    ['activity', hole('audit', 'own_audit_read')],
    ['records, without row security', 'alter table studio.project_data disable row level security'],
    ['unique values', hole('project_keys', 'own_keys')],
    ['changes', hole('changes', 'own_changes_read')],
    ['logins', hole('sql_logins', 'own_sql_logins')],
    ['moves', hole('table_moves', 'own_moves')],
    [
      'dedicated records: the gate',
      ({ relation }: World) =>
        `create or replace view studio_rows.${relation} as select * from studio_data.${relation}`,
    ],
    [
      'dedicated records: the physical table',
      ({ relation }: World) => `grant usage on schema studio_data to studio_app;
        grant select on studio_data.${relation} to studio_app;
        create policy hole on studio_data.${relation} for all to studio_app using (true)`,
    ],
    [
      'a typed view',
      ({ schema }: World) =>
        `grant usage on schema ${schema} to studio_app; grant select on ${schema}.plans to studio_app`,
    ],
    [
      'a context that is not checked',
      `create or replace function studio.current_project() returns uuid
       language sql stable as $$ select nullif(current_setting('studio.project_id', true), '')::uuid $$`,
    ],
  ] as readonly (readonly [string, string | ((victim: World) => string)])[])('in %s', async (_, change) => {
    const place = await createPlace()
    try {
      await asAdmin(place.studio.adminUrl, typeof change === 'string' ? change : change(place.victim))
      expect((await trySql(place, 1)).through).not.toEqual([])
    } finally {
      await place.close()
    }
  })

  test('which the procedures show, too', async () => {
    const place = await createPlace()
    try {
      await asAdmin(place.studio.adminUrl, hole('projects', 'own_projects'))
      const probes = callProbes(place, new Map()).filter(({ procedure }) => procedure.startsWith('projects.'))
      expect((await tryCalls(place, probes)).through).not.toEqual([])
    } finally {
      await place.close()
    }
  })
})
