import { identifier, inlined, join, type SqlQuery, sql } from '../../db/sql'
import { ruleValue } from '../store/write-row.sql'
import {
  buildDocument,
  documentOf,
  jsonColumn,
  keyText,
  ownRecords,
  recordId,
  recordRevision,
  recordsOf,
  storedValue,
  typeSql,
} from '../tables/column.sql'
import type { KeyRule } from '../tables/key-rule'
import type { StoredTable } from '../tables/stored-table'
import { loggedSql, notedSql, toldSql } from './change-log.sql'
import { type PlannedColumn, planOf } from './record-plan'
import { wholeRecord } from './record-row.sql'
import { slot } from './statement'

/**
 * Sets of records, each written by one statement with its unique keys (shared tier), its changes and its entry in the
 * audit: 1.3 times the time of the bare insert of 50,000 (design: one change log). All are templates with slots.
 */

const none = sql``

/**
 * `careful` leaves out what is not unique and tells it; otherwise the first such record is an error. Careful costs a
 * second look at each index: the bare insert of 10,000 into a dedicated table takes twice the time.
 */
export type Care = 'careful' | 'quick'

/**
 * Slot `records`: [{_id, and the members of the document}]. One row: `written`, the ids, when some were not new or not
 * unique; `clashes`, of keys.
 */
export function insertTemplate(
  projectId: string,
  table: StoredTable,
  care: Care,
  told = toldSql(projectId, table),
): SqlQuery {
  const isKeyed = table.storage.tier === 'shared' && planOf(table).rules.length > 0
  const keys = isKeyed ? insertedKeys(projectId, table, care) : none
  const clashes = isKeyed ? sql`(select count(*) from wanted) - (select count(*) from keyed)` : sql`0`
  return sql`with sent as materialized (
      select ${slot('records')}::jsonb as records
    ), new as materialized (
      select (e.record ->> '_id')::uuid as id, e.record - '_id' as data
      from sent cross join lateral jsonb_array_elements(sent.records) as e (record)
    ), written as (${insertRows(projectId, table, care)}) ${keys}, logged as (
      ${loggedSql(projectId, table, sql`select new.id, 'insert'::text, 1, null::jsonb, new.data from new`)}
    ), noted as (
      ${notedSql(projectId, table, sql`select ${slot('sentence')}::text as sentence`)}
    )
    select ${care === 'quick' ? sql`null::text[]` : refusedIds} as written,
      ${care === 'quick' ? sql`0` : sql`(${clashes})::integer`} as clashes, ${told}`
}

const refusedIds = sql`(select case when count(*) < (select count(*) from new)
  then coalesce(array_agg(written.id::text), '{}') end from written)`

function insertRows(projectId: string, table: StoredTable, care: Care): SqlQuery {
  const conflict = care === 'careful' ? sql`on conflict do nothing` : none
  if (table.storage.tier === 'shared')
    return sql`insert into studio.project_data as d (project_id, table_id, id, data)
      select ${projectId}::uuid, ${table.id}::uuid, new.id, new.data from new
      ${conflict} returning d.id, d.data`
  const { stored } = planOf(table)
  const names = join([sql`_id`, ...stored.map(({ key }) => identifier(key))], ', ')
  const values = join([sql`r._id`, ...stored.map(({ key }) => sql`r.${identifier(key)}`)], ', ')
  return sql`insert into ${relationOf(table)} (${names})
    select ${values} from sent cross join lateral jsonb_to_recordset(sent.records) as r (${typedNames([sql`_id uuid`], stored)})
    ${conflict} ${care === 'careful' ? sql`returning _id as id` : none}`
}

/** Members of a document in the columns' types. Canonical JSON is what the types' input functions read. */
function typedNames(first: readonly SqlQuery[], columns: readonly PlannedColumn[]): SqlQuery {
  return join([...first, ...columns.map(({ key, type }) => sql`${identifier(key)} ${typeSql(type)}`)], ', ')
}

/** The members of a document, as `v`. */
export function typedMembers(columns: readonly PlannedColumn[], data: SqlQuery): SqlQuery {
  return columns.length === 0
    ? none
    : sql`cross join lateral jsonb_to_record(${data}) as v (${typedNames([], columns)})`
}

function insertedKeys(projectId: string, table: StoredTable, care: Care): SqlQuery {
  const values = planOf(table).rules.map(
    (rule) => sql`select w.id, ${rule.rule}::text as rule, ${keyOf(table, rule, 'w')} as value from written w`,
  )
  return sql`, wanted as materialized (
      select k.* from (${unionAll(values)}) k where k.value is not null
    ), keyed as (
      insert into studio.project_keys as k (project_id, table_id, rule, value, record_id)
      select ${projectId}::uuid, ${table.id}::uuid, wanted.rule, wanted.value, wanted.id from wanted
      order by wanted.rule, wanted.value
      ${care === 'careful' ? sql`on conflict do nothing returning k.rule` : none}
    )`
}

