-- How each person uses AI. Their key is not here: it is in the system's keychain, or in an encrypted file.

create table studio.assistant_settings (
  account_id uuid primary key references studio.users (id) on delete cascade,
  enabled boolean not null default true,
  consent text not null default 'schema' check (consent in ('none', 'schema', 'samples')),
  -- null: the usual one
  model text,
  server_url text,
  updated_at timestamptz not null default now()
);

alter table studio.assistant_settings enable row level security;
alter table studio.assistant_settings force row level security;

create policy own_assistant_settings on studio.assistant_settings for all to studio_app
  using (account_id = (select studio.current_account()))
  with check (account_id = (select studio.current_account()));
create policy owner_assistant_settings on studio.assistant_settings for all to studio_owner using (true) with check (true);
grant select, insert, update, delete on studio.assistant_settings to studio_app;
