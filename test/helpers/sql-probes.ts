import { Client } from 'pg'
import type { NoticeMessage } from 'pg-protocol/dist/messages'
import { targets } from './sql-targets'
import { tricks } from './sql-tricks'
import { secretText, type TwoTenants, type World } from './two-tenants'

/** One statement an intruder would run as studio_app, in a tenant context they could have come by. */
export interface SqlProbe {
  readonly name: string
  /** Settings of the transaction, as `set_config` takes them. */
  readonly context: { readonly account?: string; readonly project?: string }
  readonly statement: string
  /** What it makes could outlive its transaction, so it has a connection of its own. */
  readonly isTrick: boolean
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
      statements.map(([what, statement]) => ({
        name: `${what}, ${where}`,
        context,
        statement: statement ?? '',
        isTrick: false,
      })),
    ),
    ...tricks(victim, intruder).map(([name, statement]) => ({ name, context: own, statement, isTrick: true })),
  ]
}

export interface SqlIntruder {
  /** Runs it in a transaction of its own. Answers rows, notices and error as text: whatever there is to see. */
  run(probe: SqlProbe): Promise<string>
  close(): Promise<void>
}

export async function openSqlIntruder(appUrl: string): Promise<SqlIntruder> {
  const usual = new Client({ connectionString: appUrl })
  await usual.connect()
  return {
    async run(probe) {
      if (!probe.isTrick) return seenBy(usual, probe)
      const client = new Client({ connectionString: appUrl })
      await client.connect()
      try {
        return await seenBy(client, probe)
      } finally {
        await client.end()
      }
    },
    close: () => usual.end(),
  }
}

async function seenBy(client: Client, { context, statement }: SqlProbe): Promise<string> {
  const seen: unknown[] = []
  const hear = ({ message, detail }: NoticeMessage) => seen.push(message, detail)
  client.on('notice', hear)
  try {
    const settings = Object.entries(context).map(
      ([name, value]) => `set_config('studio.${name}_id', ${client.escapeLiteral(value)}, true)`,
    )
    await client.query(settings.length === 0 ? 'begin' : `begin; select ${settings.join(', ')}`)
    const results = [await client.query(statement)].flat()
    seen.push(results.map(({ rows }) => rows))
    await client.query('commit')
  } catch (error) {
    const { message, detail, hint } = error as Error & { detail?: string; hint?: string }
    seen.push(message, detail, hint)
    await client.query('rollback')
  } finally {
    client.off('notice', hear)
  }
  return JSON.stringify(seen)
}

export function isLeak(seen: string, victim: World): boolean {
  const { tenant, databaseId, plansTableId } = victim
  return [secretText, tenant.refreshToken, `"${databaseId}"`, `"${plansTableId}"`].some((text) => seen.includes(text))
}
