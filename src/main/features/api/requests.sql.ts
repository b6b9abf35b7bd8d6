import { writeArrayLiteral } from '@shared/domain/array-literal'
import { type SqlQuery, sql } from '../../db/sql'

/** One call of an app, as it is written down. */
export interface LoggedRequest {
  readonly project_id: string
  readonly at: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly ms: number
  readonly key_id: string | null
  readonly user_id: string | null
  readonly address: string | null
  readonly error: string | null
}

export function logRequestsSql(entries: readonly LoggedRequest[]): SqlQuery {
  const list = (name: keyof LoggedRequest) =>
    writeArrayLiteral(entries.map((entry) => (entry[name] === null ? null : String(entry[name]))))
  return sql`select studio.log_api_requests(${list('project_id')}::uuid[], ${list('at')}::timestamptz[],
    ${list('method')}::text[], ${list('path')}::text[], ${list('status')}::integer[], ${list('ms')}::real[],
    ${list('key_id')}::uuid[], ${list('user_id')}::uuid[], ${list('address')}::text[], ${list('error')}::text[])`
}

export function forgetRequestsSql(days: number, most: number): SqlQuery {
  return sql`select studio.forget_api_requests(make_interval(days => ${days}::integer), ${most}::integer) as gone`
}

export interface RequestRow {
  readonly id: string
  readonly at: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly ms: number
  readonly key_id: string | null
  readonly key_name: string | null
  readonly key_prefix: string | null
  readonly user_id: string | null
  readonly address: string | null
  readonly error: string | null
}

export interface RequestFilter {
  readonly status?: 'ok' | 'failed' | 'refused' | 'broken' | undefined
  readonly method?: string | undefined
  readonly keyId?: string | undefined
  readonly userId?: string | undefined
  readonly search?: string | undefined
}

const ranges = { ok: [0, 399], failed: [400, 999], refused: [400, 499], broken: [500, 999] } as const

function matching(filter: RequestFilter): SqlQuery {
  const { status } = filter
  const { method = null, keyId = null, userId = null, search = null } = filter
  const [from, to] = status === undefined ? [0, 999] : ranges[status]
  return sql`r.status between ${from}::integer and ${to}::integer
    and (${method}::text is null or r.method = ${method}::text)
    and (${keyId}::uuid is null or r.key_id = ${keyId}::uuid)
    and (${userId}::uuid is null or r.user_id = ${userId}::uuid)
    and (${search}::text is null or position(lower(${search}::text) in lower(r.path)) > 0)`
}

export function selectRequestsSql(
  projectId: string,
  before: string | null,
  filter: RequestFilter,
  limit: number,
): SqlQuery {
  return sql`select r.id::text, r.at, r.method, r.path, r.status, r.ms, r.key_id, k.name as key_name,
      k.prefix as key_prefix, r.user_id, r.address, r.error
    from studio.api_requests r left join studio.api_keys k on k.project_id = r.project_id and k.id = r.key_id
    where r.project_id = ${projectId} and (${before}::bigint is null or r.id < ${before}::bigint)
      and ${matching(filter)}
    order by r.id desc limit ${limit}`
}

export function trafficSql(projectId: string, filter: RequestFilter, step: string, count: number): SqlQuery {
  return sql`with steps as (
      select date_trunc('minute', now()) - (${count}::integer - 1 - n) * ${step}::interval as at
      from generate_series(0, ${count}::integer - 1) n
    )
    select s.at, count(r.id) filter (where r.status < 400)::integer as ok,
      count(r.id) filter (where r.status >= 400)::integer as failed
    from steps s left join studio.api_requests r
      on r.project_id = ${projectId} and r.at >= s.at and r.at < s.at + ${step}::interval and ${matching(filter)}
    group by s.at order by s.at`
}

export function usageSql(projectId: string): SqlQuery {
  return sql`select coalesce(sum(u.requests), 0)::double precision as requests from studio.api_usage u
    where u.project_id = ${projectId} and u.month = date_trunc('month', now() at time zone 'UTC')::date`
}

export function putSettingsSql(
  projectId: string,
  { origins, rates }: { readonly origins: readonly string[] | null; readonly rates: object | null },
): SqlQuery {
  return sql`insert into studio.api_settings as s (project_id, origins, rates)
    values (${projectId}, ${origins === null ? null : JSON.stringify(origins)}::jsonb,
      ${rates === null ? null : JSON.stringify(rates)}::jsonb)
    on conflict (project_id) do update set origins = excluded.origins, rates = excluded.rates`
}

export function takeRateSql(key: string, windowMs: number): SqlQuery {
  return sql`select points, expire::double precision as expire from studio.take_rate(${key}, 1, ${windowMs}::bigint)`
}

export const forgetRatesSql = sql`select studio.forget_rates()`
