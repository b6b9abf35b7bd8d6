-- Moves of tables between the tiers, indexes that people asked for, and what is asked of tables most.

-- Which tier the table's people want; by itself a table goes where its size puts it.
alter table studio.project_tables
  add column storage_wish text not null default 'auto'
    constraint project_tables_storage_wish_check check (storage_wish in ('auto', 'shared', 'dedicated'));

-- A move under way, in steps of one transaction each, so that whoever finds it can go on with it. Readers and writers
-- keep to the old place until the swap; what they write meanwhile is in the change log, and is copied again from there.
create table studio.table_moves (
  project_id uuid not null,
  table_id uuid not null,
  target text not null check (target in ('shared', 'dedicated')),
  phase text not null default 'planned'
    check (phase in ('planned', 'clearing', 'copying', 'indexing', 'catching', 'cleaning', 'cancelling')),
  -- in studio_data: what is being filled, or what is left
  relation text,
  distributed boolean not null default false,
  -- project_tables.updated_at of the schema that the copy is made for
  version timestamptz,
  -- every change with a number up to here is in the copy
  since bigint,
  -- the same of the round that is under way: once that has copied what was written up to now, it is what `since` becomes
  next bigint,
  -- the copy's place in the order of ids
  after uuid,
  done bigint not null default 0,
  total bigint not null default 0,
  -- who works on it, and when that was last seen
  owner uuid,
  heartbeat timestamptz,
  -- why it did not go on, how often, and when it is tried again
  problem text,
  failures integer not null default 0,
  retry_at timestamptz,
  primary key (project_id, table_id),
  foreign key (project_id, table_id) references studio.project_tables (project_id, id) on delete cascade
);

-- Indexes that somebody asked for; those that keep a rule follow from the schema.
create table studio.table_indexes (
  project_id uuid not null,
  table_id uuid not null,
  -- the name of the index in studio_data
  name text not null default 'i_' || replace(gen_random_uuid()::text, '-', ''),
  -- [{"key": "<layout key>", "path": ["a", "b"]}]: a rename changes nothing; a path goes into a jsonb column
  members jsonb not null,
  created_at timestamptz not null default now(),
  primary key (project_id, table_id, name),
  unique (project_id, table_id, members),
  foreign key (project_id, table_id) references studio.project_tables (project_id, id) on delete cascade
);

-- How often tables are asked with which filters and sorts, by day.
create table studio.observed_queries (
  project_id uuid not null,
  table_id uuid not null,
  day date not null,
  -- {"equal": [...], "range": [...], "sort": [...]}: layout keys, with the path into a jsonb column
  shape jsonb not null,
  count bigint not null,
  primary key (project_id, table_id, day, shape),
  foreign key (project_id, table_id) references studio.project_tables (project_id, id) on delete cascade
);

alter table studio.table_moves enable row level security;
alter table studio.table_moves force row level security;
alter table studio.table_indexes enable row level security;
alter table studio.table_indexes force row level security;
alter table studio.observed_queries enable row level security;
alter table studio.observed_queries force row level security;

create policy own_moves on studio.table_moves for all to studio_app, studio_store
  using (project_id = (select studio.current_project()))
  with check (project_id = (select studio.current_project()));
create policy own_indexes on studio.table_indexes for all to studio_app, studio_store
  using (project_id = (select studio.current_project()))
  with check (project_id = (select studio.current_project()));
create policy own_observed on studio.observed_queries for all to studio_app
  using (project_id = (select studio.current_project()))
  with check (project_id = (select studio.current_project()));
create policy owner_moves on studio.table_moves for all to studio_owner using (true) with check (true);
create policy owner_indexes on studio.table_indexes for all to studio_owner using (true) with check (true);
create policy owner_observed on studio.observed_queries for all to studio_owner using (true) with check (true);
grant select, insert, update, delete on studio.table_moves, studio.table_indexes to studio_app, studio_store;
grant select on studio.observed_queries to studio_app;

-- A move reads which records were written while it copied.
create policy store_changes_read on studio.changes for select to studio_store using (true);
grant select on studio.changes to studio_store;

-- Before there is a tenant --------------------------------------------------------------------------------------------

-- Moves that nobody works on.
create function studio.open_moves(patience interval) returns table (account_id uuid, database_id uuid, table_id uuid)
language sql volatile security definer set search_path = pg_catalog as $$
  select p.user_id, t.database_id, t.id
  from studio.table_moves m
  join studio.project_tables t on t.project_id = m.project_id and t.id = m.table_id
  join studio.projects p on p.id = m.project_id and p.deleted_at is null
  where (m.owner is null or m.heartbeat < clock_timestamp() - patience)
    and (m.retry_at is null or m.retry_at <= clock_timestamp())
