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
  -- sha-256 of the password that was set last: with another secret the studio would show one that is not accepted
  password_mark text not null default '',
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

-- Logins that are not as they should be: `drop` when the database is gone for good, `close` while its project is in the
-- bin, `open` when it is back.
create function studio.stray_logins() returns table (role_name text, todo text)
language sql stable security definer set search_path = pg_catalog as $$
  select l.role_name, case when d.id is null then 'drop' when p.deleted_at is null then 'open' else 'close' end
  from studio.sql_logins l
    left join studio.project_databases d on d.id = l.database_id
    left join studio.projects p on p.id = d.project_id
    left join pg_roles r on r.rolname = l.role_name
  where d.id is null or (p.deleted_at is null) <> r.rolcanlogin
$$;
create function studio.forget_login(role_name text) returns void
language sql security definer set search_path = pg_catalog as $$
  delete from studio.sql_logins l where l.role_name = forget_login.role_name
    and not exists (select from studio.project_databases d where d.id = l.database_id)
$$;
revoke all on function studio.stray_logins(), studio.forget_login(text) from public;
