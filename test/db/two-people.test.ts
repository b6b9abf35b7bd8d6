import { randomInt, randomUUID } from 'node:crypto'
import type { StudioClient } from '@renderer/bridge/api'
import { gridColumns } from '@renderer/features/table-editor/grid-column'
import type { PendingSend, StagedStorage } from '@renderer/features/table-editor/staged/staged-database'
import type { StagedPatch } from '@renderer/features/table-editor/staged/staged-record'
import { Staging } from '@renderer/features/table-editor/staged/staging'
import type { JsonValue } from '@shared/json'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTierProject, type TierProject } from '../helpers/tier-project'

/** Milliseconds that both work; a minute where the environment asks for it. */
const workMs = Number(process.env.TWO_PEOPLE_MS ?? 0)
const records = 50
/** Edits of each, however slow the machine is. */
const fewest = 40

let p: TierProject
beforeAll(async () => {
  p = await createTierProject('shared')
  await p.table('tasks', [
    { name: 'title', type: 'text', required: true },
    { name: 'note', type: 'text' },
    { name: 'rank', type: 'integer' },
  ])
})
afterAll(() => p.close())

/** What was done with one value that somebody wrote into a cell. */
interface Edit {
  readonly id: string
  readonly column: 'note' | 'title'
  readonly value: string
  /** What its writer saw in the cell: when it was typed, or in the conflict that it was saved over. */
  readonly over: JsonValue
  readonly end: 'saved' | 'given up'
}

test('two people in the same 50 records: every edit is saved, or was shown as a conflict', async () => {
  const ids: string[] = []
  for (let index = 0; index < records; index += 1) ids.push((await p.create('tasks', { title: `Task ${index}` }))._id)
  const end = Date.now() + workMs
  const [first, second] = await Promise.all([work('a', ids, end), work('b', ids, end)])
  const edits = [...first, ...second]

  const written = new Map<string, { readonly before: JsonValue; readonly times: number }>()
  for (const id of ids)
    for (const { column, before, after } of await fieldChanges(id))
      if (column === 'note' || (column === 'title' && typeof after === 'string' && after.includes(':')))
        written.set(String(after), { before, times: (written.get(String(after))?.times ?? 0) + 1 })
  for (const { value, over, end: how } of edits) {
    const change = written.get(value)
    if (how === 'given up') expect(change, value).toBeUndefined()
    // Once, and over what its writer had seen: nothing of the other's went unseen.
    else expect(change, value).toEqual({ before: over, times: 1 })
  }
  expect(written.size).toBe(edits.filter(({ end: how }) => how === 'saved').length)
})

async function work(name: string, ids: readonly string[], end: number): Promise<readonly Edit[]> {
  const { databaseId } = p
  const client: StudioClient = p.tenant.client
  const columns = gridColumns({
    name: 'tasks',
    columns: [
      { name: 'title', type: 'text', required: true },
      { name: 'note', type: 'text' },
    ],
  })
  const staging = new Staging(client, memoryStorage(), { databaseId, tableId: '', tableName: 'tasks', columns }, name)
  await staging.loaded
  const edits: Edit[] = []
  for (let step = 0; step < fewest || Date.now() < end; step += 1) {
    const id = ids[randomInt(ids.length)] ?? ''
    const column = step % 4 === 0 ? 'title' : 'note'
    const { record } = await client.records.get({ params: { databaseId, recordId: id }, query: { table: 'tasks' } })
    const value = `${name}:${step} ${randomUUID()}`
    await staging.setCell(record, column, { kind: 'value', value })
    // Somebody thinks for a moment before Save; half of the time the other one is at the same record.
    if (step % 2 === 0) await meanwhile(client, databaseId, id)
    let over: JsonValue = record[column] ?? null
    let how: Edit['end'] = 'saved'
    for (;;) {
      await staging.save()
      const entry = staging.edits.of(id)
      if (entry === undefined) break
      const cell = entry.kind === 'update' ? entry.cells.get(column) : undefined
      if (cell?.kind !== 'conflict') throw new Error(`Neither saved nor a conflict: ${JSON.stringify(cell)}`)
      const keep = randomInt(2) === 0 ? 'mine' : 'theirs'
      if (keep === 'mine') over = cell.theirs
      else how = 'given up'
      await staging.settle([{ id, column }], keep)
    }
    edits.push({ id, column, value, over, end: how })
  }
  return edits
}

/** Gives the other one a turn of a few milliseconds. */
async function meanwhile(client: StudioClient, databaseId: string, recordId: string): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1)
    await client.records.get({ params: { databaseId, recordId }, query: { table: 'tasks' } })
}

async function fieldChanges(id: string) {
  const fields = []
  for (let cursor: string | undefined | null; cursor !== null; ) {
    const page = await p.tenant.client.changes.history({
      params: { databaseId: p.databaseId, recordId: id },
      query: { table: 'tasks', ...(cursor ? { cursor } : {}) },
    })
    for (const change of page.changes) if (change.op === 'update') fields.push(...change.fields)
    cursor = page.nextCursor
  }
  return fields
}

/** Without a browser nothing is kept; what is tested here is the saving. */
function memoryStorage(): StagedStorage {
  const sends = new Map<string, PendingSend>()
  return {
    keeps: true,
    onOther: null,
    load: async () => ({ patch: new Map(), sends: [...sends.values()] }),
    append: async () => undefined,
    begin: async (send) => void sends.set(send.key, send),
    end: async (key: string, _: StagedPatch) => void sends.delete(key),
  }
}
