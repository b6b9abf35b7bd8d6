import { parseError } from './rest-error'
import { Scanner } from './scanner'

/** `->` gives JSON, `->>` text. */
export interface PathStep {
  readonly key: string
  readonly asText: boolean
}

/** A column, or a path into a jsonb one. */
export interface FieldRef {
  readonly name: string
  readonly path: readonly PathStep[]
}

export const aggregates = ['count', 'sum', 'avg', 'min', 'max'] as const
export type Aggregate = (typeof aggregates)[number]

export interface SelectField extends FieldRef {
  readonly kind: 'field'
  readonly alias: string | null
  /** Before the aggregate. */
  readonly cast: string | null
  readonly aggregate: Aggregate | null
  readonly aggregateCast: string | null
}

export interface SelectEmbed {
  readonly kind: 'embed'
  readonly relation: string
  readonly alias: string | null
  readonly hint: string | null
  readonly isInner: boolean
  /** `...`: the columns are those of the record itself. */
  readonly isSpread: boolean
  readonly items: readonly SelectItem[]
}

export type SelectItem = { readonly kind: 'all' } | SelectField | SelectEmbed

/** Levels of embeds in each other. */
const deepest = 8
const mostItems = 500

/** `a,alias:b::text,data->>k,rel!hint!inner(x,y),...other(z),count()` */
export function parseSelect(text: string): readonly SelectItem[] {
  const scanner = new Scanner(text)
  const items = parseItems(scanner, 0)
  if (!scanner.isEnd) throw scanner.unexpected('this is not expected here')
  return items
}

function parseItems(scanner: Scanner, depth: number): readonly SelectItem[] {
  if (depth > deepest) throw parseError(`Relations are embedded at most ${deepest} levels deep.`)
  const items: SelectItem[] = []
  scanner.skipSpaces()
  if (scanner.isEnd || scanner.peek(')')) return items
  do {
    scanner.skipSpaces()
    items.push(parseItem(scanner, depth))
    if (items.length > mostItems) throw parseError(`At most ${mostItems} columns are selected.`)
    scanner.skipSpaces()
  } while (scanner.take(','))
  return items
}

const nameEnds = ',():!.'

function parseItem(scanner: Scanner, depth: number): SelectItem {
  const isSpread = scanner.take('...')
  if (!isSpread && scanner.take('*')) return { kind: 'all' }
  let alias: string | null = null
  let name = scanner.name(nameEnds)
  if (!scanner.peek('::') && scanner.take(':')) {
    alias = name
    scanner.skipSpaces()
    name = scanner.name(nameEnds)
  }
  if (name === 'count' && scanner.take('()'))
    return field({ name: '', path: [], alias, aggregate: 'count', aggregateCast: parseCast(scanner) })
  if (scanner.peek('(') || scanner.peek('!')) return parseEmbed(scanner, depth, { alias, relation: name, isSpread })
  if (isSpread) throw scanner.unexpected('only a relation can be spread')
  const path = parsePath(scanner)
  const cast = parseCast(scanner)
  if (!scanner.take('.')) return field({ name, path, alias, cast })
  const aggregate = aggregates.find((one) => scanner.take(`${one}()`))
  if (aggregate === undefined)
    throw scanner.unexpected(`only ${aggregates.map((one) => `${one}()`).join(', ')} stand here`)
  return field({ name, path, alias, cast, aggregate, aggregateCast: parseCast(scanner) })
}

function field(given: Partial<SelectField> & FieldRef): SelectField {
  return { kind: 'field', alias: null, cast: null, aggregate: null, aggregateCast: null, ...given }
}

function parseEmbed(
  scanner: Scanner,
  depth: number,
  head: Pick<SelectEmbed, 'alias' | 'relation' | 'isSpread'>,
): SelectEmbed {
  let hint: string | null = null
  let isInner = false
  while (scanner.take('!')) {
    const word = scanner.name(nameEnds)
    if (word === 'inner') isInner = true
    else if (word !== 'left') hint = word
  }
  scanner.need('(')
  const items = parseItems(scanner, depth + 1)
  scanner.need(')')
  return { kind: 'embed', ...head, hint, isInner, items }
}

/** `->a->0->>b` */
export function parsePath(scanner: Scanner): readonly PathStep[] {
  const steps: PathStep[] = []
  while (scanner.peek('->')) {
    scanner.at += 2
    const asText = scanner.take('>')
    steps.push({ key: scanner.name(',():!.'), asText })
  }
  if (steps.slice(0, -1).some(({ asText }) => asText)) throw scanner.unexpected('text has no members; use "->" before')
  return steps
}

function parseCast(scanner: Scanner): string | null {
  return scanner.take('::') ? scanner.name(',().!') : null
}