/** The value that is there once, as `project_keys` has it; NULL when a column of the rule is NULL. */
export function keyOf(table: StoredTable, { columns }: KeyRule, row: string): SqlQuery {
  const texts = columns.map((column) => {
    const { type } = planned(table, column.name)
    return inlined(keyText(type, storedValue(table, column, row)))
  })
  if (columns.length === 1) return ruleValue(texts)
  const filled = columns.map((column) => inlined(sql`${storedValue(table, column, row)} is not null`))
  return sql`case when ${join(filled, ' and ')} then ${ruleValue(texts)} end`
}

/** Which of the rows of the shared tier could not have the keys they need. Slot `ids`. */
export function clashesTemplate(projectId: string, table: StoredTable): SqlQuery {
  const values = planOf(table).rules.map(
    (rule) => sql`select d.id, ${rule.rule}::text as rule, ${keyOf(table, rule, 'd')} as value
      from studio.project_data d
      where d.project_id = ${projectId} and d.table_id = ${table.id} and d.id = any(${slot('ids')}::uuid[])`,
  )
  return sql`select w.id, w.rule from (${unionAll(values)}) w
    where w.value is not null and not exists (
      select from studio.project_keys k where k.project_id = ${projectId} and k.table_id = ${table.id}
        and k.rule = w.rule and k.value = w.value and k.record_id = w.id)`
}

/** Which rules a refused row of the dedicated tier would break: a column for each, `r0`, `r1`, ... Slots `id`, `data`. */
export function takenTemplate(projectId: string, table: StoredTable): SqlQuery {
  const { rules, stored } = planOf(table)
  const own = ownRecords(projectId, table, 'd')
  const taken = rules.map(({ columns }, index) => {
    const same = columns.map((column) => {
      const { key } = planned(table, column.name)
      return sql`d.${identifier(key)} = v.${identifier(key)}`
    })
    return sql`exists (select from ${recordsOf(table, 'd')} where ${own} and ${join(same, ' and ')}) as ${identifier(`r${index}`)}`
  })
  const id = sql`exists (select from ${recordsOf(table, 'd')} where ${own} and d._id = ${slot('id')}::uuid) as id`
  return sql`select ${join([id, ...taken], ', ')}
    from (select ${slot('data')}::jsonb as data) new ${typedMembers(stored, sql`new.data`)}`
}

/**
 * Slot `records`: [{id, revision?, data}], where `data` has exactly these columns, NULLs too. A row for each record that
 * was there in the revision that was asked for: the record, `changed`, the members that are no longer what they were,
 * and in all rows alike `clashes`.
 */
export function updateTemplate(projectId: string, table: StoredTable, columns: readonly PlannedColumn[]): SqlQuery {
  const { names } = wholeRecord(table)
  const old = sql`old as materialized (
      select d.*, new.data as _patch
      from jsonb_to_recordset(${slot('records')}::jsonb) as new (id uuid, revision integer, data jsonb)
      join ${recordsOf(table, 'd')} on new.id = ${recordId(table, 'd')}
      where ${ownRecords(projectId, table, 'd')} and (new.revision is null or new.revision = ${recordRevision(table, 'd')})
      order by ${recordId(table, 'd')} for no key update of d
    )`
  const { steps, clashes } = updateSteps(projectId, table, columns)
  return sql`with ${old}, ${steps}, noted as (
      ${notedSql(projectId, table, sql`select ${slot('sentence')}::text as sentence`)}
    )
    select ${join(
      names.map((name) => sql`differing.${identifier(name)}`),
      ', ',
    )}, differing._was as _changed, (${clashes})::integer as _clashes,
      ${toldSql(projectId, table)}
    from differing`
}

/**
 * `old` are the rows as they are, locked, with `_patch`, the members that are to be written. No step joins another: the
 * planner takes each for a few rows, and went through 10,000 of them 10,000 times (18 s; now 2 s).
 */
export function updateSteps(
  projectId: string,
  table: StoredTable,
  columns: readonly PlannedColumn[],
  logged: typeof loggedSql = loggedSql,
): { readonly steps: SqlQuery; readonly clashes: SqlQuery; readonly isKeyed: boolean } {
  const projection = wholeRecord(table)
  const keys = table.storage.tier === 'shared' ? updatedKeys(projectId, table, columns) : none
  const isKeyed = keys !== none
  const clashes = isKeyed
    ? sql`(select count(*) from moved where value is not null) - (select count(*) from keyed)`
    : sql`0`
  const before = inlined(
    buildDocument(
      columns.map(({ key, column }) => [key, sql`coalesce(${jsonColumn(table, column, 'old')}, 'null'::jsonb)`]),
    ),
  )
  const steps = sql`written as (
      update ${recordsOf(table, 'd')} set ${assignments(table, columns)}
      from old ${table.storage.tier === 'dedicated' ? typedMembers(columns, sql`old._patch`) : none}
      where ${ownRecords(projectId, table, 'd')} and ${recordId(table, 'd')} = ${recordId(table, 'old')}
      returning ${before} as _before, old._patch, ${isKeyed ? sql`old.data as _old,` : none} ${projection.list}
    ), differing as materialized (
      select written.*, coalesce(m.before, '{}') as _was, coalesce(m.after, '{}') as _now
      from written cross join lateral (
        select jsonb_object_agg(p.key, written._before -> p.key) as before, jsonb_object_agg(p.key, p.value) as after
        from jsonb_each(written._patch) p where written._before -> p.key <> p.value
      ) m
    ) ${keys}, logged as (
      ${logged(projectId, table, sql`select _id, 'update'::text, _revision, _was, _now from differing`)}
    )`
  return { steps, clashes, isKeyed }
}

