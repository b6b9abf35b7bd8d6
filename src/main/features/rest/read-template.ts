import type { SqlQuery } from '../../db/sql'
import { bound, slot } from '../records/statement'
import type { RestFilter } from './filter-grammar'
import type { RestCall } from './rest-call'
import { isLater, type Later } from './rest-later.sql'
import { compileQuery, type Node } from './rest-node.sql'
import { paged } from './rest-read.service'
import { named } from './rest-read.sql'
import { rowsSql, rowsWriter } from './rest-rows.sql'
import { type RestScope, tableAt } from './rest-scope'

/** A question of an address but for the values that columns are compared with. */
export interface AskedShape {
  readonly text: string
  readonly values: readonly string[]
}

/** What is made once for all calls of one shape. */
export interface ReadTemplate {
  readonly node: Node
  readonly write: ReturnType<typeof rowsWriter>
  /** A value that is none of its column throws as it always does. */
  readonly query: (values: readonly string[]) => SqlQuery
}

const simple = /^([A-Za-z_]\w*)=((?:eq|neq|gt|gte|lt|lte)\.)(.*)$/s
const words: ReadonlySet<string> = new Set([
  'select',
  'columns',
  'on_conflict',
  'order',
  'limit',
  'offset',
  'and',
  'or',
])

/** Null where an address is not written the plain way. */
export function shapeOf(search: string): AskedShape | null {
  let text = ''
  const values: string[] = []
  for (const part of search.split('&')) {
    if (part.startsWith('apikey=')) continue
    const [, name = '', op = '', value = ''] = simple.exec(part) ?? []
    if (name === '' || words.has(name)) {
      text += `&${part}`
      continue
    }
    const read = decoded(value)
    if (read === null) return null
    text += `&${name}=${op}`
    values.push(read)
  }
  return { text, values }
}

/** Null where the text of the statement depends on the values. */
export function makeTemplate(scope: RestScope, call: RestCall, values: readonly string[]): ReadTemplate | null {
  const later = laterOf(call.query.root.filters, values)
  if (later === null) return null
  const node = paged(compileQuery(scope, tableAt(scope, call.tableName), call.query, later), call)
  if (node.groups !== null || later.readers.size !== values.length) return null
  const statement = rowsSql(node)
  let prepared: SqlQuery | null = null
  return {
    node,
    write: rowsWriter(node),
    query(given) {
      const query = prepared ?? named(node, statement)
      if (query.name !== undefined) prepared = query
      return bound(query, valuesFor(later, given))
    },
  }
}

/** A slot for each of the values; null when they are not what the filters compare with. */
export function laterOf(filters: readonly RestFilter[], values: readonly string[]): Later | null {
  const simple = filters.filter((filter) => comparedWith(filter) !== null)
  const isSame = simple.length === values.length && simple.every((one, at) => comparedWith(one) === values[at])
  return isSame ? { slots: new Map(simple.map((one, at) => [one, slot(`v${at}`)])), readers: new Map() } : null
}

/** Throws what is no value of its column. */
export function valuesFor({ readers }: Later, given: readonly string[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const [at, text] of given.entries()) {
    const read = readers.get(`v${at}`)
    if (read) values[`v${at}`] = read(text)
  }
  return values
}

function comparedWith(filter: RestFilter): string | null {
  if (filter.kind !== 'condition' || filter.isNegated || filter.field.path.length > 0) return null
  const { operation } = filter
  return isLater(operation) ? operation.value : null
}

function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '))
  } catch {
    return null
  }
}

/** Shapes of one project in memory; the oldest goes first. */
const mostShapes = 500

const templates = new WeakMap<object, Map<string, ReadTemplate | null>>()

/**
 * The template of the call's shape, made when it is first met; null where there is none. They belong to the project as it
 * was read: another one, and the same with other rules or tables, is another object.
 */
export function templateOf(
  project: object,
  scope: RestScope,
  call: RestCall,
): { readonly template: ReadTemplate | null; readonly values: readonly string[] } {
  const { search, accept, prefer, range, caller, tableName } = call
  const shape = search === undefined || accept.isStripped || prefer.count !== null ? null : shapeOf(search)
  if (shape === null) return { template: null, values: [] }
  const { values } = shape
  const own = caller.scopes === null ? '' : JSON.stringify(caller.scopes)
  const pages = range === null ? '' : `${range.offset}-${range.limit}`
  const key = `${caller.role}\n${caller.userId}\n${own}\n${pages}\n${tableName}\n${shape.text}`
  const known = templates.get(project) ?? new Map<string, ReadTemplate | null>()
  templates.set(project, known)
  const found = known.get(key)
  if (found !== undefined) return { template: found, values }
  const template = makeTemplate(scope, call, values)
  known.set(key, template)
  const [oldest] = known.keys()
  if (known.size > mostShapes && oldest !== undefined) known.delete(oldest)
  return { template, values }
}
