import type { SqlQuery } from '../../db/sql'
import { planOf } from '../records/record-plan'
import type { Document } from '../records/record-values'
import { bound } from '../records/statement'
import { laterOf, shapeOf, Templates, valuesFor } from './call-shape'
import type { RestFilter } from './filter-grammar'
import { named } from './rest-read.sql'
import { permissionOf } from './rest-scope'
import { planUpdate, type UpdatePlan, updateValues } from './rest-update.service'
import { chosen, type PlannedWrite } from './rest-writing'

/** An update that is one statement, and its values. */
export interface UpdateCall extends Pick<UpdatePlan, 'columns'> {
  readonly query: () => SqlQuery
  /** The one record that the filters ask for by its id; null when they ask in another way. */
  readonly record: string | null
  /** Nothing but that id decides about it. */
  readonly isFree: boolean
}

interface UpdateTemplate extends Pick<UpdatePlan, 'columns'> {
  readonly query: (planned: PlannedWrite, values: readonly string[], data: Document) => SqlQuery
  readonly isById: boolean
  readonly isFree: boolean
}

const templates = new Templates<UpdateTemplate | null>()

/** Null where it is not one statement: others may point to what changes, the rule looks at it, or it is unique. */
export function updateCall(project: object, planned: PlannedWrite, data: Document): UpdateCall | null {
  const { call } = planned
  const shape = call.search === undefined ? null : shapeOf(call.search)
  if (shape === null) return null
  const { text, values } = shape
  const name = `${call.prefer.return}\n${Object.keys(data).sort().join()}\n${text}`
  const template = templates.of(project, call, name, () => makeTemplate(planned, values, data))
  if (template === null) return null
  const [value = ''] = values
  const record = template.isById && uuid.test(value) ? value.toLowerCase() : null
  const { columns, isFree } = template
  return { columns, query: () => template.query(planned, values, data), record, isFree }
}

function makeTemplate(planned: PlannedWrite, values: readonly string[], data: Document): UpdateTemplate | null {
  const { call, scope, table } = planned
  const { filters } = call.query.root
  const later = laterOf(filters, values)
  if (later === null) return null
  const permission = permissionOf(scope, table, 'update')
  const node = chosen(planned, 'UPDATE', later)
  if (later.readers.size !== values.length || node.limit !== null || node.offset > 0) return null
  const { columns, isTarget, isChecked, statement } = planUpdate(planned, node, permission, data, false)
  const isKeyed = planOf(table).rules.some((rule) =>
    rule.columns.some(({ name }) => columns.some((column) => column.name === name)),
  )
  if (isTarget || isChecked || isKeyed) return null
  let prepared: SqlQuery | null = null
  return {
    columns,
    isById: isById(planned, filters),
    isFree: permission.kind === 'all' && permissionOf(scope, table, 'select').kind === 'all',
    query({ write }, given, changed) {
      const query = prepared ?? named(node, statement)
      if (query.name !== undefined) prepared = query
      return bound(query, { ...updateValues(write, changed), ...valuesFor(later, given) })
    },
  }
}

function isById({ table }: PlannedWrite, [filter, ...more]: readonly RestFilter[]): boolean {
  if (filter?.kind !== 'condition' || more.length > 0 || filter.isNegated || filter.field.path.length > 0) return false
  const { operation, field } = filter
  const isId = field.name === '_id' || planOf(table).byName.get(field.name)?.isId === true
  return isId && operation.op === 'eq' && operation.quantifier === null
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
