import type { SchemaEvent, SqlEvent } from '@shared/contract/assistant.contract'
import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import type { Procedures } from '../../rpc/implementer'
import type { Asking, ModelEvent } from './ask-model'
import { type Assistant, type AssistantService, openAssistant } from './assistant.service'
import { eventsOf } from './events'
import { testModel } from './model/test-model'
import { generateSchema } from './schema/generate-schema.service'
import { openModel, readSettings, saveSettings } from './settings.service'
import { explainQuery, nameQuery } from './sql/about-sql.service'
import { chartResult } from './sql/chart.service'
import { completeSql } from './sql/complete-sql.service'
import { fixSql, generateSql } from './sql/generate-sql.service'
import { filterFromSentence, tableForFilter } from './sql/read-filter.service'

interface Caller {
  readonly context: { readonly db: StudioDatabase; readonly caller: Principal }
  readonly input: { readonly databaseId: string }
  readonly signal?: AbortSignal | undefined
}

export function createAssistantHandlers({ signedIn: { assistant } }: Procedures, service: AssistantService) {
  const { deps } = service
  const open = ({ context: { db, caller: principal }, input: { databaseId }, signal }: Caller) =>
    openAssistant(service, { db, principal, databaseId, signal })

  return {
    settings: assistant.settings.handler(({ context: { db, caller } }) => readSettings(deps, db, caller.account.id)),
    saveSettings: assistant.saveSettings.handler(({ input, context: { db, caller } }) =>
      saveSettings(deps, db, caller.account.id, input),
    ),
    test: assistant.test.handler(async ({ context: { db, caller }, signal }) => {
      const { place } = await openModel(deps, db, caller.account.id)
      return testModel(place, signal)
    }),

    generateSchema: assistant.generateSchema.handler(async (call) => {
      const opened = await open(call)
      return generateSchema(opened.asking, call.input, opened)
    }),
    describe: assistant.describe.handler(async (call) => {
      const opened = await open(call)
      return asEvents<SchemaEvent>(opened, call.signal, namesOfTables, async (asking) => ({
        type: 'done',
        result: await generateSchema(asking, call.input, opened),
      }))
    }),

    generateSql: assistant.generateSql.handler(async (call) => {
      const opened = await open(call)
      return generateSql(opened.asking, call.input, opened.sql)
    }),
    ask: assistant.ask.handler(async (call) => {
      const opened = await open(call)
      return asEvents<SqlEvent>(opened, call.signal, beginningOfSql, async (asking) => ({
        type: 'done',
        result: await generateSql(asking, call.input, opened.sql),
      }))
    }),
    fix: assistant.fix.handler(async (call) => {
      const opened = await open(call)
      return asEvents<SqlEvent>(opened, call.signal, beginningOfSql, async (asking) => ({
        type: 'done',
        result: await fixSql(asking, call.input, opened.sql),
      }))
    }),
    explain: assistant.explain.handler(async (call) => {
      const opened = await open(call)
      const { value, usage, sent } = await explainQuery(opened.asking, call.input.sql, opened.sql)
      return { explanation: value, usage, sent: [...sent] }
    }),
    nameQuery: assistant.nameQuery.handler(async (call) => {
      const opened = await open(call)
      const { value, usage, sent } = await nameQuery(opened.asking, call.input.sql, opened.sql)
      return { name: value, usage, sent: [...sent] }
    }),
    complete: assistant.complete.handler(async (call) => {
      const opened = await open(call)
      return completeSql(opened.client, call.input, opened.sql, call.signal)
    }),
    filter: assistant.filter.handler(async (call) => {
      const opened = await open(call)
      const table = await opened.known(tableForFilter(opened.schema.tables, call.input.tableName))
      const { value, usage, sent } = await filterFromSentence(opened.asking, table, call.input.sentence, opened.sql)
      return { filter: value.filter, notes: [...value.notes], usage, sent: [...sent] }
    }),
    chart: assistant.chart.handler(async (call) => {
      const opened = await open(call)
      const { value, usage, sent } = await chartResult(opened.asking, call.input, opened.sql)
      return { ...value, y: [...value.y], usage, sent: [...sent] }
    }),
  }
}

type Progress = Extract<SchemaEvent | SqlEvent, { type: 'sent' | 'progress' | 'repair' }>

/** The work as a stream: what was sent, how far the answer is, and at the end what it came to. */
function asEvents<Event extends SchemaEvent | SqlEvent>(
  { asking }: Assistant,
  signal: AbortSignal | undefined,
  shown: (text: string) => string,
  work: (asking: Asking) => Promise<Event>,
): AsyncGenerator<Event | Progress, void, void> {
  return eventsOf<Event | Progress>(signal, async (emit, stopped) => {
    const onEvent = (event: ModelEvent) => emit(toProgress(event, shown))
    emit(await work({ ...asking, signal: stopped, onEvent }))
  })
}

function toProgress(event: ModelEvent, shown: (text: string) => string): Progress {
  if (event.type === 'progress') return { type: 'progress', characters: event.text.length, text: shown(event.text) }
  return event.type === 'repair' ? { type: 'repair', problems: [...event.problems] } : event
}

/** `orders, customers`: the tables that an unfinished answer has come to. */
function namesOfTables(text: string): string {
  const names = [...text.matchAll(/"name"\s*:\s*"(\w{1,63})"\s*,\s*"columns"/g)].map((match) => match[1] ?? '')
  return [...new Set(names)].join(', ')
}

function beginningOfSql(text: string): string {
  const written = /"sql"\s*:\s*"((?:[^"\\]|\\.)*)/.exec(text)?.[1] ?? ''
  return written
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '  ')
    .replace(/\\(["\\/])/g, '$1')
    .replace(/\\$/, '')
}
