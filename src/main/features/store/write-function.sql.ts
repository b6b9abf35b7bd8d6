import { typeOf } from '@shared/domain/check-table'
import { isTouchedOnWrite } from '@shared/domain/column-default'
import { isSecretColumn } from '@shared/domain/secret-column'
import { type ColumnSchema, primaryKeyOf } from '@shared/domain/table-schema'
import { identifier, inlined, join, type SqlQuery, sql } from '../../db/sql'
import {
  buildDocument,
  canonicalJson,
  documentOf,
  isRecordId,
  keyText,
  ownRecords,
  recordId,
  recordRevision,
  recordsOf,
  storedValue,
} from '../tables/column.sql'
import { type KeyRule, keyRulesOf } from '../tables/key-rule'
import { placeOf } from '../tables/layout'
import { type Referrer, referrersOf, type StoredTable } from '../tables/stored-table'
import { functionName, type Place, viewName } from './view.sql'

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

interface Context {
  readonly place: Place
  readonly tables: readonly StoredTable[]
  readonly table: StoredTable
  readonly rules: readonly KeyRule[]
}

const nothing = sql``

function lines(parts: readonly SqlQuery[]): SqlQuery {
  return join(parts, ' ')
}

function field(row: 'new' | 'old', column: ColumnSchema): SqlQuery {
  return row === 'new' ? sql`new.${identifier(column.name)}` : sql`old.${identifier(column.name)}`
}

function ownIdColumn(table: StoredTable): ColumnSchema | undefined {
  return table.schema.columns.find((column) => isRecordId(table, column))
}

