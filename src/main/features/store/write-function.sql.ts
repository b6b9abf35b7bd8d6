import { isTouchedOnWrite } from '@shared/domain/column-default'
import { isSecretColumn } from '@shared/domain/secret-column'
import type { ColumnSchema } from '@shared/domain/table-schema'
import { identifier, inlined, join, type SqlQuery, sql } from '../../db/sql'
import { isRecordId, ownRecords, recordId, recordsOf, storedValue } from '../tables/column.sql'
import { type KeyRule, keyRulesOf } from '../tables/key-rule'
import { placeOf } from '../tables/layout'
import { type Referrer, referrersOf, type StoredTable } from '../tables/stored-table'
import { functionName, type Place, viewName } from './view.sql'
import {
  type Context,
  differ,
  document,
  field,
  filled,
  find,
  hideSecret,
  keyValue,
  lines,
  log,
  matches,
  nothing,
  ownIdColumn,
  relation,
  storedColumns,
} from './write-row.sql'
import { referenceCheck, refuse, refuseRace, refuseReferenced, refuseTaken, valueChecks } from './write-rules.sql'

/**
 * The function behind a typed view: it does for one row of free SQL, in either tier, what the record service does for
 * sets: types, required, unique, references and their deletes, `updated_at`, the revision and the change log. It runs as
 * studio_store, and the ids of project and table are constants in it.
 *
 * A row that another transaction has changed since the statement began raises 40001: its new values were computed from
 * old ones, so to write them would lose the other's. The SQL procedure runs the statements again.
 */
export function writeFunctionSql(place: Place, tables: readonly StoredTable[], table: StoredTable): SqlQuery {
  const context: Context = { place, tables, table, rules: keyRulesOf(table) }
  const body = inlined(sql`
declare
  v_id uuid;
  v_revision integer;
  v_before jsonb;
  v_after jsonb;
  v_changed boolean;
  v_own boolean;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended(${`schema:${place.databaseId}`}, 0));
  if tg_op = 'INSERT' then
    ${insertBody(context)}
  elsif tg_op = 'UPDATE' then
    ${updateBody(context)}
  else
    ${deleteBody(context)}
  end if;
end`).text
  return inlined(sql`create or replace function ${functionName(table)}() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog set timezone = 'UTC' set datestyle = 'ISO, YMD' set intervalstyle = 'iso_8601'
    set extra_float_digits = 1
    as ${body}`)
}

// Insert ------------------------------------------------------------------------------------------------------------

function insertBody(context: Context): SqlQuery {
  const { table } = context
  const id = ownIdColumn(table)
  const makeId = id
    ? sql`if ${field('new', id)} is null then ${field('new', id)} := studio.new_id(); end if; v_id := ${field('new', id)};`
    : sql`v_id := studio.new_id();`
  return sql`${makeId}
    ${valueChecks(context)}
    v_after := ${document(table)};
    ${table.storage.tier === 'shared' ? insertShared(context) : insertDedicated(context)}
    ${lines(table.schema.columns.map((column) => referenceCheck(context, column, nothing)))}
    ${log(context, 'insert', sql`1`, sql`null`, sql`v_after`)}
    ${hideSecret(table)}
    return new;`
}

function insertShared(context: Context): SqlQuery {
  const { place, table, rules } = context
  const id = ownIdColumn(table)
  return sql`insert into studio.project_data (project_id, table_id, id, data)
      values (${place.projectId}, ${table.id}, v_id, v_after) on conflict do nothing;
    if not found then ${id ? refuseTaken(table, [id]) : nothing} end if;
    ${lines(rules.map((rule) => insertKey(context, rule)))}`
}

function insertDedicated(context: Context): SqlQuery {
  const { table, rules } = context
  const columns = storedColumns(table)
  const names = columns.map((column) => identifier(placeOf(table.layout, column.name).key))
  const id = ownIdColumn(table)
  const taken = rules.map(
    ({ columns: ruled }) =>
      sql`if exists (select from ${recordsOf(table, 'd', 'store')} where ${matches(table, ruled, 'new')}) then
        ${refuseTaken(table, ruled)} end if;`,
  )
  return sql`insert into ${relation(table)} (${join([sql`_id`, ...names], ', ')})
      values (${join([sql`v_id`, ...columns.map((column) => field('new', column))], ', ')}) on conflict do nothing;
    if not found then
      ${lines(taken)}
      ${id ? refuseTaken(table, [id]) : refuseRace(table)}
    end if;`
}

function insertKey({ place, table }: Context, rule: KeyRule): SqlQuery {
  return sql`if ${filled(rule, 'new')} then
      insert into studio.project_keys (project_id, table_id, rule, value, record_id)
        values (${place.projectId}, ${table.id}, ${rule.rule}, ${keyValue(rule, 'new')}, v_id) on conflict do nothing;
      if not found then ${refuseTaken(table, rule.columns)} end if;
    end if;`
}

// Update ------------------------------------------------------------------------------------------------------------

