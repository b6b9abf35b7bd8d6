import type { SqlEvent } from '@shared/contract/sql-panel.contract'
import type { JsonValue } from '@shared/json'
import type { Client } from './test-studio'

export interface PanelResult {
  readonly command: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly JsonValue[])[]
  readonly rowCount: number
  readonly truncated: boolean
  readonly resultId: string | null
}

export interface PanelRun {
  readonly events: readonly SqlEvent[]
  readonly results: readonly PanelResult[]
  readonly failure: Extract<SqlEvent, { type: 'failed' }> | null
  readonly transaction: { readonly id: string; readonly expiresAt: string } | null | undefined
}

type Input = Parameters<Client['sqlPanel']['run']>[0]

/** Runs the text as the panel does, and reads every page of every result. */
export async function runInPanel(client: Client, input: Input, signal?: AbortSignal): Promise<PanelRun> {
  const events: SqlEvent[] = []
  for await (const event of await client.sqlPanel.run(input, signal ? { signal } : {})) events.push(event)
  const results: PanelResult[] = []
  for (const finished of events) {
    if (finished.type !== 'finished') continue
    const columns = events.find((event) => event.type === 'columns' && event.index === finished.index)
    const shown = columns?.type === 'columns' ? columns : null
    results.push({
      command: finished.command,
      rowCount: finished.rowCount,
      truncated: finished.truncated,
      columns: shown?.columns ?? [],
      resultId: shown?.resultId ?? null,
      rows: shown === null ? [] : await allRows(client, input.databaseId, shown.resultId),
    })
  }
  const failure = events.find((event) => event.type === 'failed')
  const told = events.filter((event) => event.type === 'transaction').at(-1)
  return {
    events,
    results,
    failure: failure?.type === 'failed' ? failure : null,
    transaction: told?.type === 'transaction' ? told.open : undefined,
  }
}

export async function allRows(client: Client, databaseId: string, resultId: string): Promise<JsonValue[][]> {
  const rows: JsonValue[][] = []
  for (;;) {
    const page = await client.sqlPanel.page({ databaseId, resultId, offset: rows.length, limit: 500 })
    const from = rows.length
    for (const [index, row] of page.rows.entries()) {
      const whole = [...row]
      for (const [, column] of page.cuts.filter(([y]) => y === index))
        whole[column] = (await client.sqlPanel.cell({ databaseId, resultId, row: from + index, column })).value
      rows.push(whole)
    }
    if (page.rows.length === 0 || rows.length >= page.rowCount) return rows
  }
}
