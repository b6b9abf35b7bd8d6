import type { JsonObject } from '@shared/json'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MovePhase, TableAddress } from '../../src/main/features/store/storage-move'
import { demoteNow, type MoveOptions, promoteNow } from '../../src/main/features/store/storage-move.service'
import { asAdmin } from '../helpers/database'
import { createTestProject, type TestProject } from '../helpers/test-project'
import { failureOf } from '../helpers/test-studio'

let project: TestProject

beforeAll(async () => {
  project = await createTestProject()
})
afterAll(() => project.close())

const columns = [
  { name: 'id', type: 'uuid', primary_key: true },
  { name: 'email', type: 'text', required: true, unique: true },
  { name: 'age', type: 'integer' },
  { name: 'balance', type: 'numeric(12,2)' },
  { name: 'seen', type: 'timestamptz' },
  { name: 'meta', type: 'jsonb' },
  { name: 'tags', type: 'text[]' },
]

function person(n: number): JsonObject {
  return {
    email: `person${n}@example.org`,
    age: n % 90,
    balance: `${n}.50`,
    seen: '2024-05-06T07:08:09.123456Z',
    meta: { city: `city ${n % 20}`, big: 1 },
    tags: [`tag ${n % 3}`, 'all'],
  }
}

function at(tableId: string): TableAddress {
  return { accountId: project.tenant.userId, databaseId: project.databaseId, tableId }
}

async function fill(tableName: string, from: number, count: number): Promise<void> {
  const { client } = project.tenant
  const records = Array.from({ length: count }, (_, n) => person(from + n))
  await client.records.create({ databaseId: project.databaseId, tableName, records })
}

async function all(tableName: string): Promise<JsonObject[]> {
  const { client } = project.tenant
  const found: JsonObject[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await client.records.query({
      databaseId: project.databaseId,
      tableName,
      limit: 1000,
      ...(cursor === undefined ? {} : { cursor }),
    })
    found.push(...page.records)
    if (page.nextCursor === null) return found
    cursor = page.nextCursor
  }
}

async function tierOf(tableId: string): Promise<unknown> {
  const [row] = await asAdmin(
    project.studio.adminUrl,
    `select storage ->> 'tier' as tier from studio.project_tables where id = $1`,
    [tableId],
  )
  return row?.tier
}

async function documents(tableId: string): Promise<unknown> {
  const [row] = await asAdmin(
    project.studio.adminUrl,
    `select (select count(*)::int from studio.project_data where table_id = $1) as data,
       (select count(*)::int from studio.project_keys where table_id = $1) as keys,
       (select count(*)::int from studio.table_moves where table_id = $1) as moves`,
    [tableId],
  )
  return row
}

describe('a table moves to the dedicated tier and back', () => {
  it('with every value, its rules and its references', async () => {
    const tableId = await project.table('people', columns)
    await fill('people', 0, 300)
    const [first] = await all('people')
    const before = await all('people')

    expect(await promoteNow(project.studio.db, at(tableId), { batchSize: 70 })).toBe('moved')
    expect(await tierOf(tableId)).toBe('dedicated')
    expect(await all('people')).toEqual(before)
    expect(await documents(tableId)).toEqual({ data: 0, keys: 0, moves: 0 })
    const failure = await failureOf(
      project.tenant.client.records.create({ databaseId: project.databaseId, tableName: 'people', record: person(5) }),
    )
    expect(failure.code).toBe('CONSTRAINT')

    expect(await demoteNow(project.studio.db, at(tableId), { batchSize: 70 })).toBe('moved')
    expect(await tierOf(tableId)).toBe('shared')
    expect(await all('people')).toEqual(before)
    expect(await documents(tableId)).toEqual({ data: 300, keys: 300, moves: 0 })
    expect(first).toBeDefined()
    const again = await failureOf(
      project.tenant.client.records.create({ databaseId: project.databaseId, tableName: 'people', record: person(5) }),
    )
    expect(again.code).toBe('CONSTRAINT')
  })
})
