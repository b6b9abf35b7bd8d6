import { AppError } from '@shared/app-error'
import { ruleSentence, type Verb, type VerbRule } from '@shared/domain/access-rule'
import type { JsonObject, JsonValue } from '@shared/json'
import type { Transaction } from '../../db/database'
import { sql } from '../../db/sql'
import { filterSql } from '../records/filter.sql'
import { parseAccept, parsePrefer } from '../rest/prefer'
import { parseQuery } from '../rest/request-grammar'
import type { RestCall } from '../rest/rest-call'
import { deleteRecords } from '../rest/rest-delete.service'
import { toRestError } from '../rest/rest-error'
import { insertRecords } from '../rest/rest-insert.service'
import { updateRecords } from '../rest/rest-update.service'
import { openSchema } from '../tables/open-schema.service'
import type { StoredTable } from '../tables/stored-table'
import { tableWithId, type Writer } from '../tables/tables.service'
import { type ApiCaller, permit, permitted, type RulesByTable, rulesOf } from './access'
import { loadRules } from './rules.service'
import { type RulesInput, writeRules } from './stored-rules'
import { type Tested, type TestedRow, testedCountSql, testedRowsSql } from './tester.sql'

export interface TestInput {
  readonly tableId: string
  readonly verb: Verb
  readonly as: 'anonymous' | { readonly user: string }
  /** Rules that are not saved yet; those of the table when left out. */
  readonly rules?: RulesInput | undefined
  readonly record?: JsonObject | undefined
}

export interface TestResult {
  readonly sentence: string
  readonly allowed: number
  readonly refused: number
  readonly records: { id: string | null; label: string; allowed: boolean; because: string }[]
  readonly outcome: { ok: boolean; sentence: string; record?: JsonValue } | null
}

const shown = 100

/** What a verb would do as somebody. The transaction is to be rolled back: a write is really tried. */
export async function testRules(tx: Transaction, writer: Writer, input: TestInput): Promise<TestResult> {
  const { database } = writer
  const { tables } = await openSchema(tx, database)
  const table = tableWithId(tables, input.tableId)
  const saved = await loadRules(tx, database)
  const byTable: RulesByTable = input.rules ? new Map([...saved, [table.id, writeRules(table, input.rules)]]) : saved
  const userId = input.as === 'anonymous' ? null : input.as.user.toLowerCase()
  const caller: ApiCaller = { role: userId === null ? 'anonymous' : 'user', userId, scopes: null }
  const rule = rulesOf(byTable, table).rules[input.verb]
  const sentence = ruleSentence(input.verb, rule)
  if (input.verb === 'insert') {
    const outcome = await tryWrite(tx, writer, table, byTable, caller, input, '')
    return { sentence, allowed: outcome.ok ? 1 : 0, refused: outcome.ok ? 0 : 1, records: [], outcome }
  }
  const tested = testOf(table, byTable, caller, input.verb, rule)
  const rows = await tx.query<TestedRow>(testedRowsSql(database.project_id, table, tested, shown))
  const [count] = await tx.query<{ total: number; allowed: number }>(testedCountSql(database.project_id, table, tested))
  const { total, allowed } = count ?? { total: 0, allowed: 0 }
  const first = rows.find((row) => row.allowed)
  const needsRecord = input.verb === 'update' && input.record === undefined
  const outcome =
    input.verb === 'select' || needsRecord
      ? null
      : await tryWrite(tx, writer, table, byTable, caller, input, first?.id ?? rows[0]?.id ?? '')
  const canRead = permit(byTable, table, caller, 'select').kind !== 'denied'
  return {
    sentence,
    allowed,
    refused: total - allowed,
    records: rows.map((row) => ({
      id: row.id,
      label: row.label ?? row.id,
      allowed: row.allowed,
      because: because(rule, row, userId, input.verb, canRead),
    })),
    outcome,
  }
}

