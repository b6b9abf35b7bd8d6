import { AppError } from '@shared/app-error'
import type { QueryResultRow } from 'pg'
import type { BatchQuery, BatchRows } from '../../db/batch'
import type { StudioDatabase } from '../../db/database'
import type { Merge } from '../../db/merged-calls'
import { type Asker, onlyIf } from '../../db/one-trip'
import { sqlState } from '../../db/pg-error'
import { join, type SqlQuery, sql } from '../../db/sql'
import { type ApiProject, OutdatedProject } from '../api/api-projects.service'
import { tellQuery } from '../records/change-log.sql'
import { mergedInsert, mergedUpdate } from '../records/merged-writes'
import { planOf } from '../records/record-plan'
import { untoldInsertQuery } from '../records/record-sets.service'
import { readValues } from '../records/record-values'
import { referencesHold } from '../records/references.service'
import { uuidV7 } from '../records/uuid-v7'
import { permitted } from '../rules/access'
import { recordId } from '../tables/column.sql'
import { type ReadTemplate, templateOf } from './read-template'
import type { Answered } from './rest-answer'
import type { RestAnswer, RestCall } from './rest-call'
import { draftsOf, isOwnAlone, owned } from './rest-drafts'
import { RestError } from './rest-error'
import { createdNote, insertAnswer } from './rest-insert.service'
import type { Node } from './rest-node.sql'
import { readAnswer, readQuery } from './rest-read.service'
import { type BodyRow, bodyOfSql } from './rest-read.sql'
import { permissionOf, tableAt } from './rest-scope'
import { touched, updateAnswer } from './rest-update.service'
import { countBrokenSql, type UpdatedRow } from './rest-write.sql'
import { type PlannedWrite, recordsOfBody, representation } from './rest-writing'
import { updateCall } from './update-template'

/** The statements of a call, and what their rows come to. */
interface QuickPlan {
  readonly queries: readonly BatchQuery[]
  readonly last?: readonly SqlQuery[]
  readonly locks?: string | undefined
  readonly isAlone?: boolean
  readonly merge?: Merge | undefined
  readonly answer: (answers: readonly BatchRows[]) => RestAnswer
}

/** Records of one insert; what takes longer than a trip is not worth making twice. */
const mostRecords = 100

/**
 * Most calls of apps, in one round trip: their statements are made from what is in memory of the project, and count only
 * if that holds when they run. Null for a call that has to be done step by step. That is also how one is done again that
 * fails here, for it says better what is wrong; nothing of the failed one is kept.
 */
export async function quickCall(
  db: StudioDatabase,
  project: QuickProject,
  call: RestCall,
  asker: Asker,
): Promise<RestAnswer | null> {
  const readOnly = call.method === 'GET' || call.method === 'HEAD'
  const { accountId, databaseId, version } = project
  try {
    const plan = planOfCall(project, call)
    if (plan === null) return null
    const { answer, ...statements } = plan
    const done = await db.oneTrip({ accountId, databaseId, version, readOnly, ...statements, asker })
    if (done.kind === 'outdated') throw new OutdatedProject()
    return answer(done.answers)
  } catch (error) {
    if (isAnsweredByItself(error)) throw error
    return null
  }
}

export type QuickProject = Pick<
  ApiProject,
  'accountId' | 'databaseId' | 'projectId' | 'version' | 'tables' | 'clockAhead'
>

/** A failure that would be the same the long way, or that nobody should wait for twice. */
function isAnsweredByItself(error: unknown): boolean {
  if (error instanceof RestError) return false
  if (!(error instanceof AppError)) return true
  // Names and types of the driver's own statements may be gone with a schema; the long way makes them anew.
  return ['CANCELLED', 'TIMEOUT', 'UNAVAILABLE'].includes(error.code) && sqlState(error) !== '0A000'
}

function planOfCall(project: QuickProject, call: RestCall): QuickPlan | null {
  if (call.prefer.isRolledBack) return null
  switch (call.method) {
    case 'GET':
    case 'HEAD':
      return planRead(project, call)
    case 'POST':
      return planInsert(plannedWrite(project, call))
    case 'PATCH':
      return planChange(project, plannedWrite(project, call))
    default:
      return null
  }
}

function planRead(project: QuickProject, call: RestCall): QuickPlan | null {
  if (call.prefer.count === 'planned' || call.prefer.count === 'estimated') return null
  const { rules, caller } = call
  const { projectId, tables } = project
  const scope = { projectId, tables, rules, caller }
  const { template, values } = templateOf(project, scope, call)
  if (template !== null) return planRows(template, values, call)
  const { node, query } = readQuery(scope, call)
  return { queries: [query], answer: ([read]) => readAnswer(node, call, rowOf<BodyRow>(read), null) }
}

function planRows({ node, write, query }: ReadTemplate, values: readonly string[], call: RestCall): QuickPlan {
  return {
    queries: [{ ...query(values), asText: true }],
    answer([read]) {
      const rows = read?.texts ?? []
      return readAnswer(node, call, { body: write(rows), count: rows.length, total: null }, null)
    },
  }
}

