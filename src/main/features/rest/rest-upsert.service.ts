import { AppError } from '@shared/app-error'
import { primaryKeyOf } from '@shared/domain/table-schema'
import type { JsonObject, JsonValue } from '@shared/json'
import { join } from '../../db/sql'
import type { PlannedColumn } from '../records/record-plan'
import { readValues } from '../records/record-values'
import type { WriteScope } from '../records/write-scope'
import { type Permission, permitted } from '../rules/access'
import { keyRulesOf } from '../tables/key-rule'
import type { StoredTable } from '../tables/stored-table'
import { draftsOf, insertDrafts, owned } from './rest-drafts'
import { brokenRule, RestError } from './rest-error'
import { permissionOf, visibleColumn } from './rest-scope'
import { countAllowedSql, existingSql, rollbackToSavepointSql, savepointSql } from './rest-write.sql'
import { checkAllowed, note, type Writing, writeChanges } from './rest-writing'

/** How often somebody else may come first with the same key. */
const attempts = 4

export interface Upserted {
  /** Of what was written, in the order of the body. */
  readonly ids: readonly string[]
  readonly created: number
}

/** Finds what is there by its key, writes the rest, and looks again when somebody else was faster. */
export async function upsert(
  writing: Writing,
  permission: Permission,
  inputs: readonly JsonObject[],
  isMerge: boolean,
): Promise<Upserted> {
  const { tx, scope, table, write } = writing
  const key = conflictColumns(writing)
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
      const ids = drafts.flatMap((_, index) => created.get(index) ?? (isMerge ? (there.get(index) ?? []) : []))
      return { ids, created: inserted.length }
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
  const names = call.query.onConflict ?? primaryKeyOf(table.schema).map(({ name }) => name)
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
