import type { ColumnSchema } from '@shared/domain/table-schema'
import type { JsonObject, JsonValue } from '@shared/json'
import { asAdmin } from './database'
import { makeDedicated } from './dedicated'
import { createTestProject, type TestProject } from './test-project'

export const tiers = ['shared', 'dedicated'] as const
export type Tier = (typeof tiers)[number]

/** A project whose tables are all in this tier, with short ways to what happened to its records. */
export interface TierProject extends TestProject {
  readonly projectId: string
  read(tableName: string, id: string): Promise<JsonObject>
  update(tableName: string, id: string, record: JsonObject): Promise<JsonObject>
  remove(tableName: string, id: string): Promise<void>
  /** The operation of the newest entry of the audit. */
  lastOperation(): Promise<string>
  history(tableName: string, id: string): Promise<readonly { id: string; op: string; fields: readonly unknown[] }[]>
  restore(tableName: string, id: string, change: string | undefined): Promise<JsonObject>
  undo(operation: string, force?: boolean): Promise<{ operation: string; undone: number }>
  /** All records by their key, without what every write changes. */
  content(tableName: string): Promise<JsonObject[]>
  /** Runs it with the typed view of a table as `table`, as whoever owns the views. */
  sql(text: (view: (tableName: string) => string) => string): Promise<void>
}

export async function createTierProject(tier: Tier): Promise<TierProject> {
  const p = await createTestProject()
  const { databaseId, tenant, studio } = p
  const { records, changes, databases } = tenant.client
  const move = (name: string) =>
    tier === 'shared' ? undefined : makeDedicated(studio, tenant.userId, databaseId, name)
  await move('users')
  const [row] = await asAdmin(
    studio.adminUrl,
    'select project_id, schema_name from studio.project_databases where id = $1',
    [databaseId],
  )
  const at = (table: string, recordId: string) => ({ params: { databaseId, recordId }, query: { table } })
  return {
    ...p,
    projectId: String(row?.project_id),
    async table(name: string, columns: readonly ColumnSchema[], more) {
      const id = await p.table(name, columns, more)
      await move(name)
      return id
    },
    read: async (table, id) => (await records.get(at(table, id))).record,
    update: async (table, id, record) => (await records.update({ ...at(table, id), body: { record } })).record,
    remove: async (table, id) => void (await records.delete(at(table, id))),
    async lastOperation() {
      const operation = (await databases.audit({ databaseId })).entries[0]?.operation
      if (!operation) throw new Error('The newest entry cannot be undone')
      return operation
    },
    history: async (table, id) => (await changes.history(at(table, id))).changes,
    restore: async (table, id, change = '') => (await changes.restore({ ...at(table, id), body: { change } })).record,
    undo: (operation, force) => changes.undo({ databaseId, operation, ...(force === undefined ? {} : { force }) }),
    async content(tableName) {
      const all: JsonObject[] = []
      for (let cursor: string | undefined; ; ) {
        const page = await records.query({ databaseId, tableName, limit: 1000, ...(cursor ? { cursor } : {}) })
        all.push(...page.records.map(withoutWrite))
        if (page.nextCursor === null) return all.sort((a, b) => (String(a._id) < String(b._id) ? -1 : 1))
        cursor = page.nextCursor
      }
    },
    async sql(text) {
      await asAdmin(
        studio.adminUrl,
        text((name) => `"${String(row?.schema_name)}"."${name}"`),
      )
    },
  }
}

function withoutWrite(record: { readonly [column: string]: JsonValue }): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== '_revision' && name !== 'updated_at'))
}
