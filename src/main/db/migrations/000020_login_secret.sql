-- What passwords of SQL logins are derived from lies beside the logins: studios that work on one server each have a
-- JWT_SECRET of their own, and would set each other's passwords anew. Whoever may read this may set any of them anyway.
create table studio.login_secret (
  one boolean primary key default true check (one),
  secret bytea not null
);
insert into studio.login_secret (secret) values (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
alter table studio.login_secret enable row level security;
alter table studio.login_secret force row level security;
create policy owner_login_secret on studio.login_secret for all to studio_owner using (true) with check (true);

-- Of a role and a generation of its password; 256 bits.
create function studio.login_password(role_name text, generation integer) returns text
language sql stable security definer set search_path = pg_catalog as $$
  select encode(sha256(s.secret || sha256(s.secret || convert_to(role_name || ' ' || generation, 'UTF8'))), 'hex')
  from studio.login_secret s
$$;
revoke all on function studio.login_password(text, integer) from public;
grant execute on function studio.login_password(text, integer) to studio_app;
