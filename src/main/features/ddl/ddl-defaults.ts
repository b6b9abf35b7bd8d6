import { writeArrayLiteral } from '@shared/domain/array-literal'
import { as, isNode, type Node, names, nodes, text } from '../sql/syntax'

export type ReadDefault =
  | { readonly kind: 'none' }
  | { readonly kind: 'serial' }
  | { readonly kind: 'text'; readonly text: string }
  /** No constant, and none of the functions that a default may be here. */
  | { readonly kind: 'other' }

/** The expression behind `default` as the text that our columns take. */
export function readDefault(expression: unknown): ReadDefault {
  const cast = as('TypeCast', expression)
  if (cast) return readDefault(cast.arg)
  const constant = as('A_Const', expression)
  if (constant) return constant.isnull === true ? { kind: 'none' } : { kind: 'text', text: constantText(constant) }
  const moment = as('SQLValueFunction', expression)
  if (moment) return /TIME|DATE/.test(text(moment.op)) ? { kind: 'text', text: 'now()' } : { kind: 'other' }
  const call = as('FuncCall', expression)
  if (call) {
    const name = names(call.funcname).at(-1) ?? ''
    if (name === 'nextval') return { kind: 'serial' }
    if (moments.has(name)) return { kind: 'text', text: 'now()' }
    return uuids.has(name) ? { kind: 'text', text: 'gen_random_uuid()' } : { kind: 'other' }
  }
  const list = as('A_ArrayExpr', expression)
  if (list) {
    const items = nodes(list.elements).map(readDefault)
    const texts = items.flatMap((item) => (item.kind === 'text' ? [item.text] : []))
    return texts.length === items.length ? { kind: 'text', text: writeArrayLiteral(texts) } : { kind: 'other' }
  }
  const negative = as('A_Expr', expression)
  if (negative && negative.lexpr === undefined && names(negative.name).at(-1) === '-') {
    const inner = readDefault(negative.rexpr)
    return inner.kind === 'text' ? { kind: 'text', text: `-${inner.text}` } : inner
  }
  return { kind: 'other' }
}

function constantText(constant: Node): string {
  const { sval, ival, fval, boolval } = constant
  if (isNode(sval)) return text(sval.sval)
  if (isNode(fval)) return text(fval.fval)
  if (isNode(ival)) return String(ival.ival ?? 0)
  return isNode(boolval) && boolval.boolval === true ? 'true' : 'false'
}

const moments: ReadonlySet<string> = new Set(['now', 'clock_timestamp', 'statement_timestamp', 'transaction_timestamp'])
const uuids: ReadonlySet<string> = new Set([
  'gen_random_uuid',
  'uuid_generate_v4',
  'uuidv7',
  'uuidv4',
  'uuid_generate_v1',
])