/** Columns that the storage has; a uuid id is the record's own. */
function storedColumns(table: StoredTable): readonly ColumnSchema[] {
  return table.schema.columns.filter((column) => !isRecordId(table, column))
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

/** The relation of a dedicated table, as studio_store names it. */
function relation(table: StoredTable): SqlQuery {
  return table.storage.tier === 'dedicated'
    ? sql`studio_data.${identifier(table.storage.relation)}`
    : sql`studio.project_data`
}

/** The rows whose columns equal those of `new` or `old`. */
function matches(table: StoredTable, columns: readonly ColumnSchema[], row: 'new' | 'old'): SqlQuery {
  return join(
    columns.map((column) => sql`${storedValue(table, column, 'd')} = ${field(row, column)}`),
    ' and ',
  )
}

function insertKey({ place, table }: Context, rule: KeyRule): SqlQuery {
  return sql`if ${filled(rule, 'new')} then
      insert into studio.project_keys (project_id, table_id, rule, value, record_id)
        values (${place.projectId}, ${table.id}, ${rule.rule}, ${keyValue(rule, 'new')}, v_id) on conflict do nothing;
      if not found then ${refuseTaken(table, rule.columns)} end if;
    end if;`
}

function filled(rule: KeyRule, row: 'new' | 'old'): SqlQuery {
  return join(
    rule.columns.map((column) => sql`${field(row, column)} is not null`),
    ' and ',
  )
}

function keyValue(rule: KeyRule, row: 'new' | 'old'): SqlQuery {
  return ruleValue(rule.columns.map((column) => keyText(typeOf(column), field(row, column))))
}

/** `project_keys.value` of the texts of a rule's columns. */
export function ruleValue(texts: readonly SqlQuery[]): SqlQuery {
  const [first = sql`null`, ...more] = texts
  return more.length === 0
    ? sql`studio.key_value(${first})`
    : sql`studio.key_value(jsonb_build_array(${join(texts, ', ')})::text)`
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

function differ(columns: readonly ColumnSchema[]): SqlQuery {
  return join(
    columns.map((column) => sql`${field('new', column)} is distinct from ${field('old', column)}`),
    ' or ',
  )
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

// What they share ---------------------------------------------------------------------------------------------------

/**
 * The stored record behind `old`, locked: by its id, its key, or, without one, any that is equal to it in every column.
 * `v_changed`: it is no longer what the statement saw; `v_own`: because this very statement has changed it.
 */
function find(context: Context, lock: SqlQuery): SqlQuery {
  const { place, table, rules } = context
  const shown = table.schema.columns.filter(({ name }) => !isSecretColumn(table.schema.name, name))
  const current = join(
    shown.map((column) => storedValue(table, column, 'd')),
    ', ',
  )
  const seen = join(
    shown.map((column) => field('old', column)),
    ', ',
  )
  const id = ownIdColumn(table)
  const primary = rules.find(({ isPrimary }) => isPrimary)
  const isKeyless = primaryKeyOf(table.schema).length === 0
  const which = id
    ? sql`${recordId(table, 'd')} = ${field('old', id)}`
    : primary && table.storage.tier === 'shared'
      ? sql`d.id = (select k.record_id from studio.project_keys k where k.project_id = ${place.projectId}
          and k.table_id = ${table.id} and k.rule = ${primary.rule} and k.value = ${keyValue(primary, 'old')})`
      : primary
        ? matches(table, primary.columns, 'old')
        : sql`row(${current}) is not distinct from row(${seen})`
  return sql`select ${recordId(table, 'd')}, ${recordRevision(table, 'd')}, ${documentOf(table, 'd')},
        row(${current}) is distinct from row(${seen}), d.xmin = pg_current_xact_id()::xid
      into v_id, v_revision, v_before, v_changed, v_own
      from ${recordsOf(table, 'd', 'store')}
      where ${ownRecords(place.projectId, table, 'd')} and ${which}
      ${isKeyless ? sql`limit 1` : nothing} ${lock};
    if not found then return null; end if;`
}

/** Required, and what the canonical form cannot hold. */
function valueChecks({ table }: Context): SqlQuery {
  return lines(
    table.schema.columns.map((column) => {
      const type = typeOf(column)
      const value = field('new', column)
      const secret = isSecretColumn(table.schema.name, column.name)
      const isRequired = (column.required === true || column.primary_key === true) && !isRecordId(table, column)
      const required = !isRequired
        ? nothing
        : sql`if ${value} is null ${secret ? sql`and tg_op = 'INSERT'` : nothing} then ${refuse(
            '23502',
            sql`${`Column "${column.name}" of table "${table.schema.name}" is required. Fill it in.`}`,
            table,
            column,
            'required',
          )} end if;`
      const bcrypt = !secret
        ? nothing
        : sql`if ${value} !~ '^\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{53}$' then ${refuse(
            '22023',
            sql`${`Column "${column.name}" of table "${table.schema.name}" takes bcrypt hashes. Sign people up through the studio or its API, which hash their passwords.`}`,
            table,
            column,
            'type',
          )} end if;`
      const isMoment = !type.array && ['date', 'timestamp', 'timestamptz'].includes(type.base)
      const years = !isMoment
        ? nothing
        : sql`if not (isfinite(${value}) and ${value} >= '0001-01-01' and ${value} < '10000-01-01') then ${refuse(
            '22008',
            sql`${`Column "${column.name}" of table "${table.schema.name}" takes the years 0001 to 9999.`}`,
            table,
            column,
            'type',
          )} end if;`
      return sql`${required} ${bcrypt} ${years}`
    }),
  )
}

function document(table: StoredTable): SqlQuery {
  const members = storedColumns(table).map((column) => {
    const { key } = placeOf(table.layout, column.name)
    const json = sql`coalesce(${canonicalJson(typeOf(column), field('new', column))}, 'null'::jsonb)`
    const isSecret = isSecretColumn(table.schema.name, column.name)
    return [key, isSecret ? sql`coalesce(to_jsonb(${field('new', column)}), v_before -> ${key}::text)` : json] as const
  })
  return buildDocument(members)
}

function hideSecret(table: StoredTable): SqlQuery {
  const secret = table.schema.columns.find(({ name }) => isSecretColumn(table.schema.name, name))
  return secret ? sql`${field('new', secret)} := null;` : nothing
}

/** Locks what the reference points to until the transaction ends, so that it cannot go meanwhile. */
function referenceCheck(context: Context, column: ColumnSchema, onlyIf: SqlQuery): SqlQuery {
  const { place, tables } = context
  const { references } = column
  const target = tables.find(({ schema }) => schema.name === references?.table)
  const key = target?.schema.columns.find(({ name }) => name === references?.column)
  if (!target || !key) return nothing
  const value = field('new', column)
  const what = `"${target.schema.name}"."${key.name}"`
  return sql`if ${value} is not null ${onlyIf} then
      perform 1 from ${targetRow(place, target, key, value)} for key share;
      if not found then ${refuse(
        '23503',
        sql`${`Column "${column.name}" points to ${what}, where there is no `} || left(to_jsonb(${value})::text, 200) || '.'`,
        context.table,
        column,
        'reference',
        value,
      )} end if;
    end if;`
}

/** The row that stands for a value that others point to: FROM and WHERE. */
export function targetRow(place: Place, target: StoredTable, key: ColumnSchema, value: SqlQuery): SqlQuery {
  if (isRecordId(target, key) || target.storage.tier === 'dedicated')
    return sql`${recordsOf(target, 't', 'store')}
      where ${ownRecords(place.projectId, target, 't')} and ${storedValue(target, key, 't')} = ${value}`
  const rule = placeOf(target.layout, key.name).key
  return sql`studio.project_keys t where t.project_id = ${place.projectId} and t.table_id = ${target.id}
    and t.rule = ${rule} and t.value = ${ruleValue([keyText(typeOf(key), value)])}`
}

function log({ place, table }: Context, op: string, revision: SqlQuery, before: SqlQuery, after: SqlQuery): SqlQuery {
  return sql`perform studio.log_change(${place.projectId}, ${table.id}, ${table.schema.name}, v_id, ${op}, ${revision}, ${before}, ${after});`
}

function refuseTaken(table: StoredTable, columns: readonly ColumnSchema[]): SqlQuery {
  const shown = columns.map(
    (column, index) =>
      sql`${`${index === 0 ? '' : ' and '}"${column.name}" `} || left(to_jsonb(${field('new', column)})::text, 200)`,
  )
  const [first] = columns
  if (!first) return nothing
  const values = columns.map((column) => sql`to_jsonb(${field('new', column)})`)
  return refuse(
    '23505',
    sql`'There is already a record with ' || ${join(shown, ' || ')} || ${` in table "${table.schema.name}". Choose another value.`}`,
    table,
    first,
    'unique',
    columns.length === 1 ? field('new', first) : sql`jsonb_build_array(${join(values, ', ')})`,
    columns,
  )
}

function refuseReferenced(
  { table }: Context,
  { other, column, key }: { readonly other: StoredTable; readonly column: ColumnSchema; readonly key: ColumnSchema },
): SqlQuery {
  return refuse(
    '23503',
    sql`${`Records of table "${other.schema.name}" point by "${column.name}" to this record of "${table.schema.name}", so its "${key.name}" cannot go. Change or delete those first.`}`,
    other,
    column,
    'reference',
    field('old', key),
  )
}

function refuseRace(table: StoredTable): SqlQuery {
  return sql`perform studio.refuse('40001', ${`Someone else changed the same record of "${table.schema.name}" at the same moment. Run the statement again.`},
    ${JSON.stringify({ table: table.schema.name })}::jsonb);`
}

function refuse(
  state: string,
  sentence: SqlQuery,
  table: StoredTable,
  column: ColumnSchema,
  constraint: 'required' | 'unique' | 'reference' | 'type',
  value?: SqlQuery,
  columns: readonly ColumnSchema[] = [column],
): SqlQuery {
  const facts = {
    table: table.schema.name,
    column: column.name,
    columns: columns.map(({ name }) => name),
    constraint,
  }
  const more = value ? sql` || jsonb_build_object('value', studio.shown_value(to_jsonb(${value})))` : nothing
  return sql`perform studio.refuse(${state}, ${sentence}, ${JSON.stringify(facts)}::jsonb${more});`
}
