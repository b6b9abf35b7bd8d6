import { AppError } from '@shared/app-error'
import { parseValue } from '@shared/domain/coerce-value'
import { isJsonObject, type JsonObject, type JsonValue } from '@shared/json'
import type { DatabaseRow, Transaction } from '../../db/database'
import { recordActivity } from '../audit/record-activity'
import { planOf } from '../records/record-plan'
import { checkUpdated, updateSet } from '../records/record-sets.service'
import { alike } from '../records/write-records.service'
import { openTable, type WriteScope } from '../records/write-scope'
import { type Permission, permitted } from '../rules/access'
import type { StoredTable } from '../tables/stored-table'
import { lenientValue } from './lenient-value'
import { badBody } from './prefer'
import type { Answered } from './rest-answer'
import type { RestCall } from './rest-call'
import { brokenRule, noBodyColumn, noTable, notPermitted, RestError } from './rest-error'
import type { Later } from './rest-later.sql'
import { compileQuery, type Node } from './rest-node.sql'
import { type BodyRow, bodyOfSql } from './rest-read.sql'
import { type RestScope, tableAt, visibleColumn } from './rest-scope'
import { countBrokenSql } from './rest-write.sql'

/** A write that is read and permitted, before anything is asked of the database. */
export interface PlannedWrite {
  readonly call: RestCall
  readonly scope: RestScope
  readonly write: WriteScope
  readonly table: StoredTable
}

export interface Writing extends PlannedWrite {
  readonly tx: Transaction
}

/** The schema is held by the transaction. */
export async function open(tx: Transaction, database: DatabaseRow, call: RestCall): Promise<Writing> {
  const { principal, rules, caller, tableName } = call
  // The table first: what is not there has PostgREST's own code.
  const write = await openTable(tx, { database, principal }, tableName).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'NOT_FOUND') throw noTable(tableName)
    throw error
  })
  const scope = { projectId: database.project_id, tables: write.all, rules, caller }
  return { tx, call, scope, write, table: tableAt(scope, tableName) }
}

/** The select of the answer, which needs the right to read; null when nothing is answered. Its filters are spent. */
export function representation({ call, scope, table }: PlannedWrite): Node | null {
  if (call.prefer.return !== 'representation') return null
  const { select, embedded, columns, onConflict } = call.query
  const root = { filters: [], order: [], limit: null, offset: 0 }
  const node = compileQuery(scope, table, { select, root, embedded, columns, onConflict })
  if (node.groups !== null) throw new RestError(400, 'PGRST123', 'Use of aggregate functions is not allowed in a write')
  return node
}

export async function represent({ tx, call }: Writing, node: Node | null, ids: readonly string[]): Promise<Answered> {
  if (node === null) return { body: null, count: ids.length }
  const [row] = await tx.query<BodyRow>(bodyOfSql(node, ids, call.accept.isStripped))
  return { body: row?.body ?? '[]', count: row?.count ?? 0, outputs: node.outputs }
}

/** The records of the body, with the columns of the address where that names them. */
export function recordsOfBody(
  { call, scope, table }: PlannedWrite,
  body: unknown,
  isOne = false,
): readonly JsonObject[] {
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
    const sent = asTyped(table, value, call.isTextBody === true)
    if (names === null) return sent
    const given = names.filter((name) => Object.hasOwn(sent, name) || (call.prefer.missing === 'null' && !isOne))
    return Object.fromEntries(given.map((name) => [name, sent[name] ?? null]))
  })
}

/** As Postgres reads a row of JSON. Of a row that is all text, the text of a JSON column is JSON. */
function asTyped(table: StoredTable, row: JsonObject, isText: boolean): JsonObject {
  const { byName } = planOf(table)
  const changed = Object.entries(row).flatMap(([name, value]): [string, JsonValue][] => {
    const type = byName.get(name)?.type
    if (!type || value === null) return []
    if (type.base === 'jsonb' && !type.array) {
      const read = isText && typeof value === 'string' ? parseValue(type, value) : null
      return read?.ok ? [[name, read.value]] : []
    }
    const read = lenientValue(type, value)
    return read === undefined ? [] : [[name, read]]
  })
  return changed.length === 0 ? row : { ...row, ...Object.fromEntries(changed) }
}

/** What the filters of the address choose, of what the caller may see. A write of everything has to be meant. */
export function chosen({ call, scope, table }: PlannedWrite, verb: 'UPDATE' | 'DELETE', later?: Later): Node {
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
  return compileQuery(scope, table, query, later)
}

/** 42501 when a record is now one that the rule does not let the caller have written. */
export async function checkAllowed(
  { tx, call, table, write }: Writing,
  permission: Permission,
  ids: readonly string[],
): Promise<void> {
  if (permission.kind === 'all' || ids.length === 0) return
  if (permission.kind === 'denied') throw notPermitted(permission.because, call.caller.role === 'anonymous')
  const [broken] = await tx.query<{ count: number }>(countBrokenSql(write, ids, permitted(permission, 'd')))
  if (broken && broken.count > 0) throw brokenRule(table.schema.name, call.caller.role === 'anonymous')
}

export function checkAffected({ prefer }: RestCall, count: number): void {
  if (prefer.maxAffected === null || count <= prefer.maxAffected) return
  throw new RestError(400, 'PGRST124', 'Query result exceeds max-affected preference constraint', {
    details: `The query affects ${count} rows`,
  })
}

export async function writeChanges(
  { tx, write }: Writing,
  changes: readonly { readonly id: string; readonly data: JsonObject }[],
): Promise<void> {
  for (const group of alike(write, changes)) {
    const { columns } = group
    await checkUpdated(tx, write, columns, group.changes, await updateSet(tx, write, columns, group.changes))
  }
}

export async function note({ tx, write, table, call }: Writing, action: string, sentence: string): Promise<void> {
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

export function recordsIn(table: StoredTable, count: number): string {
  // Words of a language cost more to ask for than the rest of a short write.
  const number = count < 1_000 ? String(count) : count.toLocaleString('en')
  return `${number} ${count === 1 ? 'record' : 'records'} in ${table.schema.name}`
}
