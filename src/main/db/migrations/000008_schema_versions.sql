-- Versions of a database's schema, one for each edit from wherever it came, and how its canvas is laid out.

create table studio.schema_versions (
  project_id uuid not null,
  database_id uuid not null,
  -- 1, 2, 3, ...; 0 is what there was before versions were kept
  number integer not null,
  -- what somebody called it
  name text,
  sentence text not null,
  actor_id uuid,
  actor text not null,
  at timestamptz not null default now(),
  -- what led to it from the one before
  edits jsonb not null,
  primary key (project_id, database_id, number),
  foreign key (project_id, database_id) references studio.project_databases (project_id, id) on delete cascade
);

-- A table as it became with that version; a version's schema is the newest of each table up to it.
create table studio.schema_version_tables (
  project_id uuid not null,
  database_id uuid not null,
  table_id uuid not null,
  number integer not null,
  -- when the table was made: tables are listed in this order
  since timestamptz not null,
  -- null: it went
  schema jsonb,
  primary key (project_id, database_id, table_id, number),
  foreign key (project_id, database_id, number)
    references studio.schema_versions (project_id, database_id, number) on delete cascade
);

create table studio.canvas_layouts (
  project_id uuid not null,
  database_id uuid not null,
  revision integer not null,
  layout jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (project_id, database_id),
  foreign key (project_id, database_id) references studio.project_databases (project_id, id) on delete cascade
);

alter table studio.schema_versions enable row level security;
alter table studio.schema_versions force row level security;
alter table studio.schema_version_tables enable row level security;
alter table studio.schema_version_tables force row level security;
alter table studio.canvas_layouts enable row level security;
alter table studio.canvas_layouts force row level security;

create policy own_versions on studio.schema_versions for all to studio_app, studio_store
  using (project_id = (select studio.current_project()))
  with check (project_id = (select studio.current_project()));
create policy own_version_tables on studio.schema_version_tables for all to studio_app, studio_store
  using (project_id = (select studio.current_project()))
  with check (project_id = (select studio.current_project()));
create policy own_layouts on studio.canvas_layouts for all to studio_app
  using (project_id = (select studio.current_project()))
  with check (project_id = (select studio.current_project()));
create policy owner_versions on studio.schema_versions for all to studio_owner using (true) with check (true);
create policy owner_version_tables on studio.schema_version_tables for all to studio_owner using (true) with check (true);
create policy owner_layouts on studio.canvas_layouts for all to studio_owner using (true) with check (true);

grant select, insert on studio.schema_versions, studio.schema_version_tables to studio_app, studio_store;
grant update (name) on studio.schema_versions to studio_app;
grant select, insert, update on studio.canvas_layouts to studio_app;
