import type { ColumnSchema } from '@shared/domain/table-schema'
import type { JsonObject, JsonValue } from '@shared/json'
import { createTestStudio, signUpTenant, type Tenant, type TestStudio, type TestStudioOptions } from './test-studio'

/** One person's project with its database, and short ways to its tables and records. */
export interface TestProject {
  readonly studio: TestStudio
  readonly tenant: Tenant
  readonly databaseId: string
  table(
    name: string,
    columns: readonly ColumnSchema[],
    more?: { primary_key?: boolean; timestamps?: boolean },
  ): Promise<string>
  create(tableName: string, record: JsonObject): Promise<JsonObject & { _id: string; _revision: number }>
  /** The values of one column, in the order of `query`. */
  column(tableName: string, column: string, query?: JsonObject): Promise<JsonValue[]>
  close(): Promise<void>
}

export async function createTestProject(
  email = 'ada@example.org',
  options: TestStudioOptions = {},
): Promise<TestProject> {
  const studio = await createTestStudio(options)
  const tenant = await signUpTenant(studio, email)
  const { client } = tenant
  const { project } = await client.projects.create({ name: 'Todo' })
  const { database } = await client.databases.create({ projectId: project.id })
  const databaseId = database.id
  return {
    studio,
    tenant,
    databaseId,
    async table(name, columns, more = {}) {
      const schemaJson = { name, columns: columns.map((column) => ({ ...column })), ...more }
      return (await client.tables.create({ databaseId, schemaJson })).table.id
    },
    async create(tableName, record) {
      const created = await client.records.create({ databaseId, tableName, record })
      if (!created.record) throw new Error('No record came back')
      return created.record
    },
    async column(tableName, column, query = {}) {
      const { records } = await client.records.query({ databaseId, tableName, ...query })
      return records.map((record) => record[column] ?? null)
    },
    close: () => studio.close(),
  }
}