function updateBody(context: Context): SqlQuery {
  const { table } = context
  const id = ownIdColumn(table)
  const keepsId = id
    ? sql`if ${field('new', id)} is distinct from ${field('old', id)} then
        ${refuse('23514', sql`${'The id of a record cannot change. Insert a new record instead.'}`, table, id, 'type')}
      end if;`
    : nothing
  const touched = table.schema.columns
    .filter(isTouchedOnWrite)
    .map(
      (column) =>
        sql`if ${field('new', column)} is not distinct from ${field('old', column)} then ${field('new', column)} := now(); end if;`,
    )
  return sql`${find(context, sql`for no key update of d`)}
    if v_changed and v_own then return null; end if;
    if v_changed then ${refuseRace(table)} end if;
    ${keepsId}
    ${lines(touched)}
    ${valueChecks(context)}
    v_after := ${document(table)};
    ${table.storage.tier === 'shared' ? updateShared(context) : updateDedicated(context)}
    ${lines(
      table.schema.columns.map((column) =>
        referenceCheck(context, column, sql`and ${field('new', column)} is distinct from ${field('old', column)}`),
      ),
    )}
    ${lines(referrersOf(context.tables, table.schema.name).map((referrer) => keepsTarget(context, referrer)))}
    ${log(
      context,
      'update',
      sql`v_revision + 1`,
      sql`studio.members_before(v_before, v_after)`,
      sql`studio.members_after(v_before, v_after)`,
    )}
    ${hideSecret(table)}
    return new;`
}

function updateShared(context: Context): SqlQuery {
  const { place, table, rules } = context
  return sql`update studio.project_data d
      set data = d.data || v_after, revision = v_revision + 1, updated_at = now()
      where ${ownRecords(place.projectId, table, 'd')} and d.id = v_id;
    ${lines(rules.map((rule) => updateKey(context, rule)))}`
}

/** By its value, which is the whole key: 5,000 updates found by their record took 73 s while nothing was analysed. */
function updateKey(context: Context, rule: KeyRule): SqlQuery {
  const { place, table } = context
  return sql`if ${differ(rule.columns)} then
      if ${filled(rule, 'old')} then
        delete from studio.project_keys k where k.project_id = ${place.projectId} and k.table_id = ${table.id}
          and k.rule = ${rule.rule} and k.value = ${keyValue(rule, 'old')};
      end if;
      ${insertKey(context, rule)}
    end if;`
}

function updateDedicated(context: Context): SqlQuery {
  const { table, rules } = context
  const values = storedColumns(table).map(
    (column) => sql`${identifier(placeOf(table.layout, column.name).key)} = ${newStored(table, column)}`,
  )
  const taken = rules.map(
    ({ columns }) => sql`if (${differ(columns)}) and exists (
        select from ${recordsOf(table, 'd', 'store')} where ${matches(table, columns, 'new')} and d._id <> v_id
      ) then ${refuseTaken(table, columns)} end if;`,
  )
  return sql`${lines(taken)}
    update ${recordsOf(table, 'd', 'store')}
      set ${join([...values, sql`_revision = v_revision + 1`, sql`_updated = now()`], ', ')}
      where d._id = v_id;`
}

/** A secret that is written as NULL, as which it reads, stays what it is. */
function newStored(table: StoredTable, column: ColumnSchema): SqlQuery {
  return isSecretColumn(table.schema.name, column.name)
    ? sql`coalesce(${field('new', column)}, ${storedValue(table, column, 'd')})`
    : field('new', column)
}

/** A value that others point to cannot become another one. */
function keepsTarget(context: Context, { table: other, column, target }: Referrer): SqlQuery {
  const key = context.table.schema.columns.find(({ name }) => name === target)
  if (!key || isRecordId(context.table, key)) return nothing
  return sql`if ${field('old', key)} is distinct from ${field('new', key)} and exists (
      select from ${viewName(context.place, other.schema.name)} c where c.${identifier(column.name)} = ${field('old', key)}
    ) then ${refuseReferenced(context, { other, column, key })} end if;`
}

// Delete ------------------------------------------------------------------------------------------------------------

function deleteBody(context: Context): SqlQuery {
  const { place, table, tables } = context
  return sql`${find(context, sql`for update of d`)}
    if v_changed and not v_own then ${refuseRace(table)} end if;
    delete from ${recordsOf(table, 'd', 'store')}
      where ${ownRecords(place.projectId, table, 'd')} and ${recordId(table, 'd')} = v_id;
    ${log(context, 'delete', sql`v_revision`, sql`v_before`, sql`null`)}
    ${lines(referrersOf(tables, table.schema.name).map((referrer) => letGo(context, referrer)))}
    return old;`
}

/** What happens to the records that pointed to the one that went; by their own views, so all rules hold there too. */
function letGo(context: Context, { table: other, column, target, onDelete }: Referrer): SqlQuery {
  const key = context.table.schema.columns.find(({ name }) => name === target)
  if (!key) return nothing
  const view = viewName(context.place, other.schema.name)
  const points = sql`c.${identifier(column.name)} = ${field('old', key)}`
  if (onDelete === 'cascade') return sql`delete from ${view} c where ${points};`
  if (onDelete === 'set_null') return sql`update ${view} c set ${identifier(column.name)} = null where ${points};`
  return sql`if exists (select from ${view} c where ${points}) then
      ${refuseReferenced(context, { other, column, key })} end if;`
}
