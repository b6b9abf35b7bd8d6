import { AppError } from '@shared/app-error'
import type { JsonObject, JsonValue } from '@shared/json'
import { isJsonObject } from '@shared/json'
import type { DatabaseRow, Transaction } from '../../db/database'
import { join } from '../../db/sql'
import { recordActivity } from '../audit/record-activity'
import { type Noted, operationValues } from '../records/change-log.sql'
import { columnsOfFilter } from '../records/column-keys'
import { deleteSet, letGo } from '../records/delete-set.service'
import { type PlannedColumn, planOf } from '../records/record-plan'
import { checkInserted, checkUpdated, insertSet, updateSet } from '../records/record-sets.service'
import { createDraft, type Document, type Draft, readValues, touch } from '../records/record-values'
import { checkReferences, checkReferrers } from '../records/references.service'
import { asRuleError, notUnique } from '../records/rule-error'
import { bound } from '../records/statement'
import { deletedSentence } from '../records/write.sql'
import { alike } from '../records/write-records.service'
import { openTable, type WriteScope } from '../records/write-scope'
import { type Permission, permitted, rulesOf } from '../rules/access'
import { keyRulesOf } from '../tables/key-rule'
import { referrersOf, type StoredTable } from '../tables/stored-table'
import { badBody } from './prefer'
import { type Answered, answer, contentRange } from './rest-answer'
import type { RestAnswer, RestCall } from './rest-call'
import { brokenRule, noBodyColumn, noTable, notPermitted, RestError } from './rest-error'
import { compileQuery, type Node } from './rest-node.sql'
import { type BodyRow, bodyOfSql } from './rest-read.sql'
import { permissionOf, type RestScope, tableAt, visibleColumn } from './rest-scope'
import {
  countAllowedSql,
  countBrokenSql,
  existingSql,
  lockMatchesSql,
  rollbackToSavepointSql,
  savepointSql,
  type UpdatedRow,
  updateChosenSql,
} from './rest-write.sql'

interface Writing {
  readonly tx: Transaction
  readonly call: RestCall
  readonly scope: RestScope
  readonly write: WriteScope
  readonly table: StoredTable
}

/** The schema is held by the transaction. */
async function open(tx: Transaction, database: DatabaseRow, call: RestCall): Promise<Writing> {
  const { principal, rules, caller, tableName } = call
  // The table first: what is not there has PostgREST's own code.
  const write = await openTable(tx, { database, principal }, tableName).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'NOT_FOUND') throw noTable(tableName)
    throw error
  })
  const scope = { projectId: database.project_id, tables: write.all, rules, caller }
  return { tx, call, scope, write, table: tableAt(scope, tableName) }
}

/** POST: inserts, or with `Prefer: resolution=` inserts what is new and merges or leaves the rest. */
export async function insertRecords(tx: Transaction, database: DatabaseRow, call: RestCall): Promise<RestAnswer> {
  const writing = await open(tx, database, call)
  const { table, scope, write } = writing
  const permission = permissionOf(scope, table, 'insert')
  const node = representation(writing)
  const inputs = recordsOfBody(writing, call.body)
  const isUpsert = call.prefer.resolution !== null
  const ids = isUpsert
    ? await upsert(writing, permission, inputs)
    : await insert(writing, permission, draftsOf(write, owned(writing, permission, inputs)))
  checkAffected(call, ids.length)
  const answered = await represent(writing, node, ids)
  const range = { 'content-range': `*/${call.prefer.count === 'exact' ? ids.length : '*'}` }
  const location = call.prefer.return === 'headers-only' ? locationOf(table, ids) : {}
  return answer(201, answered, call.accept, call.prefer, { ...range, ...location })
}

/** PATCH: sets the values in what the filters choose. */
export async function updateRecords(tx: Transaction, database: DatabaseRow, call: RestCall): Promise<RestAnswer> {
  const writing = await open(tx, database, call)
  const { table, scope } = writing
  const permission = permissionOf(scope, table, 'update')
  const target = chosen(writing, 'UPDATE')
  const node = representation(writing)
  const [input] = recordsOfBody(writing, call.body, true)
  const { id, data } = readValues(table, input ?? {})
  if (Object.keys(data).length === 0 && id === undefined)
    return answer(
      call.prefer.return === 'representation' ? 200 : 204,
      { body: node && '[]', count: 0 },
      call.accept,
      call.prefer,
      { 'content-range': '*/*' },
    )
  const ids = await update(writing, target, permission, id, data)
  checkAffected(call, ids.length)
  const answered = await represent(writing, node, ids)
  const range = { 'content-range': contentRange(0, ids.length, call.prefer.count === 'exact' ? ids.length : null) }
  return answer(node ? 200 : 204, answered, call.accept, call.prefer, range)
}

