import { writeArrayLiteral } from '@shared/domain/array-literal'

/**
 * SQL text with its parameters, as a frozen value. In the `sql` tag every `${}` is a parameter, except another
 * `SqlQuery`, which is spliced in. `identifier` and `join` are the only other ways text is made; there is no raw.
 */
export interface SqlQuery {
  readonly text: string
  readonly values: readonly unknown[]
  /** Of a statement that is worth preparing (see `prepared-statements.ts`). */
  readonly name?: string
}

interface Fragment {
  readonly strings: readonly string[]
  readonly parts: readonly unknown[]
}

export function sql(strings: TemplateStringsArray, ...parts: readonly unknown[]): SqlQuery {
  return build({ strings: [...strings], parts })
}

/** A quoted identifier. Names come from the catalogue or from constants, never from a request as they are. */
export function identifier(name: string): SqlQuery {
  if (name.length === 0 || name.includes('\0')) throw new Error('Not an identifier')
  return build({ strings: [`"${name.replaceAll('"', '""')}"`], parts: [] })
}

export function join(queries: readonly SqlQuery[], separator: ', ' | ' and ' | ' or ' | ' || ' | ' '): SqlQuery {
  if (queries.length === 0) return sql``
  return build({ strings: ['', ...queries.slice(1).map(() => separator), ''], parts: queries })
}

/**
 * The same text with every parameter written into it as a quoted literal, for the statements that take none: views and
 * function bodies. Text, lists of it, numbers, booleans and null only.
 */
export function inlined(query: SqlQuery): SqlQuery {
  const fragment = FragmentQuery.fragmentOf(query)
  if (!fragment) throw new Error('Not made by the sql tag')
  return build({ strings: [inlinedText(fragment)], parts: [] })
}

function inlinedText({ strings, parts }: Fragment): string {
  return strings.reduce((text, string, index) => text + inlinedPart(parts[index - 1]) + string)
}

function inlinedPart(part: unknown): string {
  const inner = FragmentQuery.fragmentOf(part)
  if (inner) return inlinedText(inner)
  if (part === null) return 'null'
  if (typeof part === 'number' && Number.isFinite(part)) return String(part)
  if (typeof part === 'boolean') return String(part)
  if (Array.isArray(part)) return inlinedPart(writeArrayLiteral(part.map((one: unknown) => textOrNull(one))))
  if (typeof part !== 'string' || part.includes('\0')) throw new Error('Not a literal')
  // standard_conforming_strings is on in every Postgres since 9.1: a backslash is a backslash.
  return `'${part.replaceAll("'", "''")}'`
}

function textOrNull(part: unknown): string | null {
  if (part !== null && typeof part !== 'string') throw new Error('Not a literal')
  return part
}

function build(fragment: Fragment): SqlQuery {
  return new FragmentQuery(fragment)
}

/** Its text is written when it is asked for: most queries are parts of others, and a view's function has hundreds. */
class FragmentQuery implements SqlQuery {
  readonly #fragment: Fragment
  #written: SqlQuery | undefined

  constructor(fragment: Fragment) {
    this.#fragment = fragment
    Object.freeze(this)
  }

  get text(): string {
    return this.#whole().text
  }

  get values(): readonly unknown[] {
    return this.#whole().values
  }

  #whole(): SqlQuery {
    if (this.#written === undefined) {
      const values: unknown[] = []
      this.#written = { text: write(this.#fragment, values), values: Object.freeze(values) }
    }
    return this.#written
  }

  /** Only what was made here has one: text of anybody else's can never pass as SQL. */
  static fragmentOf(value: unknown): Fragment | undefined {
    return typeof value === 'object' && value !== null && #fragment in value ? value.#fragment : undefined
  }
}

function write(fragment: Fragment, values: unknown[]): string {
  let text = fragment.strings[0] ?? ''
  fragment.parts.forEach((part, index) => {
    const inner = FragmentQuery.fragmentOf(part)
    text += inner ? write(inner, values) : `$${values.push(part)}`
    text += fragment.strings[index + 1] ?? ''
  })
  return text
}
