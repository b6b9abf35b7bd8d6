import type { Client } from 'pg'

/**
 * Takes from `public`, in the studio's database, what would show one database's login the tables of all others, and what
 * runs SQL that no parser of ours has seen; the studio's own roles get it back. Row-level security would be finer, but
 * Postgres ignores it on its own catalogues (check_enable_rls in rls.c). What this cannot close is in the README. Only a
 * superuser may do it; without one nothing is changed. What is closed already stays as it is; a newer Postgres, or a
 * restored backup, may have opened some of it again.
 */
export async function closeCatalogue(client: Client): Promise<void> {
  const found = await client.query<{ superuser: boolean }>(
    'select rolsuper as superuser from pg_roles where rolname = current_user',
  )
  if (found.rows[0]?.superuser === true) await client.query(closingText)
}

/** Tables and views that name or count what belongs to others. Those that a version of Postgres lacks are passed over. */
const relations = [
  ...['pg_class', 'pg_attribute', 'pg_attrdef', 'pg_type', 'pg_proc', 'pg_rewrite', 'pg_trigger', 'pg_constraint'],
  ...['pg_index', 'pg_inherits', 'pg_partitioned_table', 'pg_sequence', 'pg_policy', 'pg_depend', 'pg_shdepend'],
  ...['pg_description', 'pg_shdescription', 'pg_seclabel', 'pg_shseclabel', 'pg_init_privs', 'pg_default_acl'],
  ...['pg_statistic_ext', 'pg_publication', 'pg_publication_rel', 'pg_publication_namespace', 'pg_event_trigger'],
  ...['pg_tables', 'pg_views', 'pg_matviews', 'pg_indexes', 'pg_rules', 'pg_policies', 'pg_sequences', 'pg_seclabels'],
  ...['pg_publication_tables', 'pg_roles', 'pg_user', 'pg_group', 'pg_auth_members', 'pg_db_role_setting', 'pg_locks'],
  ...['pg_stats', 'pg_stats_ext', 'pg_stats_ext_exprs', 'pg_prepared_xacts', 'pg_cursors', 'pg_namespace'],
] as const

/** By the beginning of their names: pg_stat_activity, pg_stat_all_tables, pg_statio_user_indexes, ... */
const relationFamilies = '^pg_stat(io)?_'

/**
 * Functions that run SQL or read tables named in text, that work on large objects, on locks and channels of the studio,
 * that tell the size or the definition of anything by its number, and `set_config`, which the studio's context is set by.
 * `pg_get_viewdef` and `pg_get_ruledef` read pg_rewrite as their caller, and information_schema.views calls the first.
 */
const functionFamilies = [
  '(query|table|cursor|schema|database)_to_xml(schema|_and_xmlschema)?',
  'ts_stat|ts_rewrite',
  'lo_.*|loread|lowrite',
  'pg_(try_)?advisory_.*',
  'set_config|pg_notify|pg_logical_emit_message|pg_export_snapshot',
  'pg_stat_get_.*|pg_stat_.*',
  'pg_(relation|table|total_relation|indexes|database|tablespace)_size',
  'pg_relation_filenode|pg_relation_filepath|pg_filenode_relation|pg_column_toast_chunk_id',
  'pg_get_(functiondef|function_sqlbody|indexdef|statisticsobjdef.*|partkeydef|acl)',
  'pg_(describe|identify)_object.*|pg_get_object_address',
  'pg_lock_status|pg_blocking_pids|pg_safe_snapshot_blocking_pids|pg_prepared_xact',
].join('|')

const closingText = `
do $$
declare
  studio text := 'studio_owner, studio_store, studio_app';
  item record;
begin
  for item in
    select c.oid::regclass::text as name from pg_class c
    where c.relkind in ('r', 'v')
      and (c.relnamespace = 'pg_catalog'::regnamespace
          and (c.relname = any('{${relations.join(',')}}') or c.relname ~ '${relationFamilies}')
        -- every type may be used by everybody, and each view has one of its name
        or c.oid = 'information_schema.udt_privileges'::regclass)
      and has_table_privilege('public', c.oid, 'select')
  loop
    execute format('revoke all on %s from public', item.name);
    execute format('grant select on %s to %s', item.name, studio);
  end loop;
  for item in
    select p.oid::regprocedure::text as name from pg_proc p
    where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind = 'f' and p.proname ~ '^(${functionFamilies})$'
      and has_function_privilege('public', p.oid, 'execute')
  loop
    execute format('revoke all on function %s from public', item.name);
    execute format('grant execute on function %s to %s', item.name, studio);
  end loop;
  if has_language_privilege('public', 'plpgsql', 'usage') then
    execute format('revoke usage on language plpgsql from public');
    execute format('grant usage on language plpgsql to %s', studio);
  end if;
  if exists (select from pg_namespace n, aclexplode(n.nspacl) a where n.nspname = 'public' and a.grantee = 0) then
    revoke all on schema public from public;
  end if;
end $$`
