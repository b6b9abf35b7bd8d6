import { type ColumnSchema, namePattern, type OnDelete } from '../table-schema'
import { DbmlProblem, type DbmlToken } from './dbml-tokens'

export interface TextNote {
  readonly line: number
  readonly sentence: string
}

/** An index that is no rule. */
export interface TextIndex {
  readonly table: string
  readonly columns: readonly string[]
  readonly line: number
}

export interface DraftTable {
  readonly name: string
  readonly at: DbmlToken
  columns: readonly ColumnSchema[]
  unique: readonly (readonly string[])[]
  comment: string | undefined
}

export interface Endpoint {
  readonly table: string
  readonly columns: readonly string[]
  readonly at: DbmlToken
}

export interface DraftReference {
  readonly from: Endpoint
  readonly sign: string
  readonly to: Endpoint
  readonly onDelete: OnDelete | undefined
}

/** The tokens of a text one by one, and what was understood of it so far. */
export class Reader {
  readonly tables: DraftTable[] = []
  readonly references: DraftReference[] = []
  readonly aliases = new Map<string, string>()
  readonly enums = new Set<string>()
  readonly notes: TextNote[] = []
  readonly indexes: TextIndex[] = []
  readonly lines = new Map<string, number>()
  readonly #tokens: readonly DbmlToken[]
  #at = 0

  constructor(tokens: readonly DbmlToken[]) {
    this.#tokens = tokens
  }

  peek(ahead = 0): DbmlToken {
    const token = this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]
    if (!token) throw new Error('There is always an end')
    return token
  }

  next(): DbmlToken {
    const token = this.peek()
    if (token.kind !== 'end') this.#at++
    return token
  }

  isSign(value: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return token.kind === 'sign' && token.value === value
  }

  /** Takes the sign when it is next. */
  takes(value: string): boolean {
    if (!this.isSign(value)) return false
    this.next()
    return true
  }

  expect(value: string, where: string): DbmlToken {
    const token = this.next()
    if (token.kind !== 'sign' || token.value !== value)
      throw new DbmlProblem(`A "${value}" is missing ${where}${found(token)}.`, token)
    return token
  }

  name(what: string): DbmlToken {
    const token = this.next()
    if (token.kind !== 'word' && token.kind !== 'quoted')
      throw new DbmlProblem(`The name of ${what} is missing${found(token)}.`, token)
    return token
  }

  note({ line }: DbmlToken, sentence: string): void {
    if (!this.notes.some((note) => note.sentence === sentence)) this.notes.push({ line, sentence })
  }
}

export function found(token: DbmlToken): string {
  return token.kind === 'end' ? ', and the text ends' : `, here is "${token.value.slice(0, 30)}"`
}

/** `schema.table.column`, or `schema.table.(` with the bracket left. */
export function readPath(reader: Reader, what: string): readonly DbmlToken[] {
  const path = [reader.name(what)]
  while (reader.takes('.')) {
    if (reader.isSign('(')) break
    path.push(reader.name(what))
  }
  return path
}

export function skipBlock(reader: Reader): void {
  const open = reader.expect('{', 'here')
  for (let depth = 1; depth > 0; ) {
    const token = reader.next()
    if (token.kind === 'end') throw new DbmlProblem('The "}" of this is missing.', open)
    if (token.kind === 'sign' && token.value === '{') depth++
    if (token.kind === 'sign' && token.value === '}') depth--
  }
}

export function fittingName(reader: Reader, token: DbmlToken, kind: 'table' | 'column'): string {
  if (namePattern.test(token.value)) return token.value
  const plain = token.value
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .slice(0, 63)
  const name = namePattern.test(plain) ? plain : `${kind}_${plain}`.slice(0, 63)
  if (!namePattern.test(name)) throw new DbmlProblem(`"${token.value}" cannot be the name of a ${kind}.`, token)
  reader.note(
    token,
    `"${token.value}" is called "${name}": names are in lower case here, of letters, digits and underscores.`,
  )
  return name
}
