import { as, isNode, type Node, names, nodes } from '../sql/syntax'
import { plainName } from './ddl-names'

/** The bodies of the nodes of one kind in a list. */
export function bodiesOf(kind: string, value: unknown): readonly Node[] {
  return nodes(value).flatMap((each) => {
    const body = as(kind, each)
    return body ? [body] : []
  })
}

/** A relation that is written with the name of its node, or without. */
export function relationOf(value: unknown): Node {
  return as('RangeVar', value) ?? (isNode(value) ? value : {})
}

/** The columns that a list names, as we call them. */
export function columnsOf(value: unknown): readonly string[] {
  return names(value).map((name) => plainName(name ?? '', 'column'))
}