/** DELETE: what the filters choose, and what goes along with it. */
export async function deleteRecords(tx: Transaction, database: DatabaseRow, call: RestCall): Promise<RestAnswer> {
  const writing = await open(tx, database, call)
  const { table, scope, write } = writing
  const permission = permissionOf(scope, table, 'delete')
  const target = chosen(writing, 'DELETE')
  const node = representation(writing)
  const rows = await tx.query<{ id: string }>(lockMatchesSql(target, permitted(permission, 'd')))
  const ids = rows.map(({ id }) => id)
  checkAffected(call, ids.length)
  const answered = await represent(writing, node, ids)
  if (ids.length > 0) await remove(tx, write, ids)
  const range = { 'content-range': contentRange(0, ids.length, call.prefer.count === 'exact' ? ids.length : null) }
  return answer(node ? 200 : 204, answered, call.accept, call.prefer, range)
}

async function remove(tx: Transaction, write: WriteScope, ids: readonly string[]): Promise<void> {
  const { table, all } = write
  const noted = { action: 'records.delete', sentence: deletedSentence(table.schema.name) }
  const gone = await deleteSet(tx, write, ids, noted)
  if (referrersOf(all, table.schema.name).length > 0) await letGo(tx, write, gone)
}

/** What the filters of the address choose, of what the caller may see. A write of everything has to be meant. */
function chosen({ call, scope, table }: Writing, verb: 'UPDATE' | 'DELETE'): Node {
  const { root } = call.query
  if (root.filters.length === 0)
    throw new RestError(400, '21000', `${verb} requires a WHERE clause`, {
      hint: 'Add a filter. To mean every record, filter by something that all of them have: "id=not.is.null".',
    })
  const isCut = root.limit !== null || root.offset > 0
  const query = {
    ...call.query,
    select: [],
    root: isCut ? root : { ...root, order: [] },
    embedded: new Map<string, never>(),
  }
  return compileQuery(scope, table, query)
}

/** The select of the answer, which needs the right to read; null when nothing is answered. Its filters are spent. */
function representation({ call, scope, table }: Writing): Node | null {
  if (call.prefer.return !== 'representation') return null
  const { select, embedded, columns, onConflict } = call.query
  const root = { filters: [], order: [], limit: null, offset: 0 }
  const node = compileQuery(scope, table, { select, root, embedded, columns, onConflict })
  if (node.groups !== null) throw new RestError(400, 'PGRST123', 'Use of aggregate functions is not allowed in a write')
  return node
}

async function represent({ tx, call }: Writing, node: Node | null, ids: readonly string[]): Promise<Answered> {
  if (node === null) return { body: null, count: ids.length }
  const [row] = await tx.query<BodyRow>(bodyOfSql(node, ids, call.accept.isStripped))
  return { body: row?.body ?? '[]', count: row?.count ?? 0 }
}

/** The records of the body, with the columns of the address where that names them. */
function recordsOfBody({ call, scope, table }: Writing, body: unknown, isOne = false): readonly JsonObject[] {
  if (body === undefined) throw badBody('Empty or invalid json')
  const list: readonly unknown[] = Array.isArray(body) ? body : [body]
  if (isOne && list.length !== 1) throw badBody('The body of an update is one object.')
  const { columns } = call.query
  const names = columns && [...new Set(columns)]
  for (const name of names ?? []) if (!visibleColumn(scope, table, name)) throw noBodyColumn(table.schema.name, name)
  return list.map((value) => {
    if (!isJsonObject(value)) throw badBody('The body must be a JSON object, or a list of them.')
    for (const name of Object.keys(value))
      if ((names === null || names.includes(name)) && !visibleColumn(scope, table, name))
        throw noBodyColumn(table.schema.name, name)
    if (names === null) return value
    const given = names.filter((name) => Object.hasOwn(value, name) || (call.prefer.missing === 'null' && !isOne))
    return Object.fromEntries(given.map((name) => [name, value[name] ?? null]))
  })
}