/** A record that cannot be read cannot be found to be changed, either. */
function testOf(table: StoredTable, byTable: RulesByTable, caller: ApiCaller, verb: Verb, rule: VerbRule): Tested {
  const own = permitted(permit(byTable, table, caller, verb), 'd')
  const read = permitted(permit(byTable, table, caller, 'select'), 'd')
  const ownRule: VerbRule = typeof rule === 'object' && 'owner' in rule ? { owner: rule.owner } : 'none'
  const alone = new Map([[table.id, writeRules(table, { [verb]: ownRule })]])
  const where = typeof rule === 'object' ? rule.where : undefined
  return {
    allowed: verb === 'select' ? sql`coalesce(${own}, false)` : sql`coalesce(${own} and ${read}, false)`,
    own:
      ownRule === 'none' || caller.userId === null
        ? sql`null::boolean`
        : permitted(permit(alone, table, caller, verb), 'd'),
    matches: where === undefined ? sql`null::boolean` : sql`coalesce(${filterSql(table, where, 'd')}, false)`,
  }
}

function because(rule: VerbRule, row: TestedRow, userId: string | null, verb: Verb, canRead: boolean): string {
  if (rule === 'none') return 'Refused: the rule is closed.'
  const needsUser =
    rule === 'authenticated' || (typeof rule === 'object' && ('owner' in rule || rule.allow === 'authenticated'))
  if (needsUser && userId === null) return 'Refused: the rule asks for a sign-in.'
  if (typeof rule === 'object' && 'owner' in rule && row.own !== true)
    return row.own === null ? `Refused: ${rule.owner} is empty.` : `Refused: ${rule.owner} is somebody else's.`
  if (row.matches === false) return 'Refused: the condition does not match.'
  if (!row.allowed) return `Refused: the rule for reading does not let it be found, so it cannot be ${verb}d.`
  if (!canRead) return 'Refused: the rule for reading is closed.'
  const parts = [
    typeof rule === 'object' && 'owner' in rule ? `${rule.owner} is their own` : null,
    row.matches === true ? 'the condition matches' : null,
    rule === 'public' || (typeof rule === 'object' && 'allow' in rule && rule.allow === 'public')
      ? 'everybody may'
      : null,
    rule === 'authenticated' || (typeof rule === 'object' && 'allow' in rule && rule.allow === 'authenticated')
      ? 'they are signed in'
      : null,
  ]
  return `Allowed: ${parts.filter((part) => part !== null).join(', and ')}.`
}

async function tryWrite(
  tx: Transaction,
  { database, principal }: Writer,
  table: StoredTable,
  rules: RulesByTable,
  caller: ApiCaller,
  { verb, record }: TestInput,
  id: string,
): Promise<NonNullable<TestResult['outcome']>> {
  if (verb !== 'insert' && id === '') return { ok: false, sentence: 'There is no record to try it with.' }
  const canAnswer = permit(rules, table, caller, 'select').kind !== 'denied'
  const call: RestCall = {
    method: verb === 'insert' ? 'POST' : verb === 'update' ? 'PATCH' : 'DELETE',
    tableName: table.schema.name,
    query: parseQuery(verb === 'insert' ? '' : `_id=eq.${id}`),
    prefer: parsePrefer(canAnswer ? 'return=representation' : 'return=minimal, count=exact'),
    accept: parseAccept(undefined),
    range: null,
    body: verb === 'delete' ? undefined : (record ?? {}),
    caller,
    principal,
    rules,
  }
  try {
    const write = verb === 'insert' ? insertRecords : verb === 'update' ? updateRecords : deleteRecords
    const { body, headers } = await write(tx, database, call)
    const [written]: JsonValue[] = body === null ? [] : JSON.parse(body)
    const isNothing =
      verb !== 'insert' && (body === null ? headers['content-range']?.startsWith('*') === true : written === undefined)
    if (isNothing) return { ok: false, sentence: 'Refused: the rule finds no such record.' }
    return {
      ok: true,
      sentence: 'It would be written so. Nothing was kept.',
      ...(written === undefined ? {} : { record: written }),
    }
  } catch (error) {
    const known = toRestError(error)
    if (!known || (error instanceof AppError && error.code === 'CANCELLED')) throw error
    return { ok: false, sentence: `Refused: ${known.message}` }
  }
}
