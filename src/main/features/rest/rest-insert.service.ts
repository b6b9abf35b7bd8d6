import { primaryKeyOf } from '@shared/domain/table-schema'
import type { JsonObject } from '@shared/json'
import type { DatabaseRow, Transaction } from '../../db/database'
import type { Noted } from '../records/change-log.sql'
import { planOf } from '../records/record-plan'
import type { Draft } from '../records/record-values'
import type { Permission } from '../rules/access'
import type { StoredTable } from '../tables/stored-table'
import type { RestFilter } from './filter-grammar'
import { badBody } from './prefer'
import type { RestQuery } from './request-grammar'
import { type Answered, answer } from './rest-answer'
import type { RestAnswer, RestCall } from './rest-call'
import { draftsOf, insertDrafts, owned } from './rest-drafts'
import { RestError } from './rest-error'
import { permissionOf } from './rest-scope'
import { upsert } from './rest-upsert.service'
import {
  checkAffected,
  open,
  type PlannedWrite,
  recordsIn,
  recordsOfBody,
  represent,
  representation,
  type Writing,
} from './rest-writing'

/** POST: inserts, or with `Prefer: resolution=` inserts what is new and merges or leaves the rest. */
export async function insertRecords(tx: Transaction, database: DatabaseRow, call: RestCall): Promise<RestAnswer> {
  const writing = await open(tx, database, call)
  const { table, scope, write } = writing
  const permission = permissionOf(scope, table, 'insert')
  const node = representation(writing)
  const inputs = recordsOfBody(writing, call.body)
  // Where nothing tells records apart, all of them are new.
  const isKeyed = (call.query.onConflict ?? primaryKeyOf(table.schema)).length > 0
  const resolution = isKeyed ? call.prefer.resolution : null
  const ids = resolution
    ? (await upsert(writing, permission, inputs, resolution === 'merge-duplicates')).ids
    : await insert(writing, permission, draftsOf(write, owned(writing, permission, inputs)))
  checkAffected(call, ids.length)
  return insertAnswer(writing, ids, inputs, await represent(writing, node, ids))
}

export function insertAnswer(
  { call, table }: PlannedWrite,
  ids: readonly string[],
  inputs: readonly JsonObject[],
  answered: Answered,
): RestAnswer {
  const range = { 'content-range': `*/${call.prefer.count === 'exact' ? ids.length : '*'}` }
  const location = call.prefer.return === 'headers-only' ? locationOf(table, ids, inputs) : {}
  return answer(201, answered, call.accept, call.prefer, { ...range, ...location })
}

/** PUT: one record as it is in the body, whether it was there or not; the filters of the address are its primary key. */
export async function putRecord(tx: Transaction, database: DatabaseRow, call: RestCall): Promise<RestAnswer> {
  const writing = await open(tx, database, call)
  const { table, scope } = writing
  const permission = permissionOf(scope, table, 'insert')
  const node = representation(writing)
  const [input = {}, ...more] = recordsOfBody(writing, call.body)
  if (more.length > 0) throw badBody('The body of a PUT is one object.')
  checkPlace(table, call.query, input)
  const { ids, created } = await upsert(writing, permission, [input], true)
  const answered = await represent(writing, node, ids)
  const status = created > 0 ? 201 : node ? 200 : 204
  return answer(status, answered, call.accept, call.prefer, { 'content-range': '*/*' })
}

function checkPlace(table: StoredTable, { root, onConflict }: RestQuery, input: JsonObject): void {
  if (root.limit !== null || root.offset > 0 || onConflict !== null)
    throw new RestError(400, 'PGRST114', 'limit/offset querystring parameters are not allowed for PUT')
  const key = primaryKeyOf(table.schema).map(({ name }) => name)
  const given = new Map(root.filters.flatMap((filter) => equality(filter) ?? []))
  if (key.length === 0 || given.size !== root.filters.length || given.size !== key.length) throw wrongPlace()
  for (const name of key) {
    const value = given.get(name)
    if (value === undefined) throw wrongPlace()
    const sent = input[name]
    if (String(typeof sent === 'object' ? JSON.stringify(sent) : sent).toLowerCase() !== value.toLowerCase())
      throw new RestError(400, 'PGRST115', 'Payload values do not match URL in primary key column(s)')
  }
}

/** `column=eq.value` and nothing else. */
function equality(filter: RestFilter): readonly [readonly [string, string]] | null {
  if (filter.kind !== 'condition' || filter.isNegated || filter.field.path.length > 0) return null
  const { operation } = filter
  return operation.op === 'eq' && operation.quantifier === null ? [[filter.field.name, operation.value]] : null
}

function wrongPlace(): RestError {
  return new RestError(405, 'PGRST105', "Filters must include all and only primary key columns with 'eq' operators")
}

function insert(writing: Writing, permission: Permission, drafts: readonly Draft[]): Promise<readonly string[]> {
  return insertDrafts(writing, permission, drafts, createdNote(writing.table, drafts.length))
}

export function createdNote(table: StoredTable, count: number): Noted {
  return { action: 'records.create', sentence: `Created ${recordsIn(table, count)}.` }
}

/** Of one record, by its primary key as it was sent, or by its id. */
function locationOf(
  table: StoredTable,
  ids: readonly string[],
  inputs: readonly JsonObject[],
): Readonly<Record<string, string>> {
  const [id] = ids
  if (id === undefined || ids.length > 1) return {}
  const [key, ...more] = primaryKeyOf(table.schema).map(({ name }) => name)
  const sent = key !== undefined && more.length === 0 ? inputs[0]?.[key] : undefined
  const isSent = typeof sent === 'string' || typeof sent === 'number'
  const place = isSent ? `${key}=eq.${encodeURIComponent(sent)}` : `${planOf(table).id?.name ?? '_id'}=eq.${id}`
  return { location: `/${table.schema.name}?${place}` }
}
