import type { JsonObject } from '@shared/json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from '../helpers/test-studio'
import { createTierProject, type TierProject, tiers } from '../helpers/tier-project'

describe.each(tiers)('in the %s tier', (tier) => {
  let p: TierProject
  let tableId: string
  beforeAll(async () => {
    p = await createTierProject(tier)
    tableId = await p.table('tasks', [
      { name: 'title', type: 'text' },
      { name: 'rank', type: 'integer' },
      { name: 'meta', type: 'jsonb' },
    ])
  })
  afterAll(() => p.close())

  const client = () => p.tenant.client.views
  const at = () => ({ databaseId: p.databaseId, tableId })
  const list = async () => (await client().list(at())).views
  const edit = (edits: readonly JsonObject[]) =>
    p.tenant.client.tables.update({ databaseId: p.databaseId, tableId, edits: edits as never })

  test('is kept by its name, changed in part, and deleted', async () => {
    const filters = {
      or: [{ column: 'title', op: 'ilike', value: 'a%' }, { not: { column: 'meta.a.b', op: 'gt', value: 1 } }],
    }
    const { view } = await client().create({
      ...at(),
      name: '  Mine ',
      filters,
      sort: [{ column: 'rank', direction: 'desc', nulls: 'last' }],
      columns: [
        { column: 'rank', pinned: true, width: 120 },
        { column: 'title', hidden: true },
      ],
    })
    expect(view).toMatchObject({ name: 'Mine', filters })
    await client().create({ ...at(), name: 'all', filters: { rank: 1 } })
    expect((await list()).map(({ name }) => name)).toEqual(['all', 'Mine'])
    expect((await list())[0]).toMatchObject({
      filters: { and: [{ column: 'rank', op: 'eq', value: 1 }] },
      sort: [],
      columns: [],
    })
    const renamed = await client().update({ ...at(), viewId: view.id.toUpperCase(), name: 'Ours' })
    expect(renamed.view).toEqual({ ...view, name: 'Ours', updated_at: expect.any(String) })
    const cleared = await client().update({ ...at(), viewId: view.id, filters: null, sort: [] })
    expect(cleared.view).toEqual({ ...renamed.view, filters: null, sort: [], updated_at: expect.any(String) })
    const { entries } = await p.tenant.client.databases.audit({ databaseId: p.databaseId })
    expect(entries[0]?.sentence).toBe('Saved the view "Ours" of tasks.')
    await client().delete({ ...at(), viewId: view.id })
    expect((await list()).map(({ name }) => name)).toEqual(['all'])
    for (const call of [
      () => client().delete({ ...at(), viewId: view.id }),
      () => client().update({ ...at(), viewId: view.id, name: 'x' }),
    ])
      expect((await failureOf(call())).code).toBe('NOT_FOUND')
  })

  test('has a name of its own, and speaks of columns that are there', async () => {
    const { view } = await client().create({ ...at(), name: 'Two' })
    const late = { code: 'CONFLICT', data: { name: 'all' } }
    expect(await failureOf(client().create({ ...at(), name: 'all' }))).toMatchObject(late)
    expect(await failureOf(client().update({ ...at(), viewId: view.id, name: 'all' }))).toMatchObject(late)
    for (const input of [
      { name: ' ' },
      { name: 'a\0' },
      { name: 'x', filters: { nick: 1 } },
      { name: 'x', filters: { column: 'rank', op: 'like' as const, value: 'x' } },
      { name: 'x', sort: [{ column: 'nick', direction: 'asc' as const }] },
      { name: 'x', columns: [{ column: 'nick' }] },
      { name: 'x', columns: [{ column: 'rank', width: 1 }] },
    ])
      expect((await failureOf(client().create({ ...at(), ...input }))).code, JSON.stringify(input)).toBe('VALIDATION')
    await client().delete({ ...at(), viewId: view.id })
  })

  test('follows the columns', async () => {
    const { view } = await client().create({
      ...at(),
      name: 'Follows',
      filters: {
        and: [
          { or: [{ column: 'rank', op: 'gt', value: 1 }] },
          { not: { column: 'rank', op: 'is', value: null } },
          { column: 'meta.title', op: 'eq', value: 1 },
          { column: '_revision', op: 'gte', value: 1 },
        ],
      },
      sort: [
        { column: 'rank', direction: 'asc' },
        { column: 'title', direction: 'desc' },
      ],
      columns: [{ column: 'title', width: 100 }, { column: 'rank' }],
    })
    await edit([{ type: 'renameColumn', table: 'tasks', column: 'title', name: 'label' }])
    await edit([{ type: 'renameColumn', table: 'tasks', column: 'meta', name: 'title' }])
    await edit([{ type: 'renameTable', table: 'tasks', name: 'jobs' }])
    const seen = (await list()).find(({ id }) => id === view.id)
    expect(seen).toMatchObject({
      filters: { and: [{}, {}, { column: 'title.title' }, { column: '_revision' }] },
      sort: [{ column: 'rank' }, { column: 'label' }],
      columns: [{ column: 'label', width: 100 }, { column: 'rank' }],
    })
    await edit([{ type: 'dropColumn', table: 'jobs', column: 'rank' }])
    await edit([{ type: 'addColumn', table: 'jobs', column: { name: 'rank', type: 'text' } }])
    const repaired = (await list()).find(({ id }) => id === view.id)
    expect(repaired).toMatchObject({
      filters: {
        and: [
          { column: 'title.title', op: 'eq', value: 1 },
          { column: '_revision', op: 'gte', value: 1 },
        ],
      },
      sort: [{ column: 'label', direction: 'desc' }],
      columns: [{ column: 'label', width: 100 }],
    })
    expect((await list()).find(({ name }) => name === 'all')?.filters).toBeNull()
    const { client: all } = p.tenant
    const { filters = null, sort = [] } = repaired ?? {}
    await all.records.query({
      databaseId: p.databaseId,
      tableName: 'jobs',
      sort,
      ...(filters ? { filters: filters as JsonObject } : {}),
    })
  })

  test('nothing here ended as an unknown failure', () => {
    expect(p.studio.log.filter((line) => line.includes('"level":50'))).toEqual([])
  })
})
