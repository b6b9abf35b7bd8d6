import { type Stored, stored } from '@renderer/app/stored'
import type { StudioClient } from '@renderer/bridge/api'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import type { JsonObject } from '@shared/json'
import { templates } from '@shared/templates'
import { type SampleTable, templateSamples } from '@shared/templates/template'
import { z } from 'zod'

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

/** A table's samples are there once the table is, and follow it and its columns from then on. */
export function followEdits(samples: readonly SampleTable[], edits: readonly SchemaEdit[]): readonly SampleTable[] {
  const open = new Map(samples.map((sample) => [sample.table, sample.records]))
  let made: readonly SampleTable[] = []
  const change = (table: string, next: (sample: SampleTable) => SampleTable) => {
    made = made.map((sample) => (sample.table === table ? next(sample) : sample))
  }
  for (const edit of edits) {
    if (edit.type === 'addTable') {
      const records = open.get(edit.table.name)
      if (records) made = [...made, { table: edit.table.name, records }]
      open.delete(edit.table.name)
    } else if (edit.type === 'dropTable') made = made.filter(({ table }) => table !== edit.table)
    else if (edit.type === 'renameTable') change(edit.table, ({ records }) => ({ table: edit.name, records }))
    else if (edit.type === 'renameColumn' || edit.type === 'dropColumn') {
      const name = edit.type === 'renameColumn' ? edit.name : null
      change(edit.table, ({ table, records }) => ({
        table,
        records: records.map((record) => withColumn(record, edit.column, name)),
      }))
    }
  }
  return made
}

function withColumn(record: JsonObject, column: string, name: string | null): JsonObject {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) => {
      if (key !== column) return [[key, value] as const]
      return name === null ? [] : [[name, value] as const]
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
