import { expect, type Page } from '@playwright/test'
import type { TableRecord } from '@shared/contract/records.contract'
import type { TableSchemaInput } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import type { OpenClient } from './page-client'

type Client = OpenClient['client']

export interface SampleTable {
  readonly projectId: string
  readonly databaseId: string
  readonly tableId: string
  readonly tableName: string
  readonly records: readonly TableRecord[]
}

/** A project with its `users` table, made without a click. */
export async function makeProject(client: Client, name = 'Sample'): Promise<{ projectId: string; databaseId: string }> {
  const { project } = await client.projects.create({ name })
  const { database } = await client.databases.create({ projectId: project.id })
  return { projectId: project.id, databaseId: database.id }
}

export async function makeTable(
  client: Client,
  databaseId: string,
  table: TableSchemaInput,
  records: readonly { [column: string]: JsonValue }[] = [],
): Promise<{ readonly tableId: string; readonly records: readonly TableRecord[] }> {
  const made = await client.tables.create({
    databaseId,
    schemaJson: {
      ...table,
      columns: table.columns.map((column) => ({ ...column })),
      unique: table.unique?.map((set) => [...set]),
    },
  })
  if (records.length === 0) return { tableId: made.table.id, records: [] }
  const answer = await client.records.create({ databaseId, tableName: table.name, records: [...records] })
  return { tableId: made.table.id, records: answer.records ?? [] }
}

/** A project with this table, and the page on it. */
export async function openSample(
  page: Page,
  client: Client,
  table: TableSchemaInput,
  records: readonly { [column: string]: JsonValue }[] = [],
): Promise<SampleTable> {
  const project = await makeProject(client)
  const made = await makeTable(client, project.databaseId, table, records)
  await openTable(page, project.projectId, table.name)
  return { ...project, ...made, tableName: table.name }
}

export async function openTable(page: Page, projectId: string, tableName: string): Promise<void> {
  await page.goto(new URL(`/projects/${projectId}/tables/${tableName}`, page.url()).href)
  await expect(page.getByRole('grid', { name: `Records of ${tableName}` })).toBeVisible()
}

export const people: TableSchemaInput = {
  name: 'people',
  timestamps: false,
  columns: [
    { name: 'name', type: 'text', required: true },
    { name: 'age', type: 'integer' },
    { name: 'note', type: 'text' },
    { name: 'active', type: 'boolean' },
  ],
}

export const threePeople = [
  { name: 'Ada', age: 36, note: '', active: null },
  { name: 'Grace', age: 85, note: null, active: true },
  { name: 'Edsger', age: 72, note: 'goto', active: false },
] as const
