-- Views of a table that people keep: a filter, a sort, and how the columns are shown.

create table studio.saved_views (
  project_id uuid not null,
  id uuid not null default gen_random_uuid(),
  table_id uuid not null,
  name text not null,
  -- {"filter", "sort", "columns"}, where columns are named by their layout keys: a rename changes nothing, and what was
  -- dropped is left out when it is read, for its key is never used again
  definition jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (project_id, id),
  constraint saved_views_name unique (project_id, table_id, name),
  foreign key (project_id, table_id) references studio.project_tables (project_id, id) on delete cascade
);

alter table studio.saved_views enable row level security;
alter table studio.saved_views force row level security;

create policy own_views on studio.saved_views for all to studio_app
  using (project_id = (select studio.current_project()))
  with check (project_id = (select studio.current_project()));
create policy owner_views on studio.saved_views for all to studio_owner using (true) with check (true);
grant select, insert, update, delete on studio.saved_views to studio_app;
