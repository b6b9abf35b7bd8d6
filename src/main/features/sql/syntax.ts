/**
 * Postgres' syntax tree as its parser gives it: an object with one member named by the node's kind. `location` counts
 * bytes, and is left out at 0.
 */
export type Node = { readonly [kind: string]: unknown }

export interface ParsedStatement {
  readonly kind: string
  readonly body: Node
  /** In UTF-16 units of the whole text, without the semicolon. */
  readonly start: number
  readonly end: number
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function nodes(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : []
}

/** The body of a node that wraps one of this kind. */
export function as(kind: string, value: unknown): Node | null {
  if (!isNode(value)) return null
  const body = value[kind]
  return isNode(body) ? body : null
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The names of `a.b.c`; null for a star. */
export function names(value: unknown): readonly (string | null)[] {
  return nodes(value).map((node) => {
    const part = as('String', node)
    return part === null ? null : text(part.sval)
  })
}

export interface Visit {
  readonly kind: string
  readonly body: Node
  /** From the outermost node to the one above this. */
  readonly above: readonly { readonly kind: string; readonly body: Node }[]
}

/** Every node below the statement, outer ones first. `visit` answers false to stay out of what is below. */
export function walk(kind: string, body: Node, visit: (each: Visit) => boolean | undefined): void {
  const above: { kind: string; body: Node }[] = []
  const enter = (innerKind: string, inner: Node): void => {
    if (visit({ kind: innerKind, body: inner, above }) === false) return
    above.push({ kind: innerKind, body: inner })
    descend(inner)
    above.pop()
  }
  const descend = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) descend(each)
    else if (isNode(value)) {
      for (const [member, child] of Object.entries(value)) {
        // Nodes are named by a capital; some members hold a node of a known kind without its name.
        if (/^[A-Z]/.test(member) && isNode(child)) enter(member, child)
        else if (isNode(child) && bare[member] !== undefined && !isNamed(child)) enter(bare[member] ?? '', child)
        else descend(child)
      }
    }
  }
  enter(kind, body)
}

/** `{"RangeVar": {...}}`: a node that says its kind. */
function isNamed(node: Node): boolean {
  const [member = '', ...more] = Object.keys(node)
  return more.length === 0 && /^[A-Z]/.test(member)
}

const bare: Readonly<Record<string, string>> = {
  larg: 'SelectStmt',
  rarg: 'SelectStmt',
  relation: 'RangeVar',
  withClause: 'WithClause',
  intoClause: 'IntoClause',
  onConflictClause: 'OnConflictClause',
}

export function location(body: Node): number {
  return typeof body.location === 'number' ? body.location : 0
}

/** The name as SQL writes it whatever it is. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