function plannedWrite({ projectId, tables, clockAhead }: QuickProject, call: RestCall): PlannedWrite {
  const { rules, caller, principal } = call
  const scope = { projectId, tables, rules, caller }
  const table = tableAt(scope, call.tableName)
  const operation = { id: uuidV7(), principal }
  return { call, scope, table, write: { projectId, all: tables, table, now: momentOf(clockAhead), operation } }
}

function planInsert(planned: PlannedWrite): QuickPlan | null {
  const { call, scope, table, write } = planned
  const { projectId } = write
  if (call.prefer.resolution !== null || call.prefer.maxAffected !== null) return null
  const permission = permissionOf(scope, table, 'insert')
  const node = representation(planned)
  const inputs = recordsOfBody(planned, call.body)
  if (inputs.length === 0 || inputs.length > mostRecords) return null
  const drafts = draftsOf(write, owned(planned, permission, inputs))
  const ids = drafts.map(({ id }) => id)
  const referring = planOf(table).stored.filter(({ column }) => column.references)
  const references = referencesHold(write, table, referring, drafts)
  const checks = [
    ...(references ? [references] : []),
    ...(isOwnAlone(planned, permission, drafts) ? [] : [allowed(planned, ids, permitted(permission, 'd'))]),
  ]
  const [draft] = drafts
  // One object that there is not is an error, and nothing of it may be kept.
  const isOne = node !== null && call.accept.format === 'object'
  if (isOne && drafts.length !== 1) return null
  const seen = isOne && permissionOf(scope, table, 'select').kind !== 'all' ? [onlyIf(isThere(node, ids))] : []
  const others = [...checks, ...seen, ...shown(node, ids, call)]
  const merge = draft && drafts.length === 1 && others.length === 0 ? mergedInsert(write, draft) : undefined
  return {
    queries: merge ? [] : [untoldInsertQuery(write, drafts, createdNote(table, drafts.length)), ...others],
    last: [tellQuery(projectId, table)],
    merge,
    answer: (answers) => insertAnswer(planned, ids, inputs, answeredOf(node, answers.at(-1), ids.length)),
  }
}

function planChange(project: QuickProject, planned: PlannedWrite): QuickPlan | null {
  const { call, table, write } = planned
  if (call.prefer.maxAffected !== null) return null
  const node = representation(planned)
  const [input = {}] = recordsOfBody(planned, call.body, true)
  const { id, data: given } = readValues(table, input)
  if (id !== undefined || Object.keys(given).length === 0) return null
  const data = touched(write, given)
  const update = updateCall(project, planned, data)
  if (update === null) return null
  const { columns, record, isFree } = update
  if (node !== null && record === null) return null
  const referring = columns.filter(({ column }) => column.references)
  const references = referencesHold(write, table, referring, [{ data }])
  const others = [...(references ? [references] : []), ...(record === null ? [] : shown(node, [record], call))]
  const isOne = record !== null && isFree && others.length === 0
  const merge = isOne ? mergedUpdate(write, columns, record, data) : undefined
  return {
    queries: merge ? [] : [update.query(), ...others],
    last: [tellQuery(write.projectId, table)],
    ...(record === null ? { isAlone: true } : { locks: record }),
    merge,
    answer(answers) {
      const count = rowOf<UpdatedRow>(answers[0])?.count ?? 0
      const nothing = { body: node && '[]', count: 0 }
      return updateAnswer(planned, count, count === 0 ? nothing : answeredOf(node, answers.at(-1), count))
    },
  }
}

function allowed({ write }: PlannedWrite, ids: readonly string[], rule: SqlQuery): SqlQuery {
  return onlyIf(sql`(select broken.count = 0 from (${countBrokenSql(write, ids, rule)}) broken)`)
}

function isThere({ table, row, from, conditions }: Node, ids: readonly string[]): SqlQuery {
  return sql`(select count(*) = ${ids.length}::integer from ${from}
    where ${recordId(table, row)} = any(${ids}::uuid[]) and ${join(conditions, ' and ')})`
}

function shown(node: Node | null, ids: readonly string[], { accept }: RestCall): readonly SqlQuery[] {
  return node === null ? [] : [bodyOfSql(node, ids, accept.isStripped)]
}

function answeredOf(node: Node | null, shown: BatchRows | undefined, count: number): Answered {
  if (node === null) return { body: null, count }
  const row = rowOf<BodyRow>(shown)
  return { body: row?.body ?? '[]', count: row?.count ?? 0, outputs: node.outputs }
}

/** The statement says what its rows are. */
function rowOf<Row extends QueryResultRow>(answer: BatchRows | undefined): Row | undefined {
  return answer?.rows[0] as Row | undefined
}

/** The time of Postgres as near as it is known, with microseconds. */
function momentOf(ahead: number): string {
  const milliseconds = performance.timeOrigin + performance.now() + ahead
  const whole = Math.floor(milliseconds)
  const micro = Math.floor((milliseconds - whole) * 1000)
  return `${new Date(whole).toISOString().slice(0, -1)}${String(micro).padStart(3, '0')}Z`
}
