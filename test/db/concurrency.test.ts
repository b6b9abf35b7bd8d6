import { afterEach, expect, test } from 'vitest'
import { fight, makeContestedTables } from '../helpers/concurrent-writers'
import { asAdmin } from '../helpers/database'
import { moveToTier, type Tier } from '../helpers/storage-tier'
import { createTestProject, type TestProject } from '../helpers/test-project'

/** Milliseconds of each fight; the minute that the plan asks for, and more, by WRITERS_SECONDS=60. */
const duration = Number(process.env.WRITERS_SECONDS ?? '4') * 1000

let project: TestProject
afterEach(() => project?.close())

const rowsOf = async (query: string) => {
  const { results } = await project.tenant.client.sql.run({ databaseId: project.databaseId, query })
  return results[0]?.rows
}

test.each<Tier>(['shared', 'dedicated'])(
  '32 writers leave no duplicate, no orphan and no lost update in the %s tier, and none hears of a deadlock',
  async (tier) => {
    project = await createTestProject()
    const tableIds = await makeContestedTables(project)
    await moveToTier(project.tenant.client, project.databaseId, tableIds, tier)
    const { done, refused, counted, failures } = await fight(project, 32, duration)
    console.log(`${tier} tier: ${JSON.stringify(done)}, ${refused} refused by a rule`)
    expect(failures).toEqual([])
    // A fight in which nobody won, or nobody lost, has tried nothing.
    expect(Object.keys(done).length).toBeGreaterThan(7)
    expect(refused).toBeGreaterThan(0)

    expect(await rowsOf('select code, count(*) from accounts group by code having count(*) > 1')).toEqual([])
    expect(
      await rowsOf('select place, count(*) from orders where place is not null group by place having count(*) > 1'),
    ).toEqual([])
    expect(
      await rowsOf(`select o.id from orders o left join accounts a on a.id = o.account left join accounts c on c.code = o.code
        where (o.account is not null and a.id is null) or (o.code is not null and c.code is null)`),
    ).toEqual([])
    const counters = await rowsOf('select id, n from counters')
    expect(new Map(counters?.map(([id, n]) => [String(id), Number(n)]))).toEqual(counted)
    await expectWholeLog(tableIds)
  },
  duration + 60_000,
)

/** Each record's state follows from the log: one insert, and one entry for each revision. */
async function expectWholeLog(tableIds: readonly string[]): Promise<void> {
  const rows = await asAdmin(
    project.studio.adminUrl,
    `select record_id from studio.changes where table_id = any($1::uuid[]) and op <> 'schema'
     group by table_id, record_id
     having count(*) filter (where op = 'insert') <> 1
       or count(*) filter (where op <> 'delete') <> max(revision) filter (where op <> 'delete')
       or count(*) filter (where op = 'delete') > 1`,
    [tableIds],
  )
  expect(rows).toEqual([])
}