/** Whoever may only write records of their own need not say whose they are. */
function owned({ call }: Writing, permission: Permission, inputs: readonly JsonObject[]): readonly JsonObject[] {
  if (permission.kind !== 'some' || permission.owner === null) return inputs
  const { name } = permission.owner
  return inputs.map((input) =>
    Object.hasOwn(input, name) && input[name] !== null ? input : { ...input, [name]: call.caller.userId },
  )
}

function draftsOf({ table, now }: WriteScope, inputs: readonly JsonObject[]): readonly Draft[] {
  return inputs.map((input, index) => createDraft(table, input, now, inputs.length === 1 ? undefined : index))
}

async function insert(writing: Writing, permission: Permission, drafts: readonly Draft[]): Promise<readonly string[]> {
  const { table } = writing
  return insertDrafts(writing, permission, drafts, {
    action: 'records.create',
    sentence: `Created ${recordsIn(table, drafts.length)}.`,
  })
}

/** Without `noted`, the caller writes the audit: an operation has one entry there for each table. */
async function insertDrafts(
  writing: Writing,
  permission: Permission,
  drafts: readonly Draft[],
  noted?: Noted,
): Promise<readonly string[]> {
  const { tx, write } = writing
  if (drafts.length === 0) return []
  await insertSet(tx, write, drafts, noted)
  await checkInserted(tx, write, drafts)
  const ids = drafts.map(({ id }) => id)
  if (!isOwnAlone(writing, permission, drafts)) await checkAllowed(writing, permission, ids)
  return ids
}

async function note({ tx, write, table, call }: Writing, action: string, sentence: string): Promise<void> {
  await recordActivity(tx, {
    projectId: write.projectId,
    principal: call.principal,
    action,
    sentence,
    tableId: table.id,
    kind: 'records',
    operation: write.operation.id,
  })
}

