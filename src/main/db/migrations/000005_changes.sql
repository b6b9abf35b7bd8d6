-- The change log's upkeep and its readers: a partition for each month, how long changes are kept, which operation took
-- back which, and notices that say nothing to who may not know.

-- Retention ---------------------------------------------------------------------------------------------------------

alter table studio.project_databases
  add column changes_days integer not null default 90
    constraint project_databases_changes_days_check check (changes_days between 1 and 3650);

-- Makes the partitions of this month and the next two (in UTC). Rows of such a month that found no partition are in
-- changes_other, and are moved; nobody writes there meanwhile. Answers the names of those that it made.
create function studio.make_change_partitions(today date) returns setof text
language plpgsql security definer set search_path = pg_catalog set timezone = 'UTC' set lock_timeout = '3s' as $$
declare
  month date;
  name text;
  first timestamptz;
  until timestamptz;
begin
  perform pg_advisory_xact_lock(hashtextextended('studio.changes', 0));
  for step in 0..2 loop
    month := (date_trunc('month', today) + make_interval(months => step))::date;
    name := to_char(month, '"changes_"YYYY"_"MM');
    continue when exists (
      select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'studio' and c.relname = name
    );
    first := month::timestamptz;
    until := (month + interval '1 month')::timestamptz;
    -- Attaching waits for fewer than "create table ... partition of", which locks the parent against everybody.
    execute format('create table studio.%I (like studio.changes including all)', name);
    execute format('alter table studio.%I enable row level security', name);
    execute format('alter table studio.%I force row level security', name);
    execute format('create policy %I on studio.%I for all to studio_owner using (true) with check (true)', 'owner_' || name, name);
    lock table studio.changes_other in access exclusive mode;
    execute format('with moved as (delete from studio.changes_other where at >= %L and at < %L returning *)
      insert into studio.%I select * from moved', first, until, name);
    execute format('alter table studio.changes attach partition studio.%I for values from (%L) to (%L)', name, first, until);
    return next name;
  end loop;
end $$;

-- Drops the partitions that hold nothing that any database still keeps. Answers their names.
create function studio.drop_change_partitions(today date) returns setof text
language plpgsql security definer set search_path = pg_catalog set timezone = 'UTC' set lock_timeout = '3s' as $$
declare
  oldest date := today - coalesce((select max(d.changes_days) from studio.project_databases d), 90);
  name text;
begin
  perform pg_advisory_xact_lock(hashtextextended('studio.changes', 0));
  for name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'studio.changes'::regclass and c.relname ~ '^changes_\d{4}_\d\d$'
      and to_date(substr(c.relname, 9), 'YYYY_MM') + interval '1 month' <= oldest
    order by c.relname
  loop
    execute format('drop table studio.%I', name);
    return next name;
  end loop;
end $$;

-- Deletes, `most` at a time, what is older than its own database keeps it, and what belonged to a project or a table
-- that was removed for good. Answers how many changes went; fewer than `most` means that no more are left.
create function studio.delete_old_changes(today date, most integer) returns integer
language plpgsql security definer set search_path = pg_catalog set timezone = 'UTC' as $$
declare
  gone integer;
  orphans integer;
begin
  with old as (
    select c.project_id, c.id, c.at
    from studio.project_databases d
    cross join lateral (
      select o.project_id, o.id, o.at from studio.changes o
      where o.project_id = d.project_id and o.at < (today - d.changes_days)::timestamptz
      limit most
    ) c
    limit most
  )
  delete from studio.changes c using old where c.project_id = old.project_id and c.id = old.id and c.at = old.at;
  get diagnostics gone = row_count;
  if gone >= most then
    return gone;
  end if;
  -- From one table to the next by the index, so that the cost is the number of tables and not that of changes.
  with recursive seen as (
    (select c.project_id, c.table_id from studio.changes c order by c.project_id, c.table_id limit 1)
    union all
    select next.project_id, next.table_id from seen cross join lateral (
      select c.project_id, c.table_id from studio.changes c
      where (c.project_id, c.table_id) > (seen.project_id, seen.table_id)
      order by c.project_id, c.table_id limit 1
    ) next
  ), lost as (
    select s.project_id, s.table_id from seen s where not exists (
      select from studio.project_tables t where t.project_id = s.project_id and t.id = s.table_id
    )
  ), old as (
    select c.project_id, c.id, c.at from lost cross join lateral (
      select o.project_id, o.id, o.at from studio.changes o
      where o.project_id = lost.project_id and o.table_id = lost.table_id
      limit most
    ) c
    limit most - gone
  )
  delete from studio.changes c using old where c.project_id = old.project_id and c.id = old.id and c.at = old.at;
  get diagnostics orphans = row_count;
  return gone + orphans;
end $$;

-- Undo --------------------------------------------------------------------------------------------------------------

-- An operation that takes another one back, or brings it back again, names the first of them. Is their number even,
-- the first is in effect.
alter table studio.audit add column chain uuid;
create index audit_chain on studio.audit (project_id, chain) where chain is not null;

-- Notices -----------------------------------------------------------------------------------------------------------
-- Every login of the database may listen to every channel. So a notice holds the number of its transaction, and beside
-- it only what nobody can read, link to another notice, or make, who has not the project's key.

create table studio.notice_secret (
  one boolean primary key default true check (one),
  secret bytea not null
);
insert into studio.notice_secret (secret) values (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
alter table studio.notice_secret enable row level security;
alter table studio.notice_secret force row level security;
create policy owner_notice_secret on studio.notice_secret for all to studio_owner using (true) with check (true);

-- With it the studio reads the notices of the project of the tenant context; null when that is not the account's own.
create function studio.notice_key() returns text
language sql stable security definer set search_path = pg_catalog as $$
  select encode(sha256(s.secret || uuid_send(studio.current_project())), 'hex') from studio.notice_secret s
$$;

-- Tells the watchers of a project, when this transaction commits, that something has changed. The same said twice is
-- one notice, so a statement of many rows may say it for each. Kinds: records, tables, project.
create function studio.tell(project uuid, kind text, changed_table uuid) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
  moment text := pg_current_xact_id()::text;
  key text := (select encode(sha256(s.secret || uuid_send(project)), 'hex') from studio.notice_secret s);
  digest text := encode(sha256(convert_to(key || ' ' || moment || ' ' || kind, 'UTF8')), 'hex');
  subject text := replace(coalesce(changed_table, '00000000-0000-0000-0000-000000000000')::text, '-', '');
begin
  perform pg_notify('studio_changes', moment || '.' || substr(digest, 1, 32) || '.'
    || lpad(to_hex(('x' || substr(digest, 33, 16))::bit(64)::bigint # ('x' || substr(subject, 1, 16))::bit(64)::bigint), 16, '0')
    || lpad(to_hex(('x' || substr(digest, 49, 16))::bit(64)::bigint # ('x' || substr(subject, 17, 16))::bit(64)::bigint), 16, '0'));
end $$;

revoke all on function studio.make_change_partitions(date), studio.drop_change_partitions(date),
  studio.delete_old_changes(date, integer), studio.notice_key(), studio.tell(uuid, text, uuid) from public;
grant execute on function studio.make_change_partitions(date), studio.drop_change_partitions(date),
  studio.delete_old_changes(date, integer), studio.notice_key() to studio_app;
grant execute on function studio.tell(uuid, text, uuid) to studio_app, studio_store;

select studio.make_change_partitions((now() at time zone 'UTC')::date);
