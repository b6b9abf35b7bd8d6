import { Client } from 'pg'
import { targets } from './sql-targets'
import { tricks } from './sql-tricks'
import { secretText, type TwoTenants, type World } from './two-tenants'

/** One statement an intruder would run as studio_app, in a tenant context they could have come by. */
export interface SqlProbe {
  readonly name: string
  /** Settings of the transaction, as `set_config` takes them. */
  readonly context: { readonly account?: string; readonly project?: string }
  readonly statement: string
}

export interface SqlOutcome {
  /** Rows, notices and error, as text: whatever the intruder gets to see. */
  readonly seen: string
  readonly changed: number
}

export function sqlProbes({ victim, intruder }: TwoTenants): SqlProbe[] {
  const own = { account: intruder.tenant.userId, project: intruder.projectId }
  const contexts: readonly (readonly [string, SqlProbe['context']])[] = [
    ['no context', {}],
    ['own account', { account: own.account }],
    ['own project', own],
    ['own account, project of the victim', { account: own.account, project: victim.projectId }],
    ['own account, binned project of the victim', { account: own.account, project: victim.binnedProjectId }],
    ['project of the victim without an account', { project: victim.projectId }],
    ['an account that is none', { account: '00000000-0000-0000-0000-000000000000', project: victim.projectId }],
    ['an account that is SQL', { account: `${own.account}' or true --`, project: victim.projectId }],
    ['a project that is SQL', { account: own.account, project: "' or true --" }],
    ['an empty account', { account: '', project: victim.projectId }],
  ]
  const statements = targets(victim, intruder).flatMap(({ table, theirs, write, insert }) => [
    [`read all of ${table}`, `select * from ${table}`],
    [`read theirs in ${table}`, `select * from ${table} where ${theirs}`],
    [`update theirs in ${table}`, `update ${table} set ${write} where ${theirs}`],
    [`delete theirs in ${table}`, `delete from ${table} where ${theirs}`],
    [`insert into ${table}`, insert],
  ])
  return [
    ...contexts.flatMap(([where, context]) =>
      statements.map(([what, statement]) => ({ name: `${what}, ${where}`, context, statement: statement ?? '' })),
    ),
    ...tricks(victim, intruder).map(([name, statement]) => ({ name, context: own, statement })),
  ]
}

/** Runs it in a transaction that is rolled back, unless it commits by itself. */
export async function runSqlProbe(appUrl: string, { context, statement }: SqlProbe): Promise<SqlOutcome> {
  // A connection of its own: some of the tricks would outlive their transaction.
  const client = new Client({ connectionString: appUrl })
  const seen: unknown[] = []
  client.on('notice', (notice) => seen.push(notice.message, notice.detail))
  await client.connect()
  try {
    await client.query('begin')
    if (context.account !== undefined)
      await client.query("select set_config('studio.account_id', $1, true)", [context.account])
    if (context.project !== undefined)
      await client.query("select set_config('studio.project_id', $1, true)", [context.project])
    const results = [await client.query(statement)].flat()
    seen.push(results.map(({ rows }) => rows))
    const changed = results.reduce((sum, { command, rowCount }) => sum + (writes.has(command) ? (rowCount ?? 0) : 0), 0)
    await client.query('commit')
    return { seen: JSON.stringify(seen), changed }
  } catch (error) {
    const { message, detail, hint } = error as Error & { detail?: string; hint?: string }
    seen.push(message, detail, hint)
    return { seen: JSON.stringify(seen), changed: 0 }
  } finally {
    await client.end()
  }
}

const writes = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

export function isLeak({ seen }: SqlOutcome, victim: World): boolean {
  const { tenant, databaseId, plansTableId } = victim
  return [secretText, tenant.refreshToken, `"${databaseId}"`, `"${plansTableId}"`].some((text) => seen.includes(text))
}
