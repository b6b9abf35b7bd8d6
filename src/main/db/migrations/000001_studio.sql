-- The system schema. `studio_owner` owns it and nobody logs in as it; `studio_app` uses it, owns nothing and cannot
-- bypass row-level security. `project_id` leads every key of tenant data, so a reference across tenants cannot be
-- written and the store can be distributed by it. There are no triggers on storage tables. The migration runs as
-- studio_owner, in the schema `studio` that the migrator has made with its own table of what has run.

revoke all on schema studio from public;
grant usage on schema studio to studio_app;

-- Tenant context --------------------------------------------------------------------------------------------------
-- Set with set_config(..., true) inside a transaction, never for a session. What is missing raises: closed by default.

create function studio.current_account() returns uuid
language plpgsql stable parallel safe set search_path = pg_catalog as $$
declare
  setting text := current_setting('studio.account_id', true);
begin
  if setting is null or setting = '' then
    raise exception 'no account in the tenant context' using errcode = '42501';
  end if;
  return setting::uuid;
end $$;

-- Platform users, projects, databases -----------------------------------------------------------------------------

create table studio.users (
  id uuid primary key default gen_random_uuid(),
  email text not null,
  -- null for the owner of an embedded server, who exists without a password and cannot sign in with one
  password_hash text,
  local_owner boolean not null default false,
  created_at timestamptz not null default now(),
  constraint users_email_key unique (email),
  constraint users_password_check check (local_owner or password_hash is not null)
);
create unique index users_local_owner_key on studio.users (local_owner) where local_owner;

create table studio.projects (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references studio.users (id) on delete cascade,
  name text not null,
  description text,
  created_at timestamptz not null default now(),
  deleted_at timestamptz
);
create index projects_user_id on studio.projects (user_id, created_at);
create index projects_deleted_at on studio.projects (deleted_at) where deleted_at is not null;

create table studio.project_databases (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references studio.projects (id) on delete cascade,
  name text not null default 'main',
  ref text not null,
  created_at timestamptz not null default now(),
  constraint project_databases_project_id_key unique (project_id),
  constraint project_databases_project_id_id_key unique (project_id, id),
  constraint project_databases_ref_key unique (ref)
);

-- True tenant context: the project of the setting, if it is the account's own. Evaluated once a statement, as an
-- uncorrelated subselect of the policies, so the policy costs a page nothing.
create function studio.current_project() returns uuid
language plpgsql stable parallel safe set search_path = pg_catalog as $$
declare
  setting text := current_setting('studio.project_id', true);
  project uuid;
begin
  if setting is null or setting = '' then
    raise exception 'no project in the tenant context' using errcode = '42501';
  end if;
  select p.id into project from studio.projects p
    where p.id = setting::uuid and p.user_id = studio.current_account();
  return project;
end $$;

-- Tables and records ----------------------------------------------------------------------------------------------

create table studio.project_tables (
  id uuid not null default gen_random_uuid(),
  project_id uuid not null,
  database_id uuid not null,
  table_name text not null,
  schema_json jsonb not null,
  -- How records are laid out in project_data: {"columns": {"<column>": {"key": "<member of data>", "missing"?: value}},
  -- "retired": ["<key>"]}. A rename moves no data, a dropped column's key is never used again, and records older than
  -- a column read as "missing".
  layout jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (project_id, id),
  foreign key (project_id, database_id) references studio.project_databases (project_id, id) on delete cascade
);
create unique index project_tables_name_key on studio.project_tables (project_id, database_id, table_name)
  where deleted_at is null;

create table studio.project_data (
  project_id uuid not null,
  table_id uuid not null,
  id uuid not null,
  data jsonb not null,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (project_id, table_id, id),
  foreign key (project_id, table_id) references studio.project_tables (project_id, id) on delete cascade
);
-- A table belongs to one project. Without knowing it the planner multiplies the two shares, and takes a table of 100,000
-- records among 200,000 for 51,450; with it, for 99,840.
create statistics studio.project_data_keys (dependencies) on project_id, table_id from studio.project_data;