function assignments(table: StoredTable, columns: readonly PlannedColumn[]): SqlQuery {
  if (table.storage.tier === 'shared')
    return sql`data = d.data || old._patch, revision = d.revision + 1, updated_at = now()`
  const values = columns.map(({ key }) => sql`${identifier(key)} = v.${identifier(key)}`)
  return join([...values, sql`_revision = d._revision + 1`, sql`_updated = now()`], ', ')
}

/**
 * The keys of the rules that the columns touch. Those that go are gone before those that come are inserted, which reads
 * `removed` for that: so two records of a set can change their values with each other.
 */
function updatedKeys(projectId: string, table: StoredTable, columns: readonly PlannedColumn[]): SqlQuery {
  const touched = planOf(table).rules.filter((rule) =>
    rule.columns.some(({ name }) => columns.some((column) => column.name === name)),
  )
  if (touched.length === 0) return none
  const values = touched.map(
    (rule) => sql`select written._id as id, ${rule.rule}::text as rule, ${keyOf(table, rule, 'was')} as old_value,
        ${keyOf(table, rule, 'now')} as value
      from written cross join lateral (select written._id as id, written._old as data) was
      cross join lateral (select written._id as id, written.data) now`,
  )
  return sql`, moved as materialized (
      select k.* from (${unionAll(values)}) k where k.value is distinct from k.old_value
    ), removed as (
      delete from studio.project_keys k using moved
      where k.project_id = ${projectId} and k.table_id = ${table.id} and k.rule = moved.rule
        and k.value = moved.old_value and k.record_id = moved.id
      returning k.rule
    ), keyed as (
      insert into studio.project_keys as k (project_id, table_id, rule, value, record_id)
      select ${projectId}::uuid, ${table.id}::uuid, moved.rule, moved.value, moved.id from moved
      where moved.value is not null and (select count(*) from removed) >= 0
      order by moved.rule, moved.value
      on conflict do nothing returning k.rule
    )`
}

/**
 * Deletes what `where` matches of the row `d`, and the keys of the shared tier by their foreign key. Answers `count`
 * and as `t0`, `t1`, ... the values of `targets`, which others may point to. `sentence` is made of `n`, how many went.
 */
export function deleteStatement(
  projectId: string,
  table: StoredTable,
  where: SqlQuery,
  targets: readonly PlannedColumn[],
  sentence: SqlQuery,
): SqlQuery {
  const values = targets.map(({ column }, at) => sql`${jsonColumn(table, column, 'd')} as ${identifier(`t${at}`)}`)
  const gathered = targets.map((_, at) => {
    const value = identifier(`t${at}`)
    return sql`(select jsonb_agg(${value}) from gone where ${value} is not null) as ${value}`
  })
  return sql`with gone as (
      delete from ${recordsOf(table, 'd')} where ${ownRecords(projectId, table, 'd')} and ${where}
      returning ${join([sql`${recordId(table, 'd')} as id`, sql`${recordRevision(table, 'd')} as revision`, sql`${documentOf(table, 'd')} as before`, ...values], ', ')}
    ), logged as (
      ${loggedSql(projectId, table, sql`select id, 'delete'::text, revision, before, null::jsonb from gone`)}
    ), counted as materialized (
      select count(*)::integer as n from gone
    ), noted as (
      ${notedSql(projectId, table, sql`select ${sentence} as sentence from counted where n > 0`)}
    )
    select ${join([sql`n as count`, ...gathered, sql`case when n > 0 then ${toldOnly(projectId, table)} end as told`], ', ')}
    from counted`
}

/** Of `n` deleted records. */
export function deletedSentence(tableName: string): SqlQuery {
  return sql`'Deleted ' || case n when 1 then '1 record' else trim(to_char(n, '999,999,999,999')) || ' records' end
    || ${` of ${tableName}.`}::text`
}

export const savepointSql = sql`savepoint records`
export const rollbackToSavepointSql = sql`rollback to savepoint records`

function toldOnly(projectId: string, table: StoredTable): SqlQuery {
  return sql`(select studio.tell(${projectId}::uuid, 'records', ${table.id}::uuid))::text`
}

export function relationOf(table: StoredTable): SqlQuery {
  return table.storage.tier === 'shared'
    ? sql`studio.project_data`
    : sql`studio_rows.${identifier(table.storage.relation)}`
}

function planned(table: StoredTable, name: string): PlannedColumn {
  const column = planOf(table).byName.get(name)
  if (!column) throw new Error(`No column ${name}`)
  return column
}

function unionAll(selects: readonly SqlQuery[]): SqlQuery {
  const [first = sql`select`, ...more] = selects
  return more.reduce((all, one) => sql`${all} union all ${one}`, first)
}
