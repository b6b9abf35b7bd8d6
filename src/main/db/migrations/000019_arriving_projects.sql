-- A project that is copied to this server from another one.

-- Set until all of it is here: the database that it is copied from. Nobody is shown such a project; what is left of a copy
-- that ended halfway, because the server or the network went away, is removed when it is begun again.
alter table studio.projects add column arriving_from uuid;

create index projects_arriving on studio.projects (user_id, arriving_from) where arriving_from is not null;

-- What was written down while the copy was filled, so that the history of the original comes in its place. The lines of
-- tables that were filled at once stay: their records are told by them. Only of a project that is arriving.
create function studio.clear_arriving_history(arriving uuid) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
  if not exists (
    select from studio.projects p
    where p.id = arriving and p.id = studio.current_project() and p.arriving_from is not null
  ) then
    raise exception 'The project is not arriving.' using errcode = '42501';
  end if;
  delete from studio.changes c where c.project_id = arriving and c.op <> 'load';
  delete from studio.audit a where a.project_id = arriving;
  delete from studio.schema_versions v where v.project_id = arriving;
end $$;

-- The account's own leftovers of an earlier attempt.
create function studio.remove_arriving(origin uuid) returns void
language sql security definer set search_path = pg_catalog as $$
  delete from studio.projects p where p.arriving_from = origin and p.user_id = studio.current_account()
$$;

revoke all on function studio.clear_arriving_history(uuid), studio.remove_arriving(uuid) from public;
grant execute on function studio.clear_arriving_history(uuid), studio.remove_arriving(uuid) to studio_app;

-- As before, and what never arrived.
create or replace function studio.empty_bin(kept interval) returns table (projects bigint, tables bigint)
language plpgsql security definer set search_path = pg_catalog as $$
declare
  gone_projects bigint;
  gone_tables bigint;
begin
  delete from studio.projects p where p.deleted_at < clock_timestamp() - kept
    or (p.arriving_from is not null and p.created_at < clock_timestamp() - interval '1 day');
  get diagnostics gone_projects = row_count;
  delete from studio.project_tables t where t.deleted_at < clock_timestamp() - kept;
  get diagnostics gone_tables = row_count;
  return query select gone_projects, gone_tables;
end $$;
