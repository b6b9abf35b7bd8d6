import { as, isNode, type Node, names, nodes, text, walk } from '../sql/syntax'

/**
 * What a condition is whatever the record: true, false, or null where it may be either. `where 1 = 1` and
 * `where id = 5 or true` are no conditions at all.
 */
export function constantOf(condition: Node): boolean | null {
  const logic = as('BoolExpr', condition)
  if (logic !== null) {
    const parts = nodes(logic.args).map(constantOf)
    if (text(logic.boolop) === 'NOT_EXPR') return parts[0] === null || parts[0] === undefined ? null : !parts[0]
    const deciding = text(logic.boolop) === 'OR_EXPR'
    if (parts.includes(deciding)) return deciding
    return parts.includes(null) ? null : !deciding
  }
  const comparison = as('A_Expr', condition)
  if (comparison !== null && text(comparison.kind) === 'AEXPR_OP') return compared(comparison)
  const test = as('NullTest', condition)
  if (test !== null) {
    const literal = literalOf(test.arg)
    return literal === null ? null : (literal === 'null') === (text(test.nulltesttype) === 'IS_NULL')
  }
  const literal = literalOf(condition)
  if (literal === null) return null
  // NULL holds for no record either.
  if (literal === 'null') return false
  const word = literal.replace(/^'\s*(.*?)\s*'$/, '$1').toLowerCase()
  return trueWords.has(word) ? true : falseWords.has(word) ? false : null
}

/** As Postgres reads a boolean. */
const trueWords = new Set(['true', 'tru', 'tr', 't', 'yes', 'ye', 'y', 'on', '1'])
const falseWords = new Set(['false', 'fals', 'fal', 'fa', 'f', 'no', 'n', 'off', 'of', '0'])

/**
 * Whether nothing in the condition differs from record to record: no column, no parameter, no table, nothing that is
 * random. Then it holds for all records or for none, and only Postgres knows which.
 */
export function isFixed(condition: Node): boolean {
  let fixed = true
  walk('', condition, ({ kind, body }) => {
    if (varying.test(kind)) fixed = false
    if (kind === 'FuncCall' && volatile.test(names(body.funcname).at(-1) ?? '')) fixed = false
    return undefined
  })
  return fixed
}

const varying = /^(ColumnRef|ParamRef|Range\w+|JoinExpr)$/
/** Of Postgres' own, those that answer otherwise each time; and all that may, being somebody's own. */
const volatile = /^(random\w*|clock_timestamp|timeofday|gen_random_uuid|uuidv4|uuidv7|nextval|setval|lastval|currval)$/

function compared(comparison: Node): boolean | null {
  if (isSameColumn(comparison)) return true
  const left = literalOf(comparison.lexpr)
  const right = literalOf(comparison.rexpr)
  const operator = names(comparison.name).at(-1)
  if (left === null || right === null) return null
  if (left === 'null' || right === 'null') return false
  const [a, b] = [Number(left), Number(right)]
  const isNumeric = !Number.isNaN(a) && !Number.isNaN(b)
  if (operator === '=') return isNumeric ? a === b : left === right
  if (operator === '<>') return isNumeric ? a !== b : left !== right
  if (!isNumeric) return null
  if (operator === '<') return a < b
  if (operator === '>') return a > b
  if (operator === '<=') return a <= b
  return operator === '>=' ? a >= b : null
}

/** `id = id` leaves out only records where it is null. */
function isSameColumn({ lexpr, rexpr, name }: Node): boolean {
  const [left, right] = [as('ColumnRef', lexpr), as('ColumnRef', rexpr)]
  if (left === null || right === null || !['=', '>=', '<='].includes(names(name).at(-1) ?? '')) return false
  return names(left.fields).join('.') === names(right.fields).join('.')
}

/** A literal as text; null for anything else. */
function literalOf(value: unknown): string | null {
  const cast = as('TypeCast', value)
  if (cast !== null) return literalOf(cast.arg)
  const constant = as('A_Const', value)
  if (constant === null) return null
  if (constant.isnull === true) return 'null'
  if (isNode(constant.boolval)) return constant.boolval.boolval === true ? 'true' : 'false'
  if (isNode(constant.ival)) return String(constant.ival.ival ?? 0)
  if (isNode(constant.fval)) return text(constant.fval.fval)
  return isNode(constant.sval) ? `'${text(constant.sval.sval)}'` : null
}
