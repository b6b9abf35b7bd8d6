-- What apps ask is written down as lists of columns and read once, where it was JSON that was read three times: of 2,000
-- requests that takes 13 ms in place of 80. And no row of the audit or of the requests is compared with its project: that
-- was a statement for each, and a lock of the one project by all who wrote to it.

alter table studio.audit drop constraint audit_project_id_fkey;
alter table studio.api_requests drop constraint api_requests_project_id_fkey;

drop function studio.log_api_requests(jsonb);

-- Writes down what several projects were asked, counts it, and notes when their keys were used last. A project that is
-- gone by now is left out.
create function studio.log_api_requests(
  project_ids uuid[], ats timestamptz[], methods text[], paths text[], statuses integer[], times real[],
  key_ids uuid[], user_ids uuid[], addresses text[], errors text[]
) returns void
language sql volatile security definer set search_path = pg_catalog as $$
  with there as materialized (
    select p.id from studio.projects p where p.id = any(project_ids) order by p.id for key share
  ), entries as materialized (
    select e.* from unnest(project_ids, ats, methods, paths, statuses, times, key_ids, user_ids, addresses, errors)
        as e (project_id, at, method, path, status, ms, key_id, user_id, address, error)
      join there on there.id = e.project_id
  ), written as (
    insert into studio.api_requests (project_id, at, method, path, status, ms, key_id, user_id, address, error)
      select e.* from entries e
  ), counted as (
    insert into studio.api_usage as u (project_id, month, requests)
      select e.project_id, date_trunc('month', now() at time zone 'UTC')::date, count(*) from entries e
      group by e.project_id order by e.project_id
      on conflict (project_id, month) do update set requests = u.requests + excluded.requests
  )
  update studio.api_keys k set last_used_at = used.at, last_used_address = used.address
    from (
      select distinct on (e.project_id, e.key_id) e.project_id, e.key_id, e.at, e.address from entries e
      where e.key_id is not null order by e.project_id, e.key_id, e.at desc
    ) used
    where k.project_id = used.project_id and k.id = used.key_id
      and (k.last_used_at is null or k.last_used_at < used.at)
$$;

-- As `on delete cascade` did.
create function studio.forget_project() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  delete from studio.audit a where a.project_id = old.id;
  delete from studio.api_requests r where r.project_id = old.id;
  return null;
end $$;
create trigger forget_project after delete on studio.projects for each row execute function studio.forget_project();

revoke all on function studio.forget_project() from public;
revoke all on function studio.log_api_requests(uuid[], timestamptz[], text[], text[], integer[], real[], uuid[], uuid[],
  text[], text[]) from public;
grant execute on function studio.log_api_requests(uuid[], timestamptz[], text[], text[], integer[], real[], uuid[], uuid[],
  text[], text[]) to studio_app;
