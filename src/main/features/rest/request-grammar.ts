import { parseCondition, parseField, parseLogic, type RestFilter } from './filter-grammar'
import { parseError, RestError } from './rest-error'
import { Scanner } from './scanner'
import { type FieldRef, parsePath, parseSelect, type SelectItem } from './select-grammar'

export interface OrderTerm {
  /** An embedded record's column, `rel(column)`; null for a column of the record itself. */
  readonly relation: string | null
  readonly field: FieldRef
  readonly direction: 'asc' | 'desc'
  readonly nulls: 'first' | 'last'
}

/** What the address says about one table: the one asked for, or an embedded one. */
export interface Level {
  readonly filters: RestFilter[]
  order: readonly OrderTerm[]
  limit: number | null
  offset: number
}

export interface RestQuery {
  readonly select: readonly SelectItem[]
  readonly root: Level
  /** By the names of embeds on the way, joined by dots. */
  readonly embedded: ReadonlyMap<string, Level>
  readonly columns: readonly string[] | null
  readonly onConflict: readonly string[] | null
}

const mostParameters = 500

/** Reads every parameter of the address; one that nobody knows is a filter on a column of that name. */
export function parseQuery(search: string): RestQuery {
  const parameters = new URLSearchParams(search)
  if (parameters.size > mostParameters) throw parseError(`An address has at most ${mostParameters} parameters.`)
  let select: readonly SelectItem[] = [{ kind: 'all' }]
  let columns: readonly string[] | null = null
  let onConflict: readonly string[] | null = null
  const root = level()
  const embedded = new Map<string, Level>()
  const at = (path: readonly string[]): Level => {
    if (path.length === 0) return root
    const name = path.join('.')
    const known = embedded.get(name) ?? level()
    embedded.set(name, known)
    return known
  }
  for (const [key, value] of parameters) {
    if (key === 'select') select = parseSelect(value)
    else if (key === 'columns') columns = parseNames(value)
    else if (key === 'on_conflict') onConflict = parseNames(value)
    else if (key !== 'apikey') readParameter(at, key, value)
  }
  return { select, root, embedded, columns, onConflict }
}

function readParameter(at: (path: readonly string[]) => Level, key: string, value: string): void {
  const { path, last } = splitKey(key)
  const where = at(path)
  switch (last) {
    case 'order':
      where.order = parseOrder(value)
      return
    case 'limit':
      where.limit = parseNumber('limit', value)
      return
    case 'offset':
      where.offset = parseNumber('offset', value)
      return
    case 'and':
    case 'or':
      where.filters.push(parseLogic(last, false, value))
      return
    case 'not.and':
    case 'not.or':
      where.filters.push(parseLogic(last === 'not.and' ? 'and' : 'or', true, value))
      return
    default:
      where.filters.push(parseCondition(parseField(last), value))
  }
}

/** `a.b.name->>x` is the field `name->>x` of the embed `a.b`; dots behind an arrow are part of a key. */
function splitKey(key: string): { readonly path: readonly string[]; readonly last: string } {
  const arrow = key.indexOf('->')
  const head = arrow < 0 ? key : key.slice(0, arrow)
  const parts = splitOutsideQuotes(head)
  const count = parts.at(-2) === 'not' && (parts.at(-1) === 'and' || parts.at(-1) === 'or') ? 2 : 1
  const path = parts.slice(0, -count)
  if (parts.length > 12 || path.includes('')) throw parseError(`"${key.slice(0, 200)}" is not a name of a column.`)
  return { path, last: parts.slice(-count).join('.') + (arrow < 0 ? '' : key.slice(arrow)) }
}

function splitOutsideQuotes(text: string): string[] {
  if (!text.includes('"')) return text.split('.')
  return [...text.matchAll(/(?:"(?:[^"\\]|\\.)*"|[^."])+/g)].map(([part]) => part)
}

/** `"a","b"` or `a,b` */
function parseNames(text: string): readonly string[] {
  if (text.trim() === '') return []
  const scanner = new Scanner(text)
  const names: string[] = []
  do {
    scanner.skipSpaces()
    names.push(scanner.peek('"') ? scanner.quoted() : scanner.until(',').trim())
    scanner.skipSpaces()
  } while (scanner.take(','))
  if (!scanner.isEnd) throw scanner.unexpected('this is not expected here')
  return names
}

/** `a.desc.nullslast,data->>k,rel(b).asc` */
function parseOrder(text: string): readonly OrderTerm[] {
  const scanner = new Scanner(text)
  const terms: OrderTerm[] = []
  do {
    scanner.skipSpaces()
    terms.push(parseTerm(scanner))
    scanner.skipSpaces()
  } while (scanner.take(','))
  if (!scanner.isEnd) throw scanner.unexpected('this is not expected here')
  if (terms.length > 20) throw parseError('Records are sorted by at most 20 columns.')
  return terms
}

function parseTerm(scanner: Scanner): OrderTerm {
  const name = scanner.name(',().')
  const relation = scanner.take('(') ? name : null
  const inner = relation === null ? name : scanner.name(',().')
  const path = parsePath(scanner)
  if (relation !== null) scanner.need(')')
  let direction: 'asc' | 'desc' = 'asc'
  let nulls: 'first' | 'last' | null = null
  while (scanner.take('.')) {
    const word = scanner.until('.,')
    if (word === 'asc' || word === 'desc') direction = word
    else if (word === 'nullsfirst') nulls = 'first'
    else if (word === 'nullslast') nulls = 'last'
    else throw scanner.unexpected('only asc, desc, nullsfirst and nullslast stand here')
  }
  return { relation, field: { name: inner, path }, direction, nulls: nulls ?? (direction === 'asc' ? 'last' : 'first') }
}

function parseNumber(name: string, value: string): number {
  if (name === 'limit' && /^-\d{1,9}$/.test(value))
    throw unsatisfiable('Limit should be greater than or equal to zero.')
  if (!/^\d{1,9}$/.test(value))
    throw parseError(`"${name}" is a whole number, and ${JSON.stringify(value.slice(0, 50))} is none.`)
  return Number(value)
}

function level(): Level {
  return { filters: [], order: [], limit: null, offset: 0 }
}

/** The header `Range: 0-9`; what it says counts only where the address says nothing. */
export function parseRange(
  header: string | undefined,
): { readonly offset: number; readonly limit: number | null } | null {
  const match = /^(?:items=)?(\d{1,9})-(\d{1,9})?$/.exec(header?.trim() ?? '')
  if (!match) return null
  const from = Number(match[1])
  if (match[2] === undefined) return { offset: from, limit: null }
  if (Number(match[2]) < from)
    throw unsatisfiable('The lower boundary must be lower than or equal to the upper boundary in the Range header.')
  return { offset: from, limit: Number(match[2]) - from + 1 }
}

/** `total` of the records there are, where that is known. */
export function unsatisfiable(details: string, total?: number): RestError {
  const headers: Record<string, string> = total === undefined ? {} : { 'content-range': `*/${total}` }
  return new RestError(416, 'PGRST103', 'Requested range not satisfiable', { details, headers })
}