-- Sessions: one row for each refresh token ever given; a family is one sign-in. ------------------------------------

create table studio.sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references studio.users (id) on delete cascade,
  family_id uuid not null,
  -- sha-256 of the refresh token; the token itself is kept nowhere
  token_hash bytea not null,
  user_agent text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  spent_at timestamptz,
  revoked_at timestamptz,
  constraint sessions_token_hash_key unique (token_hash)
);
create index sessions_family on studio.sessions (family_id);
create index sessions_user on studio.sessions (user_id, created_at);

-- Who did what. Append only. --------------------------------------------------------------------------------------

create table studio.audit (
  project_id uuid not null references studio.projects (id) on delete cascade,
  id bigint not null generated always as identity,
  at timestamptz not null default clock_timestamp(),
  actor_id uuid,
  actor text not null,
  action text not null,
  sentence text not null,
  table_id uuid,
  details jsonb,
  primary key (project_id, id)
);

create table studio.account_audit (
  user_id uuid not null references studio.users (id) on delete cascade,
  id bigint not null generated always as identity,
  at timestamptz not null default clock_timestamp(),
  action text not null,
  details jsonb,
  primary key (user_id, id)
);

-- Row-level security, enabled and forced everywhere ---------------------------------------------------------------

alter table studio.users enable row level security;
alter table studio.users force row level security;
alter table studio.projects enable row level security;
alter table studio.projects force row level security;
alter table studio.project_databases enable row level security;
alter table studio.project_databases force row level security;
alter table studio.project_tables enable row level security;
alter table studio.project_tables force row level security;
alter table studio.project_data enable row level security;
alter table studio.project_data force row level security;
alter table studio.sessions enable row level security;
alter table studio.sessions force row level security;
alter table studio.audit enable row level security;
alter table studio.audit force row level security;
alter table studio.account_audit enable row level security;
alter table studio.account_audit force row level security;

create policy own_user on studio.users for select to studio_app using (id = (select studio.current_account()));
create policy own_projects on studio.projects for all to studio_app
  using (user_id = (select studio.current_account()))
  with check (user_id = (select studio.current_account()));
create policy own_databases on studio.project_databases for all to studio_app
  using (exists (select 1 from studio.projects p
    where p.id = project_databases.project_id and p.user_id = (select studio.current_account())))
  with check (project_id = (select studio.current_project()));
create policy own_tables on studio.project_tables for all to studio_app
  using (project_id = (select studio.current_project()))
  with check (project_id = (select studio.current_project()));
create policy own_data on studio.project_data for all to studio_app
  using (project_id = (select studio.current_project()))
  with check (project_id = (select studio.current_project()));
create policy own_sessions on studio.sessions for all to studio_app
  using (user_id = (select studio.current_account()))
  with check (user_id = (select studio.current_account()));
create policy own_audit_read on studio.audit for select to studio_app
  using (project_id = (select studio.current_project()));
create policy own_audit_write on studio.audit for insert to studio_app
  with check (project_id = (select studio.current_project()));
create policy own_account_audit_read on studio.account_audit for select to studio_app
  using (user_id = (select studio.current_account()));
create policy own_account_audit_write on studio.account_audit for insert to studio_app
  with check (user_id = (select studio.current_account()));

grant select on studio.users to studio_app;
grant select, insert, update on studio.projects to studio_app;
grant select, insert on studio.project_databases to studio_app;
grant select, insert, update on studio.project_tables to studio_app;
grant select, insert, update, delete on studio.project_data to studio_app;
grant select, insert, update on studio.sessions to studio_app;
grant select, insert on studio.audit, studio.account_audit to studio_app;

-- What must be done before there is a tenant: signing up, in and on, and emptying the bin. The functions run as the
-- owner, which the forced policies let through only here. --------------------------------------------------------

