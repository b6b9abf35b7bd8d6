import { as, isNode, type Node, nodes } from '../sql/syntax'

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
