import type { Client } from 'pg'

/**
 * Every right that studio_app has beyond what it should, one line each: on the physical tables, the functions and the
 * typed views; a policy that lets it through without asking for the tenant; a way to dedicated records without the gate;
 * a table that is not closed by default; a role that it could become.
 */
export async function tooManyRights(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query(
    `with ours as (
       select oid, nspname from pg_namespace where nspname in ('studio', 'studio_data', 'studio_code') or nspname ~ '^d_[0-9a-f]{32}$'
     ), relations as (
       select c.oid, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, o.nspname
       from pg_class c join ours o on o.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'f')
     ), roles as (
       select oid, rolname from pg_roles where rolname = 'studio_app'
       union all select 0, 'everyone'
     )
     select format('%s may use the schema %s', r.rolname, o.nspname) as line from ours o, roles r
       where o.nspname <> 'studio' and case r.oid when 0 then has_schema_privilege('public', o.oid, 'usage')
         else has_schema_privilege(r.oid, o.oid, 'usage') end
     union all
     select format('%s has a right on %s.%s', r.rolname, c.nspname, c.relname) from relations c, roles r
       where (c.nspname <> 'studio' or r.oid = 0)
         and case r.oid when 0 then has_table_privilege('public', c.oid, $1) or has_any_column_privilege('public', c.oid, $2)
           else has_table_privilege(r.oid, c.oid, $1) or has_any_column_privilege(r.oid, c.oid, $2) end
     union all
     select format('%s.%s is not closed by default', c.nspname, c.relname) from relations c
       where c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
     union all
     select format('the policy %s of %s does not ask for the tenant', p.polname, p.polrelid::regclass) from pg_policy p
       where p.polroles && array[0, 'studio_app'::regrole]::oid[]
         and coalesce(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
           !~ 'SELECT studio\\.current_(project|account)\\(\\)'
     union all
     select format('studio_rows.%s shows its rows to every tenant', c.relname) from pg_class c
       where c.relnamespace = 'studio_rows'::regnamespace
         and pg_get_viewdef(c.oid) !~ 'WHERE \\(\\(? ?\\( ?SELECT studio\\.current_project\\(\\) AS current_project\\) = ''[0-9a-f-]{36}''::uuid\\)'
     union all
     select format('studio_app could become %s', m.roleid::regrole) from pg_auth_members m where m.member = 'studio_app'::regrole
     union all
     select format('studio_app may run %s', p.oid::regprocedure) from pg_proc p
       where p.pronamespace = 'studio_code'::regnamespace and has_function_privilege('studio_app', p.oid, 'execute')`,
    ['select, insert, update, delete, truncate, references, trigger', 'select, insert, update, references'],
  )
  return rows.map(({ line }) => String(line))
}
