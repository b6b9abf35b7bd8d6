import { parseError } from './rest-error'
import { Scanner } from './scanner'
import { type FieldRef, parsePath } from './select-grammar'

export const comparisons = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'like', 'ilike', 'match', 'imatch'] as const
export type Comparison = (typeof comparisons)[number]
export const searches = ['fts', 'plfts', 'phfts', 'wfts'] as const
export type Search = (typeof searches)[number]
const others = ['isdistinct', 'cs', 'cd', 'ov', 'sl', 'sr', 'nxl', 'nxr', 'adj'] as const
export type OtherOperator = (typeof others)[number]

export const isWords = ['null', 'not_null', 'true', 'false', 'unknown'] as const
export type IsWord = (typeof isWords)[number]

/** What is asked of a field. */
export type Operation =
  | { readonly op: Comparison; readonly value: string; readonly quantifier: null }
  | { readonly op: Comparison; readonly values: readonly string[]; readonly quantifier: 'any' | 'all' }
  | { readonly op: 'in'; readonly values: readonly string[] }
  | { readonly op: 'is'; readonly word: IsWord }
  | { readonly op: Search; readonly value: string; readonly language: string | null }
  | { readonly op: OtherOperator; readonly value: string }

export interface RestCondition {
  readonly field: FieldRef
  readonly isNegated: boolean
  readonly operation: Operation
}

export type RestFilter =
  | { readonly kind: 'and' | 'or'; readonly isNegated: boolean; readonly parts: readonly RestFilter[] }
  | ({ readonly kind: 'condition' } & RestCondition)

const deepest = 20
const mostConditions = 500

/** The name of a parameter behind its embeds: a column, or a path into one. */
export function parseField(text: string): FieldRef {
  const scanner = new Scanner(text)
  const name = scanner.name('')
  const path = parsePath(scanner)
  if (!scanner.isEnd) throw scanner.unexpected('this is not expected here')
  return { name, path }
}

/** `not.in.(1,2)` as the value of a parameter: everything behind the operator is the value. */
export function parseCondition(field: FieldRef, text: string): RestFilter {
  const isNegated = text.startsWith('not.')
  const rest = isNegated ? text.slice('not.'.length) : text
  const dot = rest.indexOf('.')
  if (dot < 0)
    throw parseError(`"failed to parse filter (${text.slice(0, 200)})"`, 'An operator and a dot are missing.')
  const head = rest.slice(0, dot)
  return { kind: 'condition', field, isNegated, operation: operation(head, rest.slice(dot + 1), text) }
}

/** `(a.eq.1,and(b.gt.2,c.is.null))` */
export function parseLogic(kind: 'and' | 'or', isNegated: boolean, text: string): RestFilter {
  const scanner = new Scanner(text.trim())
  const counter = { conditions: 0 }
  const tree = parseTree(scanner, kind, isNegated, 0, counter)
  if (!scanner.isEnd) throw scanner.unexpected('this is not expected here')
  return tree
}

function parseTree(
  scanner: Scanner,
  kind: 'and' | 'or',
  isNegated: boolean,
  depth: number,
  counter: { conditions: number },
): RestFilter {
  if (depth > deepest) throw parseError(`Conditions are nested at most ${deepest} levels deep.`)
  scanner.need('(')
  const parts: RestFilter[] = []
  do {
    scanner.skipSpaces()
    parts.push(parsePart(scanner, depth, counter))
    scanner.skipSpaces()
  } while (scanner.take(','))
  scanner.need(')')
  return { kind, isNegated, parts }
}

function parsePart(scanner: Scanner, depth: number, counter: { conditions: number }): RestFilter {
  for (const not of ['not.', ''])
    for (const kind of ['and', 'or'] as const)
      if (scanner.peek(`${not}${kind}(`)) {
        scanner.take(`${not}${kind}`)
        return parseTree(scanner, kind, not !== '', depth + 1, counter)
      }
  counter.conditions += 1
  if (counter.conditions > mostConditions) throw parseError(`A filter has at most ${mostConditions} conditions.`)
  const name = scanner.name(',().')
  const path = parsePath(scanner)
  scanner.need('.')
  const isNegated = scanner.take('not.')
  const head = scanner.until('.,)(') + (scanner.peek('(') ? parenthesised(scanner) : '')
  scanner.need('.')
  const value = head === 'in' ? parenthesised(scanner) : treeValue(scanner)
  return { kind: 'condition', field: { name, path }, isNegated, operation: operation(head, value, scanner.text) }
}

