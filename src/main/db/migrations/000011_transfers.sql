-- What goes in and out in bulk: one line of the change log for a table that was filled at once, and backups.

-- A million records that fill an empty table would write a million lines, five times the time of the records themselves.
-- They are one line, op `load`: `after` is {"count": n}, and its records are those that were made in its moment
-- (`_created` of the relation equals `at`). Who takes it back writes the lines of the records first.
-- Partitions that were made before they were attached have the old constraint as one of their own as well.
do $$
declare
  part regclass;
begin
  alter table studio.changes drop constraint changes_op_check;
  for part in select i.inhrelid::regclass from pg_inherits i where i.inhparent = 'studio.changes'::regclass loop
    execute format('alter table %s drop constraint if exists changes_op_check', part);
  end loop;
end $$;
alter table studio.changes add constraint changes_op_check check (op in ('insert', 'update', 'delete', 'schema', 'load'));

-- Backups: the file lies in the data folder of the studio, under its id.
create table studio.backups (
  project_id uuid not null references studio.projects (id) on delete cascade,
  id uuid not null,
  created_at timestamptz not null default now(),
  kind text not null check (kind in ('asked', 'scheduled')),
  bytes bigint not null,
  records bigint not null,
  tables integer not null,
  -- when a test restore had the same tables with as many records; otherwise `problem` says why not
  proven_at timestamptz,
  problem text,
  primary key (project_id, id)
);
alter table studio.backups enable row level security;
alter table studio.backups force row level security;
create policy own_backups on studio.backups for all to studio_app
  using (project_id = (select studio.current_project()))
  with check (project_id = (select studio.current_project()));
create policy owner_backups on studio.backups for all to studio_owner using (true) with check (true);
grant select, insert, delete on studio.backups to studio_app;

alter table studio.project_databases
  add column backup_every text not null default 'off'
    constraint project_databases_backup_every_check check (backup_every in ('off', 'daily', 'weekly')),
  add column backup_keep integer not null default 7
    constraint project_databases_backup_keep_check check (backup_keep between 1 and 365);

-- Databases whose plan wants a backup now.
create function studio.due_backups() returns table (account_id uuid, database_id uuid)
language sql stable security definer set search_path = pg_catalog as $$
  select p.user_id, d.id from studio.project_databases d
  join studio.projects p on p.id = d.project_id and p.deleted_at is null
  where d.backup_every <> 'off' and not exists (
    select from studio.backups b where b.project_id = d.project_id and b.kind = 'scheduled'
      and b.created_at > clock_timestamp() - case d.backup_every when 'daily' then interval '1 day' else interval '7 days' end)
$$;

-- Removes a project for good, without the bin: what was made to try a backup, or a copy that did not become whole. Only
-- the account's own; its views and relations are dropped as those of any project that is gone.
create function studio.remove_project(project uuid) returns void
language sql security definer set search_path = pg_catalog as $$
  delete from studio.projects p where p.id = project and p.user_id = studio.current_account()
$$;
revoke all on function studio.due_backups(), studio.remove_project(uuid) from public;
grant execute on function studio.due_backups(), studio.remove_project(uuid) to studio_app;
