import { AppError } from '@shared/app-error'
import type { Table } from '@shared/contract/tables.contract'
import { templates } from '@shared/templates'
import { type SampleTable, type Template, templateEdits, templateSamples } from '@shared/templates/template'
import type { Transaction } from '../../db/database'
import { createRecords } from '../records/write-records.service'
import { loadTables, schemaOf, type Writer } from '../tables/tables.service'
import { applySchema } from './apply-schema.service'

/** NOT_FOUND when there is none of this name. */
export async function loadTemplate(id: string): Promise<Template> {
  const entry = templates.find((one) => one.id === id)
  if (entry) return entry.load()
  const names = templates.map((one) => `"${one.id}"`).join(', ')
  throw new AppError('NOT_FOUND', `There is no template "${id}". There are ${names}.`)
}

/** Its tables, under free names, and the sample records that belong in them. `tx` is of role store. */
export async function applyTemplateTables(
  tx: Transaction,
  writer: Writer,
  template: Template,
): Promise<{ version: number; tables: Table[]; samples: readonly SampleTable[] }> {
  const taken = schemaOf(await loadTables(tx, writer.database.id)).tables.map(({ name }) => name)
  const { version, tables } = await applySchema(tx, writer, {
    edits: templateEdits(template, taken),
    name: template.name,
  })
  const made = tables.filter(({ table_name }) => !taken.includes(table_name))
  return { version, tables: made, samples: templateSamples(template, taken) }
}

/** How many there are now. `tx` is of role app. */
export async function createSamples(tx: Transaction, writer: Writer, samples: readonly SampleTable[]): Promise<number> {
  let count = 0
  for (const { table, records } of samples) count += (await createRecords(tx, writer, table, records)).length
  return count
}
