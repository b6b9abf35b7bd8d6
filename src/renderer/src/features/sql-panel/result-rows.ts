import type { StudioClient } from '@renderer/bridge/api'
import type { JsonValue } from '@shared/json'
import { useEffect, useSyncExternalStore } from 'react'

/** Rows of a page; a result is asked for page by page. */
export const pageRows = 200
/** Pages in memory, of all results: what was seen longest ago goes first. */
const mostPages = 80

export type Row = readonly JsonValue[]

export interface ResultPage {
  readonly rows: readonly Row[]
  /** `row column` of the cells that are cut. */
  readonly cuts: ReadonlySet<string>
}

const pages = new Map<string, ResultPage>()
const asked = new Map<string, Promise<void>>()
const failures = new Map<string, unknown>()
const listeners = new Set<() => void>()
let version = 0

function changed(): void {
  version += 1
  for (const listener of listeners) listener()
}

function keyOf(resultId: string, page: number): string {
  return `${resultId} ${page}`
}

function put(resultId: string, page: number, rows: readonly Row[], cuts: readonly (readonly [number, number])[]): void {
  pages.set(keyOf(resultId, page), { rows, cuts: new Set(cuts.map(([y, x]) => `${y} ${x}`)) })
  const [oldest] = pages.keys()
  if (pages.size > mostPages && oldest !== undefined) pages.delete(oldest)
  changed()
}

/** The first rows, which came with the run. */
export function seedRows(resultId: string, rows: readonly Row[], cuts: readonly (readonly [number, number])[]): void {
  put(resultId, 0, rows, cuts)
}

export function dropRows(resultIds: readonly string[]): void {
  for (const key of [...pages.keys()]) if (resultIds.some((id) => key.startsWith(id))) pages.delete(key)
  for (const key of [...failures.keys()]) if (resultIds.some((id) => key.startsWith(id))) failures.delete(key)
}

/** Puts other values where a record was saved in place. */
export function patchRow(resultId: string, row: number, values: ReadonlyMap<number, JsonValue>): void {
  const page = pages.get(keyOf(resultId, Math.floor(row / pageRows)))
  if (page === undefined) return
  const at = row % pageRows
  const rows = page.rows.map((each, index) => (index === at ? each.map((value, x) => values.get(x) ?? value) : each))
  pages.set(keyOf(resultId, Math.floor(row / pageRows)), { ...page, rows })
  changed()
}

export interface ResultRows {
  readonly row: (index: number) => Row | undefined
  readonly isCut: (row: number, column: number) => boolean
  readonly failure: unknown
  /** What is in memory changes with it. */
  readonly version: number
}

/** The rows between two places of a result; those that are not here are asked for. */
export function useResultRows(
  client: StudioClient,
  {
    databaseId,
    resultId,
    rowCount,
    isGrowing,
  }: {
    readonly databaseId: string
    readonly resultId: string
    readonly rowCount: number
    readonly isGrowing: boolean
  },
  first: number,
  end: number,
): ResultRows {
  const now = useSyncExternalStore(subscribe, () => version)
  const from = Math.floor(first / pageRows)
  const to = Math.floor(Math.max(first, Math.min(end, rowCount) - 1) / pageRows)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is in memory has changed
  useEffect(() => {
    for (let page = from; page <= to; page += 1) {
      const key = keyOf(resultId, page)
      const known = pages.get(key)
      const whole = Math.min(pageRows, rowCount - page * pageRows)
      if (known && known.rows.length < whole && !asked.has(key)) {
        // It was read while rows still came.
        if (!isGrowing || known.rows.length < 1) void load(client, databaseId, resultId, page)
        continue
      }
      if (known || whole <= 0 || asked.has(key) || failures.has(key)) continue
      void load(client, databaseId, resultId, page)
    }
  }, [client, databaseId, resultId, from, to, rowCount, isGrowing, now])
  return {
    version: now,
    row: (index) => pages.get(keyOf(resultId, Math.floor(index / pageRows)))?.rows[index % pageRows],
    isCut: (row, column) =>
      pages.get(keyOf(resultId, Math.floor(row / pageRows)))?.cuts.has(`${row % pageRows} ${column}`) ?? false,
    failure: failures.get(keyOf(resultId, from)),
  }
}

/** Every row up to `most`, read page by page without keeping them. */
export async function readRows(
  client: StudioClient,
  input: { readonly databaseId: string; readonly resultId: string },
  first: number,
  end: number,
): Promise<readonly Row[]> {
  const rows: Row[] = []
  while (first + rows.length < end) {
    const limit = Math.min(500, end - first - rows.length)
    const page = await client.sqlPanel.page({ ...input, offset: first + rows.length, limit })
    for (const [y, read] of page.rows.entries()) {
      const whole = [...read]
      for (const [at, column] of page.cuts)
        if (at === y) whole[column] = (await client.sqlPanel.cell({ ...input, row: first + rows.length, column })).value
      rows.push(whole)
    }
    if (page.rows.length === 0) break
  }
  return rows
}

async function load(client: StudioClient, databaseId: string, resultId: string, page: number): Promise<void> {
  const key = keyOf(resultId, page)
  const work = client.sqlPanel
    .page({ databaseId, resultId, offset: page * pageRows, limit: pageRows })
    .then(({ rows, cuts }) => put(resultId, page, rows, cuts))
    .catch((error: unknown) => {
      failures.set(key, error)
      changed()
    })
    .finally(() => asked.delete(key))
  asked.set(key, work)
  await work
}

export function retryRows(resultId: string): void {
  for (const key of [...failures.keys()]) if (key.startsWith(resultId)) failures.delete(key)
  changed()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