/** With its parentheses, and whatever is quoted in them. */
function parenthesised(scanner: Scanner): string {
  const from = scanner.at
  scanner.need('(')
  while (!scanner.isEnd && !scanner.peek(')')) {
    const before = scanner.text[scanner.at - 1]
    if (scanner.peek('"') && (before === '(' || before === ',')) scanner.quoted()
    else scanner.at++
  }
  scanner.need(')')
  return scanner.text.slice(from, scanner.at)
}

/** In a tree a value ends at a comma or a parenthesis, unless it is quoted, an array or an object. */
function treeValue(scanner: Scanner): string {
  if (scanner.peek('"')) return scanner.quoted()
  if (!scanner.peek('{') && !scanner.peek('[')) return scanner.until(',)')
  const from = scanner.at
  let level = 0
  do {
    if (scanner.peek('"')) {
      scanner.quoted()
      continue
    }
    if (scanner.peek('{') || scanner.peek('[')) level++
    if (scanner.peek('}') || scanner.peek(']')) level--
    scanner.at++
  } while (level > 0 && !scanner.isEnd)
  return scanner.text.slice(from, scanner.at)
}

function operation(head: string, value: string, text: string): Operation {
  const match = /^(\w+)(?:\(([\w-]+)\))?$/.exec(head)
  const [, op = '', argument = null] = match ?? []
  const quantifier = argument === 'any' || argument === 'all' ? argument : null
  const comparison = comparisons.find((one) => one === op)
  if (comparison && argument === null) return { op: comparison, value, quantifier: null }
  if (comparison && quantifier && comparison !== 'neq') return { op: comparison, values: braced(value), quantifier }
  const search = searches.find((one) => one === op)
  if (search) return { op: search, value, language: argument }
  const other = argument === null ? others.find((one) => one === op) : undefined
  if (other) return { op: other, value }
  if (op === 'in' && argument === null) return { op: 'in', values: listed(value) }
  const word = isWords.find((one) => one === value.toLowerCase())
  if (op === 'is' && argument === null && word) return { op: 'is', word }
  throw parseError(
    `"failed to parse filter (${text.slice(0, 200)})"`,
    op === 'is' ? `"is" takes ${isWords.join(', ')}.` : `There is no operator "${head.slice(0, 50)}".`,
  )
}

/** `{a,"b,c"}` */
function braced(text: string): readonly string[] {
  if (!text.startsWith('{') || !text.endsWith('}')) throw parseError('A list for any or all is written {a,b}.')
  return elements(text.slice(1, -1))
}

/** `(1,"a,b",c"d)`: clients quote what holds a comma or a parenthesis, and leave other quotes as they are. */
function listed(text: string): readonly string[] {
  if (!text.startsWith('(') || !text.endsWith(')')) throw parseError('The list of "in" is written (a,b).')
  return elements(text.slice(1, -1))
}

function elements(text: string): readonly string[] {
  if (text === '') return []
  const found: string[] = []
  for (let at = 0; at <= text.length; ) {
    const quoted = text[at] === '"' ? quotedElement(text, at) : null
    if (quoted) {
      found.push(quoted.value)
      at = quoted.end + 1
      continue
    }
    const comma = text.indexOf(',', at)
    const end = comma < 0 ? text.length : comma
    found.push(text.slice(at, end))
    at = end + 1
  }
  return found
}

/** Null when the quote is none: nothing but a comma or the end may follow the closing one. */
function quotedElement(text: string, from: number): { readonly value: string; readonly end: number } | null {
  let value = ''
  for (let at = from + 1; at < text.length; at++) {
    const character = text[at] ?? ''
    if (character === '\\' && at + 1 < text.length) value += text[++at] ?? ''
    else if (character === '"' && (at + 1 === text.length || text[at + 1] === ',')) return { value, end: at + 1 }
    else value += character
  }
  return null
}
