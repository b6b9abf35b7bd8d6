import { slot } from '../records/statement'
import type { RestFilter } from './filter-grammar'
import type { RestCall } from './rest-call'
import { isLater, type Later } from './rest-later.sql'

/** A question of an address but for the values that columns are compared with. */
export interface AskedShape {
  readonly text: string
  readonly values: readonly string[]
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

/** Templates of one project in memory; the oldest goes first. */
const mostTemplates = 500

/**
 * What is made once for all calls of the same shape by callers of the same rights. It belongs to the project as it was
 * read: another one, and the same with other rules or tables, is another object.
 */
export class Templates<T> {
  readonly #byProject = new WeakMap<object, Map<string, T>>()

  of(project: object, { caller, tableName }: RestCall, shape: string, make: () => T): T {
    const own = caller.scopes === null ? '' : JSON.stringify(caller.scopes)
    const key = `${caller.role}\n${caller.userId}\n${own}\n${tableName}\n${shape}`
    const known = this.#byProject.get(project) ?? new Map<string, T>()
    this.#byProject.set(project, known)
    const found = known.get(key)
    if (found !== undefined) return found
    const made = make()
    known.set(key, made)
    const [oldest] = known.keys()
    if (known.size > mostTemplates && oldest !== undefined) known.delete(oldest)
    return made
  }
}
