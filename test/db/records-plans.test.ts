import type { Filter, Sort } from '@shared/domain/filter'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StudioDatabase } from '../../src/main/db/database'
import { countBeside } from '../../src/main/features/records/count-records.service'
import { selectPageSql } from '../../src/main/features/records/page.sql'
import { type Place, pageOrder } from '../../src/main/features/records/page-order'
import { wholeRecord } from '../../src/main/features/records/record-row.sql'
import type { StoredTable } from '../../src/main/features/tables/stored-table'
import { asAdmin } from '../helpers/database'
import { makeDedicated } from '../helpers/dedicated'
import { createTestProject, type TestProject } from '../helpers/test-project'

/** A page in the order of an index reads the page, at any depth: no sort, and no more rows than it answers. */

let p: TestProject
let table: StoredTable
let middle: { readonly _id: string; readonly n: number }

beforeAll(async () => {
  p = await createTestProject()
  await p.table('events', [
    { name: 'kind', type: 'text', required: true },
    { name: 'n', type: 'integer' },
    { name: 'amount', type: 'numeric(12,2)' },
    { name: 'meta', type: 'jsonb' },
  ])
  table = await makeDedicated(p.studio, p.tenant.userId, p.databaseId, 'events')
  for (let from = 0; from < 20_000; from += 10_000)
    await p.tenant.client.records.create({
      databaseId: p.databaseId,
      tableName: 'events',
      records: Array.from({ length: 10_000 }, (_, i) => ({
        kind: `k${(from + i) % 10}`,
        n: (from + i) % 9973,
        amount: `${(i * 7919) % 10_007}.5`,
        meta: { at: { step: (from + i) % 500 } },
      })),
    })
  for (const columns of [['n'], ['kind', 'n'], ['amount'], ['meta.at.step']])
    await p.tenant.client.indexes.create({ databaseId: p.databaseId, tableId: table.id, columns })
  await asAdmin(p.studio.adminUrl, 'vacuum analyze')
  const { records } = await p.tenant.client.records.query({
    databaseId: p.databaseId,
    tableName: 'events',
    filters: { n: 5000 },
    limit: 1,
  })
  middle = { _id: String(records[0]?._id), n: 5000 }
})
afterAll(() => p.close())

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly PlanNode[]
}

async function plan(filters: Filter, sort: readonly Sort[], after: Place | null, offset = 0) {
  const query = await p.studio.db.withDatabase(
    p.tenant.userId,
    p.databaseId,
    async (tx, database) => {
      const page = selectPageSql(
        { projectId: database.project_id, table },
        {
          projection: wholeRecord(table),
          filter: normaliseFilter(filters),
          order: pageOrder(table, sort),
          after,
          limit: 51,
          offset,
          embeds: [],
        },
      )
      return tx.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>({
        text: `explain (analyze, format json) ${page.text}`,
        values: page.values,
      })
    },
    { readOnly: true },
  )
  const nodes: PlanNode[] = []
  const open = query[0]?.['QUERY PLAN'].map(({ Plan }) => Plan) ?? []
  for (let node = open.pop(); node; node = open.pop()) {
    nodes.push(node)
    open.push(...(node.Plans ?? []))
  }
  const read = nodes.map((node) => (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'])
  return { kinds: nodes.map((node) => node['Node Type']), most: Math.max(...read) }
}

const by = (column: string, direction: 'asc' | 'desc' = 'asc'): Sort => ({ column, direction })

describe('from an index, with no sort', () => {
  test.each<[string, Filter, Sort[], unknown[] | null]>([
    ['the first page', { and: [] }, [by('n')], null],
    ['backwards', { and: [] }, [by('n', 'desc')], null],
    ['at depth', { and: [] }, [by('n')], [5000]],
    ['at depth, backwards', { and: [] }, [by('n', 'desc')], [5000]],
    ['at depth, of a number', { and: [] }, [by('amount')], ['5000.50']],
    ['at depth, in the order of making', { and: [] }, [], []],
    ['filtered by the first column', { column: 'kind', op: 'eq', value: 'k0' }, [by('n')], [5000]],
    ['of two columns', { and: [] }, [by('kind'), by('n')], ['k5', 5000]],
    ['of two columns, backwards', { and: [] }, [by('kind', 'desc'), by('n', 'desc')], ['k5', 5000]],
    ['filtered by a path', { column: 'meta.at.step', op: 'eq', value: 7 }, [], null],
    ['sorted by a path', { and: [] }, [by('meta.at.step')], [250]],
    ['among values', { column: 'n', op: 'in', value: [3, 7, 5000] }, [], null],
    ['a range', { column: 'amount', op: 'gt', value: '9000' }, [by('amount')], null],
  ])('%s', async (title, filter, sort, values) => {
    const { kinds, most } = await plan(
      filter,
      sort,
      values === null ? null : { values: values as never, id: middle._id },
    )
    const isFew = ['filtered by a path', 'among values'].includes(title)
    expect({ kinds: kinds.filter((kind) => /Seq Scan/.test(kind) || (/Sort/.test(kind) && !isFew)), most }).toEqual({
      kinds: [],
      most: expect.toSatisfy((rows: number) => rows <= 102),
    })
  })

  test('a count that takes too long becomes an estimate', async () => {
    const { db } = p.studio
    const timeouts: (number | undefined)[] = []
    const hurried: StudioDatabase = {
      ...db,
      withDatabase: (accountId, databaseId, work, options) => {
        timeouts.push(options?.statementTimeout)
        const limit = options?.statementTimeout === undefined ? {} : { statementTimeout: 1 }
        return db.withDatabase(accountId, databaseId, work, { ...options, ...limit })
      },
    }
    const filters = { column: 'kind', op: 'ilike', value: '%K%' } as const
    const query = { tableName: 'events', filters, count: 'exact' } as const
    const counted = await countBeside(hurried, p.tenant.userId, p.databaseId, query, { readOnly: true })
    expect(counted).toEqual({ count: expect.any(Number), countEstimated: true })
    expect(timeouts).toEqual([expect.any(Number), undefined])
    expect(await countBeside(db, p.tenant.userId, p.databaseId, query, { readOnly: true })).toEqual({ count: 20_000 })
  })

  test('what is skipped is read from the index alone', async () => {
    const { kinds } = await plan({ and: [] }, [], null, 15_000)
    expect(kinds).toContain('Index Only Scan')
  })
})
