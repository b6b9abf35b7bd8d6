import type { World } from './two-tenants'

/** In the intruder's own full context: ways around the policies, and ways to see through them. */
export function tricks(victim: World, intruder: World): readonly (readonly [string, string])[] {
  const { projectId, plansTableId, recordId } = victim
  return [
    [
      'moves an own record into a table of the victim',
      `update studio.project_data set project_id = '${projectId}',
      table_id = '${plansTableId}' where id = '${intruder.recordId}'`,
    ],
    [
      'moves an own record into their table, project kept',
      `update studio.project_data set table_id = '${plansTableId}'
      where id = '${intruder.recordId}'`,
    ],
    [
      'inserts into their table under the own project',
      `insert into studio.project_data (project_id, table_id, id, data)
      values ('${intruder.projectId}', '${plansTableId}', gen_random_uuid(), '{}')`,
    ],
    [
      'makes a table in their database under the own project',
      `insert into studio.project_tables
      (project_id, database_id, table_name, schema_json, layout)
      values ('${intruder.projectId}', '${victim.databaseId}', 'planted', '{}', '{}')`,
    ],
    [
      'gives an own project away',
      `update studio.projects set user_id = '${victim.tenant.userId}'
      where id = '${intruder.projectId}'`,
    ],
    [
      'overwrites on conflict',
      `insert into studio.project_data (project_id, table_id, id, data)
      values ('${projectId}', '${plansTableId}', '${recordId}', '{}')
      on conflict (project_id, table_id, id) do update set data = '{}' returning *`,
    ],
    [
      'merges into theirs',
      `merge into studio.project_data d using (values (1)) v on d.id = '${recordId}'
      when matched then update set data = '{}'`,
    ],
    ['locks theirs', `select * from studio.project_data where id = '${recordId}' for update`],
    ['copies the table out', 'copy studio.project_data to stdout'],
    ['turns row security off', 'set local row_security = off; select * from studio.project_data'],
    ['becomes the owner', 'set role studio_owner; select * from studio.project_data'],
    ['becomes the superuser', 'set session authorization postgres; select * from studio.project_data'],
    ['resets its role', 'reset role; select * from studio.project_data'],
    [
      'disables the policies',
      'alter table studio.project_data disable row level security; select * from studio.project_data',
    ],
    ['drops a policy', 'drop policy own_data on studio.project_data; select * from studio.project_data'],
    ['adds a policy', 'create policy hole on studio.project_data using (true); select * from studio.project_data'],
    [
      'puts a trigger on the table',
      `create trigger hole before insert on studio.project_data
      execute function suppress_redundant_updates_trigger()`,
    ],
    [
      'replaces the context function',
      `create or replace function studio.current_project() returns uuid
      language sql as $$ select '${projectId}'::uuid $$; select * from studio.project_data`,
    ],
    [
      'shadows the context function',
      `create function pg_temp.current_project() returns uuid language sql
      as $$ select '${projectId}'::uuid $$; set local search_path = pg_temp, studio; select * from studio.project_data`,
    ],
    [
      'shadows an operator',
      `create function pg_temp.always(uuid, uuid) returns boolean language sql as 'select true';
      create operator pg_temp.= (leftarg = uuid, rightarg = uuid, function = pg_temp.always);
      set local search_path = pg_temp, pg_catalog; select * from studio.project_data`,
    ],
    [
      'looks through a cheap function',
      `create function pg_temp.peep(text) returns boolean language plpgsql cost 0.0000001
      as $$ begin raise notice 'saw %', $1; return true; end $$;
      select id from studio.project_data where pg_temp.peep(data::text)`,
    ],
    [
      'looks through a cheap function, at projects',
      `create function pg_temp.peep(text) returns boolean
      language plpgsql cost 0.0000001 as $$ begin raise notice 'saw %', $1; return true; end $$;
      select id from studio.projects where pg_temp.peep(name)`,
    ],
    ['makes a conversion fail', `select id from studio.project_data where (data ->> 'title')::integer = 1`],
    [
      'divides by what it finds',
      `select id from studio.project_data
      where 1 / (case when data ->> 'title' like '%zy' || 'zzy%' then 0 else 1 end) = 5`,
    ],
    ['reads the statistics', `select * from pg_stats where schemaname = 'studio'`],
    ['reads the statistics of all tables', 'select * from pg_stats'],
    [
      'looks at dedicated records through a cheap function',
      `create function pg_temp.peep(text) returns boolean language plpgsql cost 0.0000001
      as $$ begin raise notice 'saw %', $1; return true; end $$;
      select _id from studio_rows.${victim.relation} r where pg_temp.peep(r::text)`,
    ],
    [
      // The planner tries an operator on the most common values, which are the records'.
      'looks at the statistics of dedicated records through an operator',
      `create function pg_temp.peep(text, text) returns boolean language plpgsql
      as $$ begin raise notice 'saw %', $1; return true; end $$;
      create operator pg_temp.=== (leftarg = text, rightarg = text, function = pg_temp.peep, restrict = eqsel);
      select _id from studio_rows.${victim.relation} where title operator(pg_temp.===) 'x'`,
    ],
    [
      'divides by what it finds in dedicated records',
      `select _id from studio_rows.${victim.relation}
      where 1 / (case when title like '%zy' || 'zzy%' then 0 else 1 end) = 5`,
    ],
    [
      'moves an own dedicated record to them',
      `with gone as (delete from studio_rows.${intruder.relation} returning *)
      insert into studio_rows.${victim.relation} select * from gone`,
    ],
    [
      'overwrites a dedicated record on conflict',
      `insert into studio_rows.${victim.relation} (_id) values ('${victim.dedicatedRecordId}')
      on conflict (_id) do update set _revision = 99 returning *`,
    ],
    ['locks dedicated records', `select * from studio_rows.${victim.relation} for update`],
    ['copies dedicated records out', `copy (select * from studio_rows.${victim.relation}) to stdout`],
    ['becomes the store', `set role studio_store; select * from studio_data.${victim.relation}`],
    [
      'replaces the view of dedicated records',
      `create or replace view studio_rows.${victim.relation} as select * from studio_data.${victim.relation};
      select * from studio_rows.${victim.relation}`,
    ],
    [
      'makes a view beside it',
      `create view studio_rows.hole as select * from studio_data.${victim.relation}; select * from studio_rows.hole`,
    ],
    [
      'writes as the function behind a view',
      `create temp view mine as select * from studio.project_data;
      create trigger write instead of insert on mine for each row
        execute function studio_code.w_${victim.plansTableId.replaceAll('-', '')}();
      insert into mine (id) values (gen_random_uuid())`,
    ],
    [
      'moves an own unique value to them',
      `update studio.project_keys set project_id = '${projectId}', table_id = '${plansTableId}', record_id = '${recordId}'`,
    ],
    [
      'logs a change of theirs under the own project, and reads it back with theirs',
      `insert into studio.changes (project_id, operation, table_id, record_id, op, actor)
      values ('${intruder.projectId}', '${victim.operation}', '${plansTableId}', '${recordId}', 'update', 'x');
      select * from studio.changes where operation = '${victim.operation}' and project_id <> '${intruder.projectId}'`,
    ],
    ['drops what the store has made', `drop view studio_rows.${victim.relation}; drop schema ${victim.schema} cascade`],
    ['empties a dedicated table', `truncate studio_data.${victim.relation}`],
    ['reads the catalogue of statistics', 'select * from pg_statistic'],
    [
      'reads another table through a view',
      `create view pg_temp.v as select * from studio.project_data; select * from pg_temp.v`,
    ],
    ['reads in a materialised way', `create temp table t as select * from studio.project_data; select * from t`],
    [
      'reads in a loop',
      `do $$ declare r record; begin for r in select data from studio.project_data loop
      raise notice '%', r.data; end loop; end $$`,
    ],
    ['reads through xml', `select query_to_xml('select * from studio.project_data', true, false, '')`],
    ['reads through a cursor', 'declare c cursor for select * from studio.project_data; fetch all from c'],
    [
      'reads in parallel',
      `set local debug_parallel_query = on; set local parallel_setup_cost = 0;
      set local parallel_tuple_cost = 0; set local min_parallel_table_scan_size = 0; select * from studio.project_data`,
    ],
    [
      'joins through the tables',
      `select d.* from studio.project_tables t
      join studio.project_data d on d.table_id = t.id where t.id = '${plansTableId}'`,
    ],
    ['deletes everything', 'truncate studio.project_data'],
    ['deletes by cascade', `delete from studio.projects where id = '${projectId}'`],
    ['reads files', `select pg_read_file('PG_VERSION')`],
    ['runs a program', `copy (select 1) to program 'true'`],
    ['ends other sessions', `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'`],
    ['keeps a lock on all rows', 'lock table studio.project_data in access exclusive mode'],
    [
      'spells the secret into a comparison',
      `select count(*)::text || ' zy' || 'zzy' as n from studio.project_data
      where data::text like '%xy' || 'zzy%' having count(*) > 0`,
    ],
  ]
}
