import { statementName } from '../../db/prepared-statements'
import { identifier, inlined, join, type SqlQuery, sql } from '../../db/sql'
import { recordId } from '../tables/column.sql'
import { recordsSql } from './rest-embed.sql'
import type { Node } from './rest-node.sql'

export interface BodyRow {
  /** A JSON array, as text: it goes to the client as it is. */
  readonly body: string
  readonly count: number
  /** Of all that match; null when it was not asked for. */
  readonly total: number | null
}

/**
 * A page as one JSON text. Which records are on it is found first and their columns after, so that nothing is computed
 * for records that are only sorted or skipped. Rows are named with a star: a column of the same name would be meant.
 */
export function bodySql(
  node: Node,
  { isStripped, withTotal }: { readonly isStripped: boolean; readonly withTotal: boolean },
): SqlQuery {
  const records =
    node.groups === null
      ? sql`select ${listOf(node)} from (${chosenSql(node)}) ${identifier(node.row)}`
      : recordsSql(node)
  const all = sql`coalesce(json_agg(t.*), '[]'::json)`
  const total = withTotal ? totalSql(node) : sql`null::integer`
  return named(
    node,
    sql`select ${isStripped ? sql`json_strip_nulls(${all})` : all}::text as body, count(*)::integer as count, ${total} as total
      from (${records}) t`,
  )
}

/** The same of these records only, in the order of the list. */
export function bodyOfSql(node: Node, ids: readonly string[], isStripped: boolean): SqlQuery {
  const all = sql`coalesce(json_agg(t.record order by t.place), '[]'::json)`
  const id = recordId(node.table, node.row)
  return named(
    node,
    sql`select ${isStripped ? sql`json_strip_nulls(${all})` : all}::text as body, count(*)::integer as count, null::integer as total
      from (
        select row_to_json(r.*) as record, given.place from unnest(${ids}::uuid[]) with ordinality as given (id, place)
        join ${node.from} on ${id} = given.id
        cross join lateral (select ${listOf(node)}) r
        where ${join(node.conditions, ' and ')}
      ) t`,
  )
}

export function totalSql(node: Node): SqlQuery {
  return sql`(select count(*)::integer from ${node.from} where ${join(node.conditions, ' and ')})`
}

/** Counts up to `limit` and no further. */
export function countUpToSql(node: Node, limit: number): SqlQuery {
  return sql`select count(*)::integer as count from (
    select from ${node.from} where ${join(node.conditions, ' and ')} limit ${limit}) seen`
}

export function matchesSql(node: Node): SqlQuery {
  return sql`select ${recordId(node.table, node.row)} from ${node.from} where ${join(node.conditions, ' and ')}`
}

/** The whole rows of the page under the same name. */
export function chosenSql(node: Node): SqlQuery {
  const { order, limit, offset } = node
  return sql`select ${identifier(node.row)}.* from ${node.from} where ${join(node.conditions, ' and ')}
    ${order === null ? sql`` : sql`order by ${order}`} ${limit === null ? sql`` : limitSql(limit)}
    ${offset === 0 ? sql`` : sql`offset ${offset}`}`
}

/** As part of the text: what is planned for any limit is planned for a tenth of the table. */
function limitSql(limit: number): SqlQuery {
  return inlined(sql`limit ${limit}`)
}

function listOf(node: Node): SqlQuery {
  return join(
    node.outputs.map((output) => sql`${output.sql} as ${identifier(output.name)}`),
    ', ',
  )
}

/** Asked again, it need not be planned again: apps ask the same few questions with other values. */
export function named(node: Pick<Node, 'tables'>, { text, values }: SqlQuery): SqlQuery {
  if (!isFrequent(text)) return { text, values }
  const state = [...node.tables].map(({ storage, updated_at }) => (storage.tier === 'shared' ? '' : updated_at)).join()
  return { text, values, name: statementName(text, state) }
}

/** Texts that were seen lately; a connection keeps what it has prepared, so what is asked once is not worth it. */
const seen = new Map<string, number>()
const mostSeen = 2_000
const frequent = 3

function isFrequent(text: string): boolean {
  const times = (seen.get(text) ?? 0) + 1
  seen.delete(text)
  seen.set(text, times)
  const [oldest] = seen.keys()
  if (seen.size > mostSeen && oldest !== undefined) seen.delete(oldest)
  return times >= frequent
}
