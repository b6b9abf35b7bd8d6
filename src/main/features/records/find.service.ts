import { createHash } from 'node:crypto'
import { findLimit } from '@shared/contract/record-insight.contract'
import type { Sort } from '@shared/domain/filter'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import type { DatabaseRow, Transaction } from '../../db/database'
import { type Asked, askedTable, checkText, shownColumns } from './asked-table'
import { type FoundRow, findSql, type Hit } from './find.sql'
import { foreign, pageOrder, queryHash } from './page-order'

export interface FindInput extends Asked {
  readonly sort?: readonly Sort[] | undefined
  readonly columns?: readonly string[] | undefined
  readonly text: string
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface FoundRecords {
  readonly hits: Hit[]
  readonly total: number
  readonly more: boolean
  readonly nextCursor: string | null
}

export async function findText(tx: Transaction, database: DatabaseRow, input: FindInput): Promise<FoundRecords> {
  const { text, limit, sort = [] } = input
  checkText(text)
  const at = await askedTable(tx, database, input.tableName)
  const filter = normaliseFilter(input.filters)
  const columns = shownColumns(at.table, input.columns)
  const asked = JSON.stringify([queryHash(at.table, filter, sort), text, columns.map(({ key }) => key)])
  const hash = createHash('sha256').update(asked).digest('base64url').slice(0, 16)
  const after = input.cursor === undefined ? -1 : positionOf(hash, input.cursor)
  const order = pageOrder(at.table, sort)
  const [found] = await tx.query<FoundRow>(findSql(at, { filter, order, columns, text, after, limit: limit + 1 }))
  const { hits = [], total = 0 } = found ?? {}
  const page = hits.slice(0, limit)
  const last = page.at(-1)
  return {
    hits: page,
    total: Math.min(total, findLimit),
    more: total > findLimit,
    nextCursor: last && hits.length > limit ? `${hash}.${last.position}` : null,
  }
}

function positionOf(hash: string, cursor: string): number {
  const [of, position = '', ...more] = cursor.split('.')
  if (of !== hash || more.length > 0 || !/^\d{1,9}$/.test(position)) throw foreign()
  return Number(position)
}
