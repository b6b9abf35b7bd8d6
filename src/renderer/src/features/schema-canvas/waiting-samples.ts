import { type Stored, stored } from '@renderer/app/stored'
import type { StudioClient } from '@renderer/bridge/api'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import type { JsonObject } from '@shared/json'
import { templates } from '@shared/templates'
import { type SampleTable, templateSamples } from '@shared/templates/template'
import { z } from 'zod'
import { type MadeTable, madeTables } from './made-tables'

/** Templates in the draft whose sample records were wanted, with the names that were taken when they were added. */
const waitingTemplates = z.array(z.object({ template: z.string(), taken: z.array(z.string()) }))
type WaitingTemplates = z.infer<typeof waitingTemplates>

const waiting = new Map<string, Stored<WaitingTemplates>>()

/** What waits for the next Apply of this database, on this machine. */
export function waitingSamples(databaseId: string): Stored<WaitingTemplates> {
  const known = waiting.get(databaseId)
  if (known) return known
  const made = stored(`schemaSamples.${databaseId}`, waitingTemplates, [])
  waiting.set(databaseId, made)
  return made
}

/** The sample records for tables that these edits make, as they would have to be written after all of the edits. */
export async function samplesFor(
  waits: WaitingTemplates,
  edits: readonly SchemaEdit[],
): Promise<readonly SampleTable[]> {
  const loaded = await Promise.all(
    waits.map(async ({ template: id, taken }) => {
      const template = await templates.find((one) => one.id === id)?.load()
      return template ? templateSamples(template, taken) : []
    }),
  )
  return followEdits(loaded.flat(), edits)
}

/** Of tables that the edits make, under the names that tables and columns have in the end. */
export function followEdits(samples: readonly SampleTable[], edits: readonly SchemaEdit[]): readonly SampleTable[] {
  const made = madeTables(edits)
  return samples.flatMap(({ table, records }) => {
    const now = made.get(table)
    return now ? [{ table: now.table, records: records.map((record) => renamed(record, now)) }] : []
  })
}

function renamed(record: JsonObject, { columns }: MadeTable): JsonObject {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) => {
      const name = columns.has(key) ? columns.get(key) : key
      return name ? [[name, value] as const] : []
    }),
  )
}

export function countSamples(samples: readonly SampleTable[]): number {
  return samples.reduce((sum, { records }) => sum + records.length, 0)
}

/** A table after those it refers to, as the template has them. */
export async function addSamples(client: StudioClient, databaseId: string, samples: readonly SampleTable[]) {
  for (const { table, records } of samples)
    if (records.length > 0) await client.records.create({ databaseId, tableName: table, records: [...records] })
}
