import { expect, test } from 'vitest'
import { emptyBin } from '../../src/main/features/projects/empty-bin'
import { dropLostViews } from '../../src/main/features/store/lost-views.service'
import { asAdmin } from '../helpers/database'
import { makeDedicated } from '../helpers/dedicated'
import { createTestProject } from '../helpers/test-project'

test('what a project leaves behind goes, and nothing of others', async () => {
  const p = await createTestProject()
  const ask = (text: string) => asAdmin(p.studio.adminUrl, text)
  const left = async () =>
    (
      await ask(`select
        (select count(*)::int from pg_namespace where nspname ~ '^d_[0-9a-f]{32}$') as schemas,
        (select count(*)::int from pg_class where relkind = 'v' and relnamespace in
          (select oid from pg_namespace where nspname ~ '^d_[0-9a-f]{32}$')) as views,
        (select count(*)::int from pg_proc where pronamespace = 'studio_code'::regnamespace) as functions`)
    )[0]
  try {
    const { client } = p.tenant
    const { project } = await client.projects.create({ name: 'Gone' })
    const { database } = await client.databases.create({ projectId: project.id })
    for (let n = 0; n < 3; n++)
      await client.tables.create({
        databaseId: database.id,
        schemaJson: { name: `t${n}`, columns: [{ name: 'v', type: 'text' }] },
      })
    await makeDedicated(p.studio, p.tenant.userId, database.id, 't0')
    // One table of the project that stays is in the bin, and one was in it for long.
    const [binned, old] = [await p.table('binned', []), await p.table('old', [])]
    for (const tableId of [binned, old]) await client.tables.delete({ databaseId: p.databaseId, tableId })
    await client.projects.delete({ projectId: project.id })
    await dropLostViews(p.studio.db)
    expect(await left()).toEqual({ schemas: 2, views: 5, functions: 5 })

    await ask(`update studio.projects set deleted_at = now() - interval '1 year' where deleted_at is not null`)
    await ask(`update studio.project_tables set deleted_at = now() - interval '1 year' where id = '${old}'`)
    expect(await emptyBin(p.studio.db)).toEqual({ projects: 1, tables: 1 })
    await dropLostViews(p.studio.db)
    expect(await left()).toEqual({ schemas: 1, views: 1, functions: 1 })
    await client.tables.restore({ databaseId: p.databaseId, tableId: binned })
    expect(await left()).toEqual({ schemas: 1, views: 2, functions: 2 })
  } finally {
    await p.close()
  }
})
