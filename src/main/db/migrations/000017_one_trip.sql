-- Calls of apps come by the thousand, and most are one or two statements that are known beforehand. They are sent
-- together with this, the first of them: it sets the tenant, holds the schema, and lets nothing happen when tables, keys
-- or rules are others than those that the call was decided by.
create function studio.open_call(account uuid, database uuid, version uuid, read_only boolean) returns void
language plpgsql set search_path = pg_catalog as $$
declare
  project uuid;
  held uuid;
begin
  perform set_config('studio.account_id', account::text, true);
  if read_only then
    perform set_config('transaction_read_only', 'on', true);
  end if;
  -- As studio.hold_schema does; what is read after it has been granted is what holds.
  perform pg_advisory_xact_lock_shared(hashtextextended('schema:' || database, 0));
  select d.project_id, d.schema_version into project, held
    from studio.project_databases d join studio.projects p on p.id = d.project_id
    where d.id = database and p.deleted_at is null;
  if project is null or held is distinct from version then
    raise exception 'The call was decided by what does not hold any more.' using errcode = 'TS001';
  end if;
  perform set_config('studio.project_id', project::text, true);
end $$;

-- Ends a call whose last statements must not count: nothing of it is kept, and it is made again the long way, which says
-- what is wrong.
create function studio.only_if(good boolean) returns void
language plpgsql set search_path = pg_catalog as $$
begin
  if good is not true then
    raise exception 'The call is made again.' using errcode = 'TS002';
  end if;
end $$;

revoke all on function studio.open_call(uuid, uuid, uuid, boolean), studio.only_if(boolean) from public;
grant execute on function studio.open_call(uuid, uuid, uuid, boolean), studio.only_if(boolean) to studio_app;
