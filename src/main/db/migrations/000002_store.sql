-- The store: a Postgres schema of typed views for each logical database, two tiers of storage behind them, unique values
-- of the shared tier as rows of their own, and one change log. `studio_store` owns the views, the physical tables and the
-- functions behind the views; nobody logs in as it. It reads the catalogue only within a tenant context, like the app,
-- but sees every record: a view's rows are those its definition names, and the functions behind it hold the ids as
-- constants.

grant usage on schema studio to studio_store;

alter policy own_user on studio.users to studio_app, studio_store;
alter policy own_projects on studio.projects to studio_app, studio_store;
alter policy own_databases on studio.project_databases to studio_app, studio_store;
alter policy own_tables on studio.project_tables to studio_app, studio_store;

grant select on studio.users, studio.projects to studio_store;
grant select, insert, update on studio.project_databases, studio.project_tables to studio_store;
grant execute on function studio.current_account(), studio.current_project() to studio_store;

-- The Postgres schema of the database. Schema names are seen by every login of the server, so they say nothing.
alter table studio.project_databases
  add column schema_name text not null default 'd_' || replace(gen_random_uuid()::text, '-', ''),
  -- false until its schema and views are there: databases older than this migration
  add column has_views boolean not null default false,
  add constraint project_databases_schema_name_key unique (schema_name);
grant update on studio.project_databases to studio_app;

-- Another one each time the schema may have changed: what was read of the catalogue under the same version still holds.
alter table studio.project_databases add column schema_version uuid not null default gen_random_uuid();

-- Holds the schema until the transaction ends: `alone` to edit it, otherwise to rely on it. A function, because what is
-- read after the lock needs a snapshot that is younger than the lock. A read replica has no such locks; there a transaction
-- sees one moment only.
create function studio.hold_schema(database uuid, alone boolean)
returns table (now timestamptz, version uuid, previous uuid)
language plpgsql set search_path = pg_catalog as $$
declare
  old uuid;
begin
  if alone then
    perform pg_advisory_xact_lock(hashtextextended('schema:' || database, 0));
    select d.schema_version into old from studio.project_databases d where d.id = database;
    update studio.project_databases d set schema_version = gen_random_uuid() where d.id = database;
  elsif not pg_is_in_recovery() then
    perform pg_advisory_xact_lock_shared(hashtextextended('schema:' || database, 0));
  end if;
  return query select pg_catalog.now(),
    (select d.schema_version from studio.project_databases d where d.id = database), old;
end $$;

alter table studio.project_tables
  -- Where the records are: {"tier": "shared"} in project_data, or {"tier": "dedicated", "relation": "t_..."}, a table of
  -- that name in studio_data, which the app reaches as the view of that name in studio_rows.
  add column storage jsonb not null default '{"tier": "shared"}';

create policy store_data on studio.project_data for all to studio_store using (true) with check (true);
grant select, insert, update, delete on studio.project_data to studio_store;

-- Unique values of the shared tier ---------------------------------------------------------------------------------
-- One row for each value (or combination) that may be there once. A unique index holds under any concurrency and takes
-- no lock on the table; a row is also what a writer of a reference locks, `for key share`, to keep its target. A
-- record's own uuid id needs none: it is in the key of project_data.

create table studio.project_keys (
  project_id uuid not null,
  table_id uuid not null,
  -- the layout keys of the columns, joined by commas
  rule text not null,
  -- the canonical text of the value (of several: a JSON array of them); of long ones the sha-256
  value text collate "C" not null,
  record_id uuid not null,
  -- The two indexes share no more than the tenant: before the first analyze, the planner takes any longer common beginning
  -- for one row, and then chose the wrong one (5,000 updates by SQL: 73 s).
  primary key (project_id, value, table_id, rule),
  foreign key (project_id, table_id, record_id) references studio.project_data (project_id, table_id, id) on delete cascade
);
create index project_keys_record on studio.project_keys (project_id, record_id, table_id);

-- Equal values have equal text; a btree key ends at 2,704 bytes.
create function studio.key_value(value text) returns text
language sql immutable strict parallel safe as $$
  select case when octet_length(value) <= 400 then value else 'sha256:' || encode(sha256(convert_to(value, 'UTF8')), 'hex') end
$$;

-- 1.50 and 1.5 are one value, and so are 24 hours and 1 day (a month has 30 days, as Postgres compares them).
create function studio.key_numeric(value numeric) returns text
language sql immutable strict parallel safe as $$ select trim_scale(value)::text $$;
create function studio.key_float(value double precision) returns text
language sql immutable strict parallel safe as $$ select (value + 0)::text $$;
create function studio.key_interval(value interval) returns text
language sql immutable strict parallel safe as $$
  select trim_scale(((extract(year from value) * 12 + extract(month from value)) * 30 + extract(day from value)) * 86400
    + extract(hour from value) * 3600 + extract(minute from value) * 60 + extract(second from value))::text
