-- What a person has in the SQL panel of a project: runs, drafts and saved queries, each theirs alone.

create table studio.sql_runs (
  project_id uuid not null references studio.projects (id) on delete cascade,
  account_id uuid not null references studio.users (id) on delete cascade,
  id bigint not null generated always as identity,
  at timestamptz not null default clock_timestamp(),
  text text not null,
  -- one that stays 'running' was cut off with the studio
  outcome text not null check (outcome in ('running', 'done', 'failed', 'cancelled')),
  statements integer not null,
  -- rows that came or were written
  row_count bigint not null default 0,
  ms double precision,
  error text,
  primary key (project_id, account_id, id)
);

create table studio.sql_drafts (
  project_id uuid not null references studio.projects (id) on delete cascade,
  account_id uuid not null references studio.users (id) on delete cascade,
  -- made by the panel, so that a draft has it before anything has been sent
  id uuid not null,
  -- how tabs stand beside each other
  place double precision not null,
  name text not null,
  text text not null,
  -- the saved query that it was opened from
  query_id uuid,
  -- what the last run of it showed: see sql-panel.contract.ts
  results jsonb not null,
  -- milliseconds since 1970 by the clock that made the edit: of two, the later one counts
  edited_at double precision not null,
  primary key (project_id, account_id, id)
);

create table studio.saved_queries (
  project_id uuid not null references studio.projects (id) on delete cascade,
  account_id uuid not null references studio.users (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  -- names with slashes between them; empty beside the folders
  folder text not null,
  name text not null,
  text text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (project_id, account_id, id),
  constraint saved_queries_name unique (project_id, account_id, folder, name)
);

alter table studio.sql_runs enable row level security;
alter table studio.sql_runs force row level security;
alter table studio.sql_drafts enable row level security;
alter table studio.sql_drafts force row level security;
alter table studio.saved_queries enable row level security;
alter table studio.saved_queries force row level security;

create policy own_sql_runs on studio.sql_runs for all to studio_app
  using (project_id = (select studio.current_project()) and account_id = (select studio.current_account()))
  with check (project_id = (select studio.current_project()) and account_id = (select studio.current_account()));
create policy own_sql_drafts on studio.sql_drafts for all to studio_app
  using (project_id = (select studio.current_project()) and account_id = (select studio.current_account()))
  with check (project_id = (select studio.current_project()) and account_id = (select studio.current_account()));
create policy own_saved_queries on studio.saved_queries for all to studio_app
  using (project_id = (select studio.current_project()) and account_id = (select studio.current_account()))
  with check (project_id = (select studio.current_project()) and account_id = (select studio.current_account()));
create policy owner_sql_runs on studio.sql_runs for all to studio_owner using (true) with check (true);
create policy owner_sql_drafts on studio.sql_drafts for all to studio_owner using (true) with check (true);
create policy owner_saved_queries on studio.saved_queries for all to studio_owner using (true) with check (true);
grant select, insert, update, delete on studio.sql_runs, studio.sql_drafts, studio.saved_queries to studio_app;
