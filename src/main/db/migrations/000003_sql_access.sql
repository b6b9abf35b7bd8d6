-- Logins of logical databases: `runner` is the one the studio runs SQL with, `person` the one for psql. No foreign key
-- to the database: what is left of one that is gone must be found and dropped. No password is stored: the studio derives
-- it from its own secret, the role's name and the generation.

create table studio.sql_logins (
  project_id uuid not null,
  database_id uuid not null,
  kind text not null check (kind in ('runner', 'person')),
  role_name text not null,
  schema_name text not null,
  -- counted up by every change of the password
  generation integer not null default 1,
  created_at timestamptz not null default now(),
  primary key (project_id, database_id, kind)
);
alter table studio.sql_logins enable row level security;
alter table studio.sql_logins force row level security;
create policy own_sql_logins on studio.sql_logins for all to studio_app
  using (project_id = (select studio.current_project()))
  with check (project_id = (select studio.current_project()));
create policy owner_sql_logins on studio.sql_logins for all to studio_owner using (true) with check (true);
grant select, insert, update, delete on studio.sql_logins to studio_app;

-- What deleted databases have left behind: schemas of views, functions behind views, logins. Schemas are found by
-- their name, because most databases never had a login.
create function studio.left_behind() returns table (kind text, name text)
language sql stable security definer set search_path = pg_catalog as $$
  select 'schema', n.nspname::text from pg_namespace n
    where n.nspname ~ '^d_[0-9a-f]{32}$' and n.nspowner = 'studio_store'::regrole
      and not exists (select from studio.project_databases d where d.schema_name = n.nspname)
  union all
  select 'function', p.proname::text from pg_proc p
    where p.pronamespace = 'studio_code'::regnamespace and p.proname ~ '^w_[0-9a-f]{32}$'
      and not exists (select from studio.project_tables t where 'w_' || replace(t.id::text, '-', '') = p.proname)
  union all
  select 'login', l.role_name from studio.sql_logins l
    where not exists (select from studio.project_databases d where d.id = l.database_id)
$$;
create function studio.forget_login(role_name text) returns void
language sql security definer set search_path = pg_catalog as $$
  delete from studio.sql_logins l where l.role_name = forget_login.role_name
    and not exists (select from studio.project_databases d where d.id = l.database_id)
$$;
revoke all on function studio.left_behind(), studio.forget_login(text) from public;