$$;

-- The change log ---------------------------------------------------------------------------------------------------
-- Every write of a record and of a schema, by the statement that does it. `before` and `after` are documents by layout
-- key: whole for a new or deleted record, the changed members for an update; a table's schema_json for a schema edit.

create sequence studio.changes_id;
create table studio.changes (
  project_id uuid not null,
  id bigint not null default nextval('studio.changes_id'),
  at timestamptz not null default now(),
  -- what was done together: one call of the API, or one transaction of SQL
  operation uuid not null,
  -- readers that must miss nothing stop below the oldest transaction that still runs
  tx xid8 not null default pg_current_xact_id(),
  table_id uuid not null,
  -- null for a schema edit
  record_id uuid,
  op text not null check (op in ('insert', 'update', 'delete', 'schema')),
  -- of the record, after the write
  revision integer,
  before jsonb,
  after jsonb,
  actor_id uuid,
  actor text not null,
  primary key (project_id, id, at)
) partition by range (at);
create table studio.changes_other partition of studio.changes default;
create index changes_record on studio.changes (project_id, table_id, record_id, id);
create index changes_operation on studio.changes (project_id, operation);
grant usage on sequence studio.changes_id to studio_app, studio_store;

alter table studio.audit add column operation uuid;
create unique index audit_operation on studio.audit (project_id, operation, table_id);

alter table studio.project_keys enable row level security;
alter table studio.project_keys force row level security;
alter table studio.changes enable row level security;
alter table studio.changes force row level security;
alter table studio.changes_other enable row level security;
alter table studio.changes_other force row level security;

create policy own_keys on studio.project_keys for all to studio_app
  using (project_id = (select studio.current_project()))
  with check (project_id = (select studio.current_project()));
create policy own_changes_read on studio.changes for select to studio_app
  using (project_id = (select studio.current_project()));
create policy own_changes_write on studio.changes for insert to studio_app
  with check (project_id = (select studio.current_project()));
create policy store_keys on studio.project_keys for all to studio_store using (true) with check (true);
create policy store_changes on studio.changes for insert to studio_store with check (true);
create policy store_audit on studio.audit for insert to studio_store with check (true);
create policy store_audit_read on studio.audit for select to studio_store using (true);
create policy owner_keys on studio.project_keys for all to studio_owner using (true) with check (true);
create policy owner_changes on studio.changes for all to studio_owner using (true) with check (true);
create policy owner_changes_other on studio.changes_other for all to studio_owner using (true) with check (true);

grant select, insert, update, delete on studio.project_keys to studio_app, studio_store;
grant select, insert on studio.changes to studio_app;
grant insert on studio.changes to studio_store;
grant select, insert on studio.audit to studio_store;

-- What the functions behind the views call, as studio_store ----------------------------------------------------------

-- Time-ordered like the ids that the studio makes itself (RFC 9562, version 7): the order of keys is that of insertion.
create function studio.new_id() returns uuid
language sql volatile parallel safe as $$
  -- 12 bits of the microsecond follow the millisecond (RFC 9562, 6.2, method 3): a row takes more than that, so rows of
  -- one statement keep their order
  select (lpad(to_hex(now.us / 1000), 12, '0') || '7' || lpad(to_hex(now.us % 1000 * 4096 / 1000), 3, '0')
    || replace(right(gen_random_uuid()::text, 17), '-', ''))::uuid
  from (select (extract(epoch from clock_timestamp()) * 1000000)::bigint as us) now
$$;

-- Writes down one change of one record that SQL made, and tells the watchers. A transaction is one operation; its entry
-- in the audit counts nothing, because the rest of it is not known yet. The actor is who runs the statement for the
-- studio, or whoever holds the database's login.
create function studio.log_change(
  project uuid, changed_table uuid, table_name text, record uuid, op text, revision integer, before jsonb, after jsonb
) returns void
language plpgsql set search_path = pg_catalog as $$
declare
  -- the moment the transaction began and its number: 8 and 16 digits, and 8 that are free
  this_operation uuid := (lpad(to_hex(extract(epoch from now())::bigint), 8, '0') || '00000000'
    || lpad(to_hex(pg_current_xact_id()::text::bigint), 16, '0'))::uuid;
  -- a person's login (000003) could set the name of anybody
  actor text := 'SQL' || case when session_user like 'tu\_%' then ''
    else coalesce(' of ' || nullif(current_setting('studio.actor', true), ''), '') end;
