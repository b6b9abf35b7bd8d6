import type { JsonObject } from '@shared/json'
import { type SqlQuery, sql } from '../../db/sql'

/** Lines of one trip, and bytes of their documents as they are stored; a single line may have more. */
const mostLines = 2_000
const mostBytes = 8_000_000

export interface KeptRow {
  readonly key: string
  /** JSON as text: a number of a record may have more digits than JavaScript's. */
  readonly row: string
}

/** What a table of the original is called there. */
export interface CarriedTo {
  readonly from: string
  readonly to: string
  /** Layout keys of the original and those there; null where they are the same. */
  readonly keys: JsonObject | null
}

/**
 * The change log from `after` to `until`, oldest first. Not the single lines of tables that were filled at once: their
 * records have such lines of the copy.
 */
export function selectHistorySql(projectId: string, after: string, until: string): SqlQuery {
  return sql`select s.id::text as key, (to_jsonb(s) - 'bytes')::text as row
    from (
      select c.*, sum(coalesce(pg_column_size(c.before), 0) + coalesce(pg_column_size(c.after), 0))
        over (order by c.id rows between unbounded preceding and 1 preceding) as bytes
      from (
        select c.id, c.at, c.operation, c.table_id, c.record_id, c.op, c.revision, c.before, c.after, c.actor_id, c.actor
        from studio.changes c
        where c.project_id = ${projectId} and c.id > ${after}::bigint and c.id <= ${until}::bigint and c.op <> 'load'
        order by c.id limit ${mostLines}
      ) c
    ) s
    where s.bytes is null or s.bytes < ${mostBytes}::integer
    order by s.id`
}

export interface Carrying {
  readonly projectId: string
  readonly tables: readonly CarriedTo[]
  /** Accounts: the original's owner is that one there. */
  readonly owner: { readonly from: string; readonly to: string }
}

/** In their order. Lines of tables that are gone go as well. */
export function insertHistorySql({ projectId, tables, owner }: Carrying, rows: readonly string[]): SqlQuery {
  return sql`insert into studio.changes
      (project_id, at, operation, table_id, record_id, op, revision, before, after, actor_id, actor)
    select ${projectId}::uuid, r.at, r.operation, t.to, r.record_id, r.op, r.revision,
      ${renamed(sql`r.before`)}, ${renamed(sql`r.after`)}, ${actor(owner)}, r.actor
    from unnest(${rows}::text[]) with ordinality x (line, place)
    cross join lateral jsonb_to_record(x.line::jsonb) as r (at timestamptz, operation uuid, table_id uuid, record_id uuid, op text,
        revision integer, before jsonb, after jsonb, actor_id uuid, actor text)
    join jsonb_to_recordset(${JSON.stringify(tables)}::jsonb) as t ("from" uuid, "to" uuid, keys jsonb)
      on t.from = r.table_id
    order by x.place`
}

/** A document by the keys that its table has there; what a column held that is gone is left out. */
function renamed(document: SqlQuery): SqlQuery {
  return sql`case when t.keys is null or r.record_id is null or ${document} is null then ${document} else (
      select coalesce(jsonb_object_agg(t.keys ->> e.key, e.value), '{}') from jsonb_each(${document}) e where t.keys ? e.key
    ) end`
}

function actor({ from, to }: Carrying['owner']): SqlQuery {
  return sql`case when r.actor_id = ${from}::uuid then ${to}::uuid else r.actor_id end`
}

export function selectAuditSql(projectId: string, after: string): SqlQuery {
  return sql`select a.id::text as key, to_jsonb(a)::text as row from studio.audit a
    where a.project_id = ${projectId} and a.id > ${after}::bigint order by a.id limit ${mostLines}`
}

export function insertAuditSql({ projectId, tables, owner }: Carrying, rows: readonly string[]): SqlQuery {
  return sql`insert into studio.audit
      (project_id, at, actor_id, actor, action, sentence, table_id, details, operation, chain)
    select ${projectId}::uuid, r.at, ${actor(owner)}, r.actor, r.action, r.sentence, t.to, r.details, r.operation, r.chain
    from unnest(${rows}::text[]) with ordinality x (line, place)
    cross join lateral jsonb_to_record(x.line::jsonb) as r (at timestamptz, actor_id uuid, actor text, action text, sentence text,
        table_id uuid, details jsonb, operation uuid, chain uuid)
    left join jsonb_to_recordset(${JSON.stringify(tables)}::jsonb) as t ("from" uuid, "to" uuid) on t.from = r.table_id
    order by x.place`
}

export function selectVersionsSql(projectId: string, after: string): SqlQuery {
  return sql`select v.number::text as key, (to_jsonb(v) || jsonb_build_object('tables', (
      select coalesce(jsonb_agg(to_jsonb(t)), '[]') from studio.schema_version_tables t
      where t.project_id = v.project_id and t.database_id = v.database_id and t.number = v.number
    )))::text as row
    from studio.schema_versions v where v.project_id = ${projectId} and v.number > ${after}::integer
    order by v.number limit 200`
}

export function insertVersionsSql(
  { projectId, tables, owner }: Carrying,
  databaseId: string,
  rows: readonly string[],
): SqlQuery {
  return sql`with versions as (
      select x.line::jsonb as line from unnest(${rows}::text[]) x (line)
    ), made as (
      insert into studio.schema_versions (project_id, database_id, number, name, sentence, actor_id, actor, at, edits)
      select ${projectId}::uuid, ${databaseId}::uuid, r.number, r.name, r.sentence, ${actor(owner)}, r.actor, r.at, r.edits
      from versions v, lateral jsonb_to_record(v.line) as r (number integer, name text, sentence text, actor_id uuid,
        actor text, at timestamptz, edits jsonb)
      returning number
    )
    insert into studio.schema_version_tables (project_id, database_id, table_id, number, since, schema)
    select ${projectId}::uuid, ${databaseId}::uuid, coalesce(m.to, t.table_id), made.number, t.since, t.schema
    from versions v cross join lateral jsonb_to_recordset(v.line -> 'tables') as t (table_id uuid, number integer, since timestamptz,
      schema jsonb)
    join made on made.number = t.number
    left join jsonb_to_recordset(${JSON.stringify(tables)}::jsonb) as m ("from" uuid, "to" uuid) on m.from = t.table_id`
}
