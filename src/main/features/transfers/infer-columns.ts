import { parseValue } from '@shared/domain/coerce-value'
import { type BaseType, type ColumnType, formatColumnType } from '@shared/domain/column-type'
import { namePattern } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'

export interface InferredColumn {
  /** What the file calls it. */
  readonly source: string
  /** A name that a column can have. */
  readonly name: string
  readonly type: string
  readonly empty: number
  /** Every value is there once. */
  readonly unique: boolean
  readonly examples: readonly string[]
}

/** From the narrowest; a column gets the first that reads all of its values. */
const candidates: readonly BaseType[] = [
  'boolean',
  'integer',
  'bigint',
  'numeric',
  'uuid',
  'date',
  'timestamptz',
  'time',
  'jsonb',
]

const mostExamples = 5

/** What the columns of these rows seem to be. `rows` is a sample of the file. */
export function inferColumns(
  columns: readonly string[],
  rows: readonly (readonly JsonValue[])[],
): readonly InferredColumn[] {
  const names = columnNames(columns)
  return columns.map((source, at) => {
    const values = rows.map((row) => row[at] ?? null)
    const filled = values.filter((value) => value !== null && value !== '')
    const texts = filled.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    const distinct = new Set(texts)
    return {
      source,
      name: names[at] ?? `column_${at + 1}`,
      type: formatColumnType(typeOf(filled)),
      empty: values.length - filled.length,
      unique: filled.length > 1 && distinct.size === filled.length,
      examples: [...distinct].slice(0, mostExamples).map((text) => text.slice(0, 200)),
    }
  })
}

/** What a column may be, value by value. */
export class TypeGuess {
  #left = candidates
  #count = 0

  /** How many had a value. */
  get count(): number {
    return this.#count
  }

  see(value: JsonValue): void {
    if (value === null || value === '') return
    this.#count += 1
    if (this.#left.length > 0 && !this.#left.every((base) => isOf(base, value)))
      this.#left = this.#left.filter((base) => isOf(base, value))
  }

  get type(): ColumnType {
    const [narrowest] = this.#left
    return { base: this.#count === 0 || narrowest === undefined ? 'text' : narrowest, array: false }
  }
}

function typeOf(values: readonly JsonValue[]): ColumnType {
  const guess = new TypeGuess()
  for (const value of values) guess.see(value)
  return guess.type
}

function isOf(base: BaseType, value: JsonValue): boolean {
  if (typeof value === 'object') return base === 'jsonb'
  if (typeof value === 'boolean') return base === 'boolean'
  const text = String(value)
  switch (base) {
    case 'boolean':
      return typeof value === 'string' && /^(true|false|yes|no)$/i.test(text)
    case 'integer':
    case 'bigint':
    case 'numeric':
      // What begins with a zero is a code, not a number: 007 and 01234 must stay what they are.
      if (/^[+-]?0\d/.test(text) || text.startsWith('+')) return false
      return /^-?(\d+|\d*\.\d+|\d+\.\d*)$/.test(text) && fits(base, text)
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(text) && fits(base, text)
    case 'timestamptz':
      return /^\d{4}-\d\d-\d\d([T ]\d|$)/.test(text) && fits(base, text)
    case 'time':
      return /^\d\d:\d\d(:\d\d)?/.test(text) && fits(base, text)
    case 'uuid':
      return text.length >= 32 && fits(base, text)
    case 'jsonb':
      return typeof value === 'string' && /^[[{]/.test(text) && fits(base, text)
    default:
      return false
  }
}

function fits(base: BaseType, text: string): boolean {
  return parseValue({ base, array: false }, text).ok
}

/** Names that columns can have, each once: `First Name` is first_name, a second one first_name_2. */
export function columnNames(sources: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return sources.map((source, at) => {
    const plain = toName(source) ?? `column_${at + 1}`
    for (let n = 1; ; n++) {
      const name = n === 1 ? plain : `${plain.slice(0, 58)}_${n}`
      if (taken.has(name)) continue
      taken.add(name)
      return name
    }
  })
}

/** `OrderDetails` is order_details, `Größe (cm)` is grosse_cm; null where nothing is left. */
export function toName(text: string): string | null {
  const plain = text
    .replace(/ß/g, 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '_')
    .replace(/^_+|_+$/g, '')
  if (plain === '') return null
  const lettered = /^\d/.test(plain) ? `n_${plain}` : plain
  const name = lettered.slice(0, 63).replace(/_+$/, '')
  return namePattern.test(name) ? name : null
}