begin
  insert into studio.changes (project_id, operation, table_id, record_id, op, revision, before, after, actor)
    values (project, this_operation, changed_table, record, op, revision, before, after, actor);
  -- once for a transaction and table: a look at the index costs less than a second entry or notice would
  if not exists (
    select from studio.audit a
    where a.project_id = project and a.operation = this_operation and a.table_id = changed_table
  ) then
    insert into studio.audit (project_id, operation, actor, action, sentence, table_id)
      values (project, this_operation, actor, 'records.sql', format('Changed records of %s by SQL.', table_name), changed_table);
    perform studio.tell(project, 'records', changed_table);
  end if;
end $$;

-- The members that an update changed, as they were and as they are.
create function studio.members_before(before jsonb, after jsonb) returns jsonb
language sql immutable parallel safe as $$
  select coalesce(jsonb_object_agg(m.key, coalesce(before -> m.key, 'null')), '{}') from jsonb_each(after) m
  where coalesce(before -> m.key, 'null') <> m.value
$$;
create function studio.members_after(before jsonb, after jsonb) returns jsonb
language sql immutable parallel safe as $$
  select coalesce(jsonb_object_agg(m.key, m.value), '{}') from jsonb_each(after) m
  where coalesce(before -> m.key, 'null') <> m.value
$$;

-- A value in the details of an error: whole when it is short.
create function studio.shown_value(value jsonb) returns jsonb
language sql immutable parallel safe as $$
  select case when octet_length(value::text) <= 1000 then value else to_jsonb(left(value::text, 200)) end
$$;

-- A rule that a statement breaks, in the words of the studio. `detail` carries {table, column, constraint, value} as
-- JSON, for programs; the state is the one that Postgres itself would raise.
create function studio.refuse(state text, message text, facts jsonb) returns void
language plpgsql set search_path = pg_catalog as $$
begin
  raise exception using errcode = state, message = message, detail = facts::text,
    table = coalesce(facts ->> 'table', ''), column = coalesce(facts ->> 'column', ''),
    constraint = coalesce(facts ->> 'constraint', '');
end $$;

revoke all on all functions in schema studio from public;
grant execute on function studio.key_value(text), studio.key_numeric(numeric), studio.key_float(double precision),
  studio.key_interval(interval) to studio_app, studio_store;
grant execute on function studio.members_before(jsonb, jsonb), studio.members_after(jsonb, jsonb),
  studio.hold_schema(uuid, boolean) to studio_app, studio_store;
grant execute on function studio.new_id(), studio.shown_value(jsonb), studio.refuse(text, text, jsonb),
  studio.log_change(uuid, uuid, text, uuid, text, integer, jsonb, jsonb) to studio_store;

-- Databases that are older than their views: asked once at every start.
create function studio.databases_without_views() returns table (account_id uuid, database_id uuid)
language sql stable security definer set search_path = pg_catalog as $$
  select p.user_id, d.id from studio.project_databases d join studio.projects p on p.id = d.project_id
  where not d.has_views and p.deleted_at is null
$$;
revoke all on function studio.databases_without_views() from public;
grant execute on function studio.databases_without_views() to studio_app;

-- Schemas of databases that were removed for good, and the functions behind the views of such tables.
create function studio.lost_schemas() returns setof text
language sql stable security definer set search_path = pg_catalog as $$
  select n.nspname::text from pg_namespace n
  where n.nspname ~ '^d_[0-9a-f]{32}$' and n.nspowner = 'studio_store'::regrole
    and not exists (select from studio.project_databases d where d.schema_name = n.nspname)
$$;
create function studio.lost_functions() returns setof text
language sql stable security definer set search_path = pg_catalog as $$
  select p.proname::text from pg_proc p
  where p.pronamespace = 'studio_code'::regnamespace and p.proname ~ '^w_[0-9a-f]{32}$'
    and not exists (select from studio.project_tables t where t.id = substr(p.proname, 3)::uuid)
$$;
revoke all on function studio.lost_schemas(), studio.lost_functions() from public;
grant execute on function studio.lost_schemas(), studio.lost_functions() to studio_store;

-- Before the first analyze the planner takes every table of the shared tier for one record, and joins two of 5,000 by
-- comparing each with each (20 s in place of 8 ms). Autovacuum comes within a minute; this is for what was just loaded.
-- Only the columns of the key are looked at: 10 ms. Answers whether it was necessary.
create function studio.refresh_statistics(written bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
  stale boolean;
begin
  select c.reltuples < 1 or coalesce(s.n_mod_since_analyze, 0) + written > greatest(500, 0.02 * c.reltuples) into stale
    from pg_class c left join pg_stat_all_tables s on s.relid = c.oid
    where c.oid = 'studio.project_data'::regclass;
  if stale then
    analyze studio.project_data (project_id, table_id, id);
  end if;
  return stale;
end $$;
revoke all on function studio.refresh_statistics(bigint) from public;
grant execute on function studio.refresh_statistics(bigint) to studio_app;
alter table studio.project_data set (autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.05);
