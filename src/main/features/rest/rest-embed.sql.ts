import { identifier, inlined, join, type SqlQuery, sql } from '../../db/sql'
import { permitted } from '../rules/access'
import { ownRecords, recordsOf, storedValue } from '../tables/column.sql'
import type { Link, Relation } from './relations'
import type { Compiling, Embedded, Node, Output } from './rest-node.sql'
import { permissionOf } from './rest-scope'

/** Records of an embed, like those of a page. */
export const pageLimit = 1000

export function joinSql(
  { scope, names }: Compiling,
  relation: Relation,
  outer: string,
  row: string,
): { readonly from: SqlQuery; readonly conditions: readonly SqlQuery[] } {
  const { other } = relation
  switch (relation.kind) {
    case 'to':
      return { from: recordsOf(other, row), conditions: [sameSql(relation.link, outer, row)] }
    case 'from':
      return { from: recordsOf(other, row), conditions: [sameSql(relation.link, row, outer)] }
    case 'through': {
      const between = relation.here.table
      const name = `j${row}`
      names.tables.add(between)
      return {
        from: sql`${recordsOf(other, row)} cross join ${recordsOf(between, name)}`,
        conditions: [
          ownRecords(scope.projectId, between, name),
          permitted(permissionOf(scope, between, 'select'), name),
          sameSql(relation.here, name, outer),
          sameSql(relation.there, name, row),
        ],
      }
    }
  }
}

function sameSql({ table, column, target, key }: Link, from: string, to: string): SqlQuery {
  return inlined(sql`${storedValue(target, key, to)} = ${storedValue(table, column, from)}`)
}

export function existsSql(node: Node): SqlQuery {
  return sql`exists (select from ${node.from} where ${join(node.conditions, ' and ')})`
}

/** Of each record its columns; with aggregates, of each group. Sorted and cut. */
export function recordsSql(node: Node, limit: number | null = node.limit): SqlQuery {
  const list = join(
    node.outputs.map((output) => sql`${output.sql} as ${identifier(output.name)}`),
    ', ',
  )
  const groups =
    node.groups === null || node.groups.length === 0
      ? sql``
      : sql`group by ${join(
          node.groups.map((position) => inlined(sql`${position}`)),
          ', ',
        )}`
  return sql`select ${list} from ${node.from} where ${join(node.conditions, ' and ')} ${groups}
    ${node.order === null ? sql`` : sql`order by ${node.order}`} ${limit === null ? sql`` : sql`limit ${limit}`}
    ${node.offset === 0 ? sql`` : sql`offset ${node.offset}`}`
}

export function embedOutputs({ embed, name, relation, node }: Embedded): readonly Output[] {
  // Of many records the values of each column are a list, as in PostgREST 13.
  if (embed.isSpread)
    return node.outputs.map((output) => ({
      name: output.name,
      sql: relation.isOne
        ? sql`(select ${output.sql} from ${node.from} where ${join(node.conditions, ' and ')} limit 1)`
        : sql`(select coalesce(json_agg(x.${identifier(output.name)}), '[]'::json)
            from (${recordsSql(node, Math.min(node.limit ?? pageLimit, pageLimit))}) x)`,
    }))
  if (node.outputs.length === 0) return []
  const limit = Math.min(relation.isOne && node.groups === null ? 1 : pageLimit, node.limit ?? pageLimit)
  const records = recordsSql(node, limit)
  const value = relation.isOne
    ? sql`(select row_to_json(x.*) from (${records}) x)`
    : sql`(select coalesce(json_agg(x.*), '[]'::json) from (${records}) x)`
  return [{ name, sql: value }]
}
