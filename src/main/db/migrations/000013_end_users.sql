-- The people of the apps that are built on a project: a record of the project's own table `users` each. Beside it, what
-- the studio keeps about them and nobody edits as a record: sign-ins, tokens sent by mail, and how they may sign in.

-- Whose a database is, before there is a tenant: by the name in addresses (`/p/<ref>`), or by its id.
create function studio.database_address(wanted_ref text, wanted_id uuid)
returns table (account_id uuid, project_id uuid, database_id uuid, ref text)
language sql stable security definer set search_path = pg_catalog as $$
  select p.user_id, p.id, d.id, d.ref
  from studio.project_databases d join studio.projects p on p.id = d.project_id
  where p.deleted_at is null and (d.ref = wanted_ref or d.id = wanted_id)
$$;

create table studio.end_users (
  project_id uuid not null references studio.projects (id) on delete cascade,
  -- the record's `_id`; a row without a record is nobody's, and goes with the next clean-up
  user_id uuid not null,
  user_metadata jsonb not null default '{}',
  invited_at timestamptz,
  confirmed_at timestamptz,
  last_sign_in_at timestamptz,
  -- 'infinity' for good
  banned_until timestamptz,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (project_id, user_id)
);

-- One row for each refresh token ever given; a family is one sign-in.
create table studio.end_user_sessions (
  project_id uuid not null references studio.projects (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  family_id uuid not null,
  -- sha-256 of the refresh token; the token itself is kept nowhere
  token_hash bytea not null,
  user_agent text,
  address text,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  spent_at timestamptz,
  revoked_at timestamptz,
  primary key (project_id, id),
  constraint end_user_sessions_token_hash_key unique (project_id, token_hash)
);
create index end_user_sessions_family on studio.end_user_sessions (project_id, family_id);
create index end_user_sessions_user on studio.end_user_sessions (project_id, user_id, created_at);

-- Tokens that were sent by mail, to be used once.
create table studio.end_user_tokens (
  project_id uuid not null references studio.projects (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  purpose text not null check (purpose in ('signup', 'recovery', 'invite', 'magiclink', 'email_change')),
  token_hash bytea not null,
  -- the six digits of the same mail, hashed with the address; after a few wrong ones neither is any good
  code_hash bytea not null,
  wrong_codes integer not null default 0,
  -- the address it proves
  email text not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (project_id, id),
  constraint end_user_tokens_token_hash_key unique (project_id, token_hash)
);
create index end_user_tokens_user on studio.end_user_tokens (project_id, user_id, purpose);

-- What was sent, or would have been: without a mail server the studio shows it here.
create table studio.mails (
  project_id uuid not null references studio.projects (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  at timestamptz not null default clock_timestamp(),
  recipient text not null,
  subject text not null,
  body text not null,
  delivered_at timestamptz,
  problem text,
  primary key (project_id, id)
);
create index mails_at on studio.mails (project_id, at desc);

-- How people sign up and in; a project without a row has the defaults of the program.
create table studio.auth_settings (
  project_id uuid primary key references studio.projects (id) on delete cascade,
  settings jsonb not null
);

do $$
declare
  name text;
begin
  foreach name in array array['end_users', 'end_user_sessions', 'end_user_tokens', 'mails', 'auth_settings'] loop
    execute format('alter table studio.%I enable row level security', name);
    execute format('alter table studio.%I force row level security', name);
    execute format('create policy %I on studio.%I for all to studio_app
      using (project_id = (select studio.current_project()))
      with check (project_id = (select studio.current_project()))', 'own_' || name, name);
    execute format('create policy %I on studio.%I for all to studio_owner using (true) with check (true)',
      'owner_' || name, name);
    execute format('grant select, insert, update, delete on studio.%I to studio_app', name);
  end loop;
end $$;

revoke all on function studio.database_address(text, uuid) from public;
grant execute on function studio.database_address(text, uuid) to studio_app;