create policy owner_users on studio.users for all to studio_owner using (true) with check (true);
create policy owner_projects on studio.projects for all to studio_owner using (true) with check (true);
create policy owner_databases on studio.project_databases for all to studio_owner using (true) with check (true);
create policy owner_tables on studio.project_tables for all to studio_owner using (true) with check (true);
create policy owner_data on studio.project_data for all to studio_owner using (true) with check (true);
create policy owner_sessions on studio.sessions for all to studio_owner using (true) with check (true);
create policy owner_audit on studio.audit for all to studio_owner using (true) with check (true);
create policy owner_account_audit on studio.account_audit for all to studio_owner using (true) with check (true);

-- The embedded server's owner, made on first use.
create function studio.local_owner() returns table (id uuid, email text, created_at timestamptz)
language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into studio.users (email, local_owner) values ('owner@localhost', true) on conflict do nothing;
  return query select u.id, u.email, u.created_at from studio.users u where u.local_owner;
end $$;

-- Makes an account; raises unique_violation when the address is taken.
create function studio.create_account(email text, password_hash text)
returns table (id uuid, email text, created_at timestamptz)
language sql security definer set search_path = pg_catalog as $$
  insert into studio.users (email, password_hash) values ($1, $2) returning users.id, users.email, users.created_at
$$;

create function studio.account_by_email(email text)
returns table (id uuid, email text, password_hash text, created_at timestamptz)
language sql stable security definer set search_path = pg_catalog as $$
  select u.id, u.email, u.password_hash, u.created_at from studio.users u where u.email = $1 and not u.local_owner
$$;

-- A session that is neither revoked nor expired: asked with every call that carries an access token, so that a
-- revoked session ends at once and not with its token.
create function studio.session_is_live(family_id uuid, user_id uuid) returns boolean
language sql stable security definer set search_path = pg_catalog as $$
  select exists (select 1 from studio.sessions s
    where s.family_id = $1 and s.user_id = $2 and s.spent_at is null and s.revoked_at is null
      and s.expires_at > clock_timestamp())
$$;

-- Spends a refresh token for the next one. 'reused' means that the token was spent before: the whole family is ended.
create function studio.rotate_session(spent bytea, next bytea, lifetime interval)
returns table (outcome text, family_id uuid, id uuid, email text, created_at timestamptz)
language plpgsql security definer set search_path = pg_catalog as $$
declare
  old studio.sessions;
begin
  select * into old from studio.sessions s where s.token_hash = spent for update;
  if not found or old.revoked_at is not null or old.expires_at <= clock_timestamp() then
    return query select 'invalid', null::uuid, null::uuid, null::text, null::timestamptz;
    return;
  end if;
  if old.spent_at is not null then
    update studio.sessions s set revoked_at = clock_timestamp()
      where s.family_id = old.family_id and s.revoked_at is null;
    insert into studio.account_audit (user_id, action, details)
      values (old.user_id, 'session.reused', jsonb_build_object('family_id', old.family_id));
    return query select 'reused', old.family_id, null::uuid, null::text, null::timestamptz;
    return;
  end if;
  update studio.sessions s set spent_at = clock_timestamp() where s.id = old.id;
  insert into studio.sessions (user_id, family_id, token_hash, user_agent, expires_at)
    values (old.user_id, old.family_id, next, old.user_agent, clock_timestamp() + lifetime);
  return query select 'rotated', old.family_id, u.id, u.email, u.created_at
    from studio.users u where u.id = old.user_id;
end $$;

-- Removes for good what has been in the bin longer than `kept`; answers how many projects and tables went.
create function studio.empty_bin(kept interval) returns table (projects bigint, tables bigint)
language plpgsql security definer set search_path = pg_catalog as $$
declare
  gone_projects bigint;
  gone_tables bigint;
begin
  delete from studio.projects p where p.deleted_at < clock_timestamp() - kept;
  get diagnostics gone_projects = row_count;
  delete from studio.project_tables t where t.deleted_at < clock_timestamp() - kept;
  get diagnostics gone_tables = row_count;
  return query select gone_projects, gone_tables;
end $$;

revoke all on all functions in schema studio from public;
grant execute on all functions in schema studio to studio_app;
