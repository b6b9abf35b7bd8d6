-- The API of a project's apps: keys, access rules, settings, what was asked, and what is used of the plan. Servers keep
-- keys and rules in memory; whoever changes them gives the database another schema_version, which every call looks at in
-- the transaction that it works in.

create table studio.api_keys (
  project_id uuid not null references studio.projects (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  name text not null,
  kind text not null check (kind in ('publishable', 'secret')),
  -- the beginning of the key, to tell it by
  prefix text not null,
  -- sha-256 of the key, which is kept nowhere
  key_hash bytea not null,
  -- [{"table": "<id>" or null for all, "verbs": ["select", ...]}]; null lets it do what its kind may
  scopes jsonb,
  -- the one key whose text the studio derives again, for the snippets of its own pages
  is_default boolean not null default false,
  made_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  last_used_address text,
  -- the key that this one was made to follow
  replaces uuid,
  primary key (project_id, id),
  constraint api_keys_key_hash_key unique (project_id, key_hash)
);

-- A table without a row is closed. Columns are named by their layout keys, so that a rename changes nothing.
create table studio.access_rules (
  project_id uuid not null,
  table_id uuid not null,
  -- {"select": {"allow": "owner", "column": "<key>", "where": <filter> or null}, ...}
  rules jsonb not null,
  -- layout keys of columns that only secret keys see
  hidden jsonb not null default '[]',
  updated_at timestamptz not null default clock_timestamp(),
  primary key (project_id, table_id),
  foreign key (project_id, table_id) references studio.project_tables (project_id, id) on delete cascade
);

-- A project without a row has the defaults of the program.
create table studio.api_settings (
  project_id uuid primary key references studio.projects (id) on delete cascade,
  -- pages of these origins may call; null lets all of them
  origins jsonb,
  -- requests a minute of one key, one address and one end user; null leaves the program's
  rates jsonb,
  plan text
);

-- What is used, by month (the first day of it, UTC).
create table studio.api_usage (
  project_id uuid not null references studio.projects (id) on delete cascade,
  month date not null,
  requests bigint not null default 0,
  primary key (project_id, month)
);

create table studio.api_requests (
  project_id uuid not null references studio.projects (id) on delete cascade,
  id bigint not null generated always as identity,
  at timestamptz not null,
  method text not null,
  path text not null,
  status integer not null,
  ms real not null,
  key_id uuid,
  user_id uuid,
  address text,
  error text,
  primary key (project_id, id)
);
create index api_requests_at on studio.api_requests (project_id, at);

-- What callers have used of their rates, where several servers count together. The keys are digests.
create unlogged table studio.rate_limits (
  key text primary key,
  points integer not null,
  -- milliseconds since 1970
  expire bigint not null
);

do $$
declare
  name text;
begin
  foreach name in array array['api_keys', 'access_rules', 'api_settings', 'api_usage', 'api_requests'] loop
    execute format('alter table studio.%I enable row level security', name);
    execute format('alter table studio.%I force row level security', name);
    execute format('create policy %I on studio.%I for all to studio_app
      using (project_id = (select studio.current_project()))
      with check (project_id = (select studio.current_project()))', 'own_' || name, name);
    execute format('create policy %I on studio.%I for all to studio_owner using (true) with check (true)',
      'owner_' || name, name);
  end loop;
end $$;
grant select, insert, update, delete on studio.api_keys, studio.access_rules, studio.api_settings to studio_app;
grant select on studio.api_usage, studio.api_requests to studio_app;

alter table studio.rate_limits enable row level security;
alter table studio.rate_limits force row level security;
create policy owner_rate_limits on studio.rate_limits for all to studio_owner using (true) with check (true);

-- Takes so many points of what a key has in a window, which begins with the first of them.
create function studio.take_rate(wanted text, cost integer, window_ms bigint)
returns table (points integer, expire bigint)
language sql volatile security definer set search_path = pg_catalog as $$
  insert into studio.rate_limits as r (key, points, expire)
    values (wanted, cost, (extract(epoch from clock_timestamp()) * 1000)::bigint + window_ms)
    on conflict (key) do update set
      points = case when r.expire <= excluded.expire - window_ms then excluded.points else r.points + excluded.points end,
      expire = case when r.expire <= excluded.expire - window_ms then excluded.expire else r.expire end
    returning r.points, r.expire
$$;
create function studio.forget_rates() returns void
language sql volatile security definer set search_path = pg_catalog as $$
  delete from studio.rate_limits where expire < (extract(epoch from clock_timestamp()) * 1000)::bigint
$$;

-- Whose API has this name in addresses, before there is a tenant.
create function studio.api_project(wanted_ref text)
returns table (account_id uuid, project_id uuid, database_id uuid)
language sql stable security definer set search_path = pg_catalog as $$
  select p.user_id, p.id, d.id
  from studio.project_databases d join studio.projects p on p.id = d.project_id
  where p.deleted_at is null and d.ref = wanted_ref
$$;

-- Writes down what several projects were asked, counts it, and notes when their keys were used last. A project that is
-- gone by now is left out.
create function studio.log_api_requests(entries jsonb) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into studio.api_requests (project_id, at, method, path, status, ms, key_id, user_id, address, error)
    select e.project_id, e.at, e.method, e.path, e.status, e.ms, e.key_id, e.user_id, e.address, e.error
    from jsonb_to_recordset(entries) as e (project_id uuid, at timestamptz, method text, path text, status integer,
      ms real, key_id uuid, user_id uuid, address text, error text)
    where exists (select from studio.projects p where p.id = e.project_id)
    order by e.at;
  insert into studio.api_usage as u (project_id, month, requests)
    select e.project_id, date_trunc('month', now() at time zone 'UTC')::date, count(*)
    from jsonb_to_recordset(entries) as e (project_id uuid)
    where exists (select from studio.projects p where p.id = e.project_id)
    group by e.project_id order by e.project_id
    on conflict (project_id, month) do update set requests = u.requests + excluded.requests;
  update studio.api_keys k set last_used_at = used.at, last_used_address = used.address
    from (
      select distinct on (e.project_id, e.key_id) e.project_id, e.key_id, e.at, e.address
      from jsonb_to_recordset(entries) as e (project_id uuid, key_id uuid, at timestamptz, address text)
      where e.key_id is not null order by e.project_id, e.key_id, e.at desc
    ) used
    where k.project_id = used.project_id and k.id = used.key_id
      and (k.last_used_at is null or k.last_used_at < used.at);
end $$;

-- Deletes, `most` at a time, what was asked longer ago than `kept`. Answers how many went.
create function studio.forget_api_requests(kept interval, most integer) returns integer
language plpgsql security definer set search_path = pg_catalog as $$
declare
  gone integer;
begin
  with old as (
    select r.project_id, r.id from studio.projects p cross join lateral (
      select o.project_id, o.id from studio.api_requests o
      where o.project_id = p.id and o.at < clock_timestamp() - kept order by o.at limit most
    ) r limit most
  )
  delete from studio.api_requests r using old where r.project_id = old.project_id and r.id = old.id;
  get diagnostics gone = row_count;
  return gone;
end $$;

revoke all on function studio.api_project(text), studio.take_rate(text, integer, bigint), studio.forget_rates(),
  studio.log_api_requests(jsonb), studio.forget_api_requests(interval, integer) from public;
grant execute on function studio.api_project(text), studio.take_rate(text, integer, bigint), studio.forget_rates(),
  studio.log_api_requests(jsonb), studio.forget_api_requests(interval, integer) to studio_app;