$$;

-- Tables that are not in the tier where they belong: those of the shared tier with more than `most` records, and those
-- that are wanted elsewhere. `look`: what nothing keeps in its relation once that is empty, which must be asked itself.
-- Of one database, or of all.
create function studio.misplaced_tables(most integer, database uuid)
returns table (account_id uuid, database_id uuid, table_id uuid, move text)
language sql volatile security definer set search_path = pg_catalog as $$
  select * from (
    select p.user_id, t.database_id, t.id, case
      when t.storage ->> 'tier' = 'dedicated' then case
        when t.storage_wish = 'shared' then 'shared'
        when t.storage_wish = 'auto' and not asked.there then 'look'
      end
      when t.storage_wish = 'dedicated' or t.storage_wish = 'auto' and asked.there then 'dedicated'
      when t.storage_wish = 'auto' and most < (
        select count(*) from (
          select from studio.project_data d where d.project_id = t.project_id and d.table_id = t.id limit most + 1
        ) seen) then 'dedicated'
    end as move
    from studio.project_tables t
    join studio.projects p on p.id = t.project_id and p.deleted_at is null
    cross join lateral (
      select exists (select from studio.table_indexes i where i.project_id = t.project_id and i.table_id = t.id) as there
    ) asked
    where t.deleted_at is null and (database is null or t.database_id = database)
      and not exists (select from studio.table_moves m where m.project_id = t.project_id and m.table_id = t.id)
  ) found
  where move is not null
$$;

-- Tables of the dedicated tier without an index that was asked for.
create function studio.missing_indexes() returns table (account_id uuid, database_id uuid, table_id uuid)
language sql volatile security definer set search_path = pg_catalog as $$
  select distinct p.user_id, t.database_id, t.id
  from studio.table_indexes i
  join studio.project_tables t on t.project_id = i.project_id and t.id = i.table_id
  join studio.projects p on p.id = t.project_id and p.deleted_at is null
  where t.deleted_at is null and t.storage ->> 'tier' = 'dedicated' and not exists (
    select from pg_class c join pg_index x on x.indexrelid = c.oid
    where c.relnamespace = 'studio_data'::regnamespace and c.relname = i.name and x.indisvalid)
$$;

-- Physical tables of nobody: their table was removed for good, or their move given up.
create function studio.lost_relations() returns setof text
language sql volatile security definer set search_path = pg_catalog as $$
  select c.relname::text from pg_class c
  where c.relnamespace = 'studio_data'::regnamespace and c.relkind in ('r', 'p') and c.relname ~ '^t_[0-9a-f]{32}$'
    and not exists (select from studio.project_tables t where t.storage ->> 'relation' = c.relname)
    and not exists (select from studio.table_moves m where m.relation = c.relname)
$$;

-- Adds what was observed: [{"project_id", "table_id", "shape", "count"}]. Tables that are gone are left out.
create function studio.observe_queries(observed jsonb) returns void
language sql volatile security definer set search_path = pg_catalog as $$
  insert into studio.observed_queries as o (project_id, table_id, day, shape, count)
  select t.project_id, t.id, (now() at time zone 'UTC')::date, n.shape, sum(n.count)
  from jsonb_to_recordset(observed) as n (project_id uuid, table_id uuid, shape jsonb, count bigint)
  join studio.project_tables t on t.project_id = n.project_id and t.id = n.table_id
  group by t.project_id, t.id, n.shape
  order by t.project_id, t.id, n.shape
  on conflict (project_id, table_id, day, shape) do update set count = o.count + excluded.count
$$;

-- What is older than `kept`.
create function studio.forget_queries(kept interval) returns void
language sql volatile security definer set search_path = pg_catalog as $$
  delete from studio.observed_queries o where o.day < (now() - kept)::date
$$;

revoke all on function studio.open_moves(interval), studio.misplaced_tables(integer, uuid), studio.missing_indexes(),
  studio.lost_relations(),
  studio.observe_queries(jsonb), studio.forget_queries(interval) from public;
grant execute on function studio.open_moves(interval), studio.misplaced_tables(integer, uuid), studio.missing_indexes(),
  studio.observe_queries(jsonb), studio.forget_queries(interval) to studio_app;
grant execute on function studio.lost_relations() to studio_store;