function recordsIn(table: StoredTable, count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'record' : 'records'} in ${table.schema.name}`
}

/** Where only the owner counts, it is seen without a question. */
function isOwnAlone({ call, scope, table }: Writing, permission: Permission, drafts: readonly Draft[]): boolean {
  if (permission.kind === 'all') return true
  if (permission.kind !== 'some' || permission.owner === null) return false
  const rule = rulesOf(scope.rules, table).rules.insert
  const { owner } = permission
  if (typeof rule !== 'object' || rule.where !== undefined || owner.type.base !== 'uuid') return false
  return drafts.every(({ id, data }) => (owner.isId ? id : data[owner.key]) === call.caller.userId)
}

async function update(
  writing: Writing,
  node: Node,
  permission: Permission,
  id: string | undefined,
  data: Document,
): Promise<readonly string[]> {
  const { tx, call, scope, write, table } = writing
  const isCut = node.limit !== null || node.offset > 0
  if (isCut || id !== undefined) return updateLocked(writing, node, permission, id, data)
  touch(table, data, write.now)
  const columns = planOf(table).stored.filter(({ key }) => Object.hasOwn(data, key))
  const isTarget = referrersOf(write.all, table.schema.name).some(({ target }) =>
    columns.some(({ name }) => name === target),
  )
  const isChecked =
    permission.kind === 'some' &&
    ruleColumns(scope, table, 'update').some((name) => columns.some((one) => one.name === name))
  const wanted = { before: isTarget, ids: isChecked || call.prefer.return === 'representation' }
  const where = join([...node.conditions, permitted(permission, 'd')], ' and ')
  const [done] = await tx
    .query<UpdatedRow>(
      bound(updateChosenSql(write, where, columns, data, wanted), {
        ...operationValues(write.operation),
        action: 'records.update',
      }),
    )
    .catch((error: unknown) => Promise.reject(asRuleError(error, table)))
  if (!done || done.count === 0) return []
  if (done.clashes > 0)
    throw notUnique(table, planOf(table).rules.find(({ rule }) => rule === done.rule)?.columns ?? [], data)
  const references = columns.filter(({ column }) => column.references)
  if (references.length > 0) await checkReferences(tx, write, table, references, [{ data }])
  if (isTarget) await checkReferrers(tx, write, table, done.before ?? [])
  if (isChecked) await checkAllowed(writing, permission, done.ids ?? [])
  return done.ids ?? Array.from({ length: done.count }, () => '')
}

/** Only some of what the filters match, or a record that says its own id again. */
async function updateLocked(
  writing: Writing,
  node: Node,
  permission: Permission,
  id: string | undefined,
  data: Document,
): Promise<readonly string[]> {
  const { tx } = writing
  const rows = await tx.query<{ id: string }>(lockMatchesSql(node, permitted(permission, 'd')))
  const ids = rows.map((row) => row.id)
  if (id !== undefined && ids.some((one) => one !== id))
    throw new RestError(400, '428C9', 'The id of a record cannot change. Create a new record instead.')
  if (ids.length === 0 || Object.keys(data).length === 0) return ids
  await writeChanges(
    writing,
    ids.map((one) => ({ id: one, data })),
  )
  await checkAllowed(writing, permission, ids)
  await note(writing, 'records.update', `Changed ${recordsIn(writing.table, ids.length)}.`)
  return ids
}

async function writeChanges(
  { tx, write }: Writing,
  changes: readonly { readonly id: string; readonly data: JsonObject }[],
): Promise<void> {
  for (const group of alike(write, changes)) {
    const { columns } = group
    await checkUpdated(tx, write, columns, group.changes, await updateSet(tx, write, columns, group.changes))
  }
}

/** How often somebody else may come first with the same key. */
const attempts = 4

/** Finds what is there by its key, writes the rest, and looks again when somebody else was faster. */
async function upsert(
  writing: Writing,
  permission: Permission,
  inputs: readonly JsonObject[],
): Promise<readonly string[]> {
  const { tx, call, scope, table, write } = writing
  const key = conflictColumns(writing)
  const isMerge = call.prefer.resolution === 'merge-duplicates'
  const update = isMerge ? permissionOf(scope, table, 'update') : null
  const own = owned(writing, permission, inputs)
  const drafts = own.map((input, index) => readKey(write, key, input, index))
  if (isMerge) refuseTwice(table, drafts)
  for (let attempt = 1; ; attempt++) {
    const there = await existing(writing, key, drafts)
    await tx.execute(savepointSql)
    try {
      const fresh = drafts.flatMap((_, index) => (there.has(index) || isRepeated(drafts, index) ? [] : [index]))
      const inserted = await insertDrafts(
        writing,
        permission,
        draftsOf(
          write,
          fresh.map((index) => own[index] ?? {}),
        ),
      )
      const created = new Map(fresh.map((index, at) => [index, inserted[at] ?? '']))
      if (update) await merge(writing, update, there, own, key)
      const changed = update ? there.size : 0
      if (inserted.length + changed > 0)
        await note(
          writing,
          'records.save',
          `Saved records of ${table.schema.name}: ${inserted.length.toLocaleString('en')} created, ${changed.toLocaleString('en')} changed.`,
        )
      return drafts.flatMap((_, index) => created.get(index) ?? (isMerge ? (there.get(index) ?? []) : []))
    } catch (error) {
      if (attempt === attempts || !isClash(error)) throw error
      await tx.execute(rollbackToSavepointSql)
    }
  }
}

async function merge(
  writing: Writing,
  permission: Permission,
  there: ReadonlyMap<number, string>,
  inputs: readonly JsonObject[],
  key: readonly PlannedColumn[],
): Promise<void> {
  const { tx, table, scope, write, call } = writing
  const ids = [...there.values()]
  if (ids.length === 0) return
  const select = permissionOf(scope, table, 'select')
  const allowed = join([permitted(permission, 'd'), permitted(select, 'd')], ' and ')
  const [seen] = await tx.query<{ count: number }>(countAllowedSql(write, ids, allowed))
  if ((seen?.count ?? 0) < new Set(ids).size) throw brokenRule(table.schema.name, call.caller.role === 'anonymous')
  const names = new Set(key.map(({ name }) => name))
  const changes = [...there].flatMap(([index, id]) => {
    const { data } = readValues(table, withoutKeys(inputs[index] ?? {}, names), index)
    return Object.keys(data).length === 0 ? [] : [{ id, data }]
  })
  await writeChanges(writing, changes)
  await checkAllowed(writing, permission, ids)
}

function withoutKeys(input: JsonObject, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(input).filter(([name]) => !names.has(name)))
}

/** The columns by which records are told to be the same: those of `on_conflict`, or the primary key. */
function conflictColumns({ call, table, scope }: Writing): readonly PlannedColumn[] {
  const names =
    call.query.onConflict ??
    table.schema.columns.filter(({ primary_key }) => primary_key === true).map(({ name }) => name)
  const columns = names.map((name) => {
    const column = visibleColumn(scope, table, name)
    if (!column) throw new RestError(400, '42703', `column "${name.slice(0, 200)}" does not exist`)
    return column
  })
  const wanted = [...names].sort().join()
  const rules = keyRulesOf(table).map((rule) =>
    rule.columns
      .map(({ name }) => name)
      .sort()
      .join(),
  )
  const isId = columns.length === 1 && columns[0]?.isId === true
  if (isId || (names.length > 0 && rules.includes(wanted))) return columns
  throw new RestError(400, '42P10', 'there is no unique or exclusion constraint matching the ON CONFLICT specification')
}

/** The values of the key, by place; null when one is missing, for nothing is equal to NULL. */
function readKey(
  { table }: WriteScope,
  key: readonly PlannedColumn[],
  input: JsonObject,
  index: number,
): readonly JsonValue[] | null {
  const names = key.map(({ name }) => name).filter((name) => Object.hasOwn(input, name) && input[name] !== null)
  if (names.length < key.length) return null
  const { id, data } = readValues(table, Object.fromEntries(names.map((name) => [name, input[name] ?? null])), index)
  return key.map((column) => (column.isId ? (id ?? null) : (data[column.key] ?? null)))
}

function isRepeated(keys: readonly (readonly JsonValue[] | null)[], index: number): boolean {
  const own = keys[index]
  if (!own) return false
  const text = JSON.stringify(own)
  return keys.findIndex((one) => one && JSON.stringify(one) === text) < index
}

function refuseTwice(table: StoredTable, keys: readonly (readonly JsonValue[] | null)[]): void {
  const texts = keys.flatMap((one) => (one ? [JSON.stringify(one)] : []))
  if (new Set(texts).size === texts.length) return
  throw new RestError(400, '21000', 'ON CONFLICT DO UPDATE command cannot affect row a second time', {
    hint: `Two records of the body are the same record of "${table.schema.name}".`,
  })
}

async function existing(
  { tx, write }: Writing,
  key: readonly PlannedColumn[],
  keys: readonly (readonly JsonValue[] | null)[],
): Promise<ReadonlyMap<number, string>> {
  const places = keys.flatMap((values, index) => (values ? [{ values, index }] : []))
  if (places.length === 0) return new Map()
  const rows = await tx.query<{ id: string; place: number }>(
    existingSql(
      write,
      key,
      places.map(({ values }) => values),
    ),
  )
  return new Map(
    rows.flatMap(({ id, place }) => {
      const found = places[place]
      return found ? [[found.index, id] as const] : []
    }),
  )
}

function isClash(error: unknown): boolean {
  if (!(error instanceof AppError)) return false
  if (error.code === 'CONFLICT') return true
  const { details } = error
  return (
    error.code === 'CONSTRAINT' &&
    typeof details === 'object' &&
    details !== null &&
    'constraint' in details &&
    details.constraint === 'unique'
  )
}

/** 42501 when a record is now one that the rule does not let the caller have written. */
async function checkAllowed(
  { tx, call, table, write }: Writing,
  permission: Permission,
  ids: readonly string[],
): Promise<void> {
  if (permission.kind === 'all' || ids.length === 0) return
  if (permission.kind === 'denied') throw notPermitted(permission.because, call.caller.role === 'anonymous')
  const [broken] = await tx.query<{ count: number }>(countBrokenSql(write, ids, permitted(permission, 'd')))
  if (broken && broken.count > 0) throw brokenRule(table.schema.name, call.caller.role === 'anonymous')
}

function ruleColumns({ rules }: RestScope, table: StoredTable, verb: 'update'): readonly string[] {
  const rule = rulesOf(rules, table).rules[verb]
  if (typeof rule === 'string') return []
  const filtered = rule.where === undefined ? [] : columnsOfFilter(rule.where).map((path) => path.split('.')[0] ?? path)
  return 'owner' in rule ? [rule.owner, ...filtered] : filtered
}

function checkAffected({ prefer }: RestCall, count: number): void {
  if (prefer.maxAffected === null || count <= prefer.maxAffected) return
  throw new RestError(400, 'PGRST124', 'Query result exceeds max-affected preference constraint', {
    details: `The query affects ${count} rows`,
  })
}

function locationOf(table: StoredTable, ids: readonly string[]): Readonly<Record<string, string>> {
  const [id] = ids
  const column = planOf(table).id?.name ?? '_id'
  return id === undefined || ids.length > 1 ? {} : { location: `/${table.schema.name}?${column}=eq.${id}` }
}
