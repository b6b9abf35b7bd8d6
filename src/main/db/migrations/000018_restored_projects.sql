-- A project that was restored from a backup of another can take its place.

-- What it was restored from; nothing once that is gone.
alter table studio.projects add column restored_from uuid references studio.projects (id) on delete set null;
create index projects_restored_from on studio.projects (restored_from) where restored_from is not null;

-- The restored project gets what the world knows the other by: its address, its keys, its settings, its backups, and the
-- people's sign-ins to its app. Both must be the account's own, and neither in the bin. False when they are not, or when
-- the one was not restored from the other. Who does it moves the other one to the bin.
create function studio.take_place(restored uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
  former uuid;
  former_ref text;
  restored_ref text;
  name text;
begin
  select p.restored_from into former from studio.projects p
  join studio.projects f on f.id = p.restored_from and f.user_id = p.user_id and f.deleted_at is null
  where p.id = restored and p.user_id = studio.current_account() and p.deleted_at is null
  for update;
  if former is null then
    return false;
  end if;

  select d.ref into former_ref from studio.project_databases d where d.project_id = former;
  select d.ref into restored_ref from studio.project_databases d where d.project_id = restored;
  update studio.project_databases d set ref = former_ref || '_' where d.project_id = former;
  -- Another version: what is in memory of keys and rules holds no more.
  update studio.project_databases d set ref = former_ref, schema_version = gen_random_uuid(), backup_every = f.backup_every,
    backup_keep = f.backup_keep, changes_days = f.changes_days
  from studio.project_databases f where d.project_id = restored and f.project_id = former;
  update studio.project_databases d set ref = restored_ref, schema_version = gen_random_uuid(), backup_every = 'off'
  where d.project_id = former;

  -- Keys name tables by their ids; a table of the same name is the same one.
  delete from studio.api_keys k where k.project_id = restored;
  update studio.api_keys k set project_id = restored, scopes = case when k.scopes is not null then (
      select coalesce(jsonb_agg(case when s.scope ->> 'table' is null then s.scope
        else jsonb_set(s.scope, '{table}', to_jsonb(t.id::text)) end order by s.place), '[]')
      from jsonb_array_elements(k.scopes) with ordinality s (scope, place)
      left join studio.project_tables o on o.project_id = former and o.id::text = s.scope ->> 'table'
      left join studio.project_tables t on t.project_id = restored and t.deleted_at is null
        and t.table_name = o.table_name
      where s.scope ->> 'table' is null or t.id is not null
    ) end
  where k.project_id = former;
  foreach name in array array['api_settings', 'auth_settings', 'end_users', 'end_user_sessions', 'saved_queries'] loop
    execute format('delete from studio.%I where project_id = $1', name) using restored;
    execute format('update studio.%I set project_id = $1 where project_id = $2', name) using restored, former;
  end loop;
  update studio.backups b set project_id = restored where b.project_id = former;

  update studio.projects p set name = f.name, description = f.description, restored_from = null
  from studio.projects f where p.id = restored and f.id = former;
  return true;
end $$;
revoke all on function studio.take_place(uuid) from public;
grant execute on function studio.take_place(uuid) to studio_app;
