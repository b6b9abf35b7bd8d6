import { wireChange, wireEdit, wireTable } from '@shared/contract/wire-schema'
import type { Procedures } from '../../rpc/implementer'
import { readDdl } from '../ddl/ddl.service'
import { editSchema } from '../tables/schema-change.service'
import { listTables, loadTables, schemaOf } from '../tables/tables.service'
import { applySchema, previewSchema } from './apply-schema.service'
import { applyTemplateTables, createSamples, loadTemplate } from './apply-template.service'
import { diffVersions } from './diff-versions.service'
import { getLayout, saveLayout } from './layout.service'
import { getVersion, listVersions, newestVersion, renameVersion } from './versions.service'

/** A schema edit may rewrite every record of a table, so it gets longer than the 30 s of other statements. */
const editTimeout = 300_000

export function createSchemaHandlers({ signedIn: { schema } }: Procedures) {
  return {
    get: schema.get.handler(async ({ input, context: { db, caller }, signal }) =>
      db.withDatabase(
        caller.account.id,
        input.databaseId,
        async (tx, database) => ({
          version: await newestVersion(tx, database),
          tables: await listTables(tx, database),
        }),
        { signal, readOnly: true, holdSchema: true },
      ),
    ),
    apply: schema.apply.handler(async ({ input, context: { db, caller: principal }, signal }) =>
      editSchema(() =>
        db.withDatabase(
          principal.account.id,
          input.databaseId,
          (tx, database) =>
            input.dryRun === true
              ? previewSchema(tx, database, input)
              : applySchema(tx, { database, principal }, input),
          { signal, role: 'store', statementTimeout: editTimeout },
        ),
      ),
    ),
    versions: schema.versions.handler(async ({ input, context: { db, caller }, signal }) =>
      db.withDatabase(caller.account.id, input.databaseId, (tx, database) => listVersions(tx, database, input.cursor), {
        signal,
        readOnly: true,
        staleness: 'bounded',
      }),
    ),
    version: schema.version.handler(async ({ input, context: { db, caller }, signal }) =>
      db.withDatabase(
        caller.account.id,
        input.databaseId,
        async (tx, database) => {
          const { version, schema: known, edits } = await getVersion(tx, database, input.number)
          return { version, schema: { tables: known.tables.map(wireTable) }, edits: edits.map(wireEdit) }
        },
        { signal, readOnly: true, staleness: 'bounded' },
      ),
    ),
    renameVersion: schema.renameVersion.handler(async ({ input, context: { db, caller: principal }, signal }) => ({
      version: await db.withDatabase(
        principal.account.id,
        input.databaseId,
        (tx, database) => renameVersion(tx, { database, principal }, input.number, input.name),
        { signal },
      ),
    })),
    diff: schema.diff.handler(async ({ input, context: { db, caller }, signal }) =>
      db.withDatabase(
        caller.account.id,
        input.databaseId,
        async (tx, database) => {
          const { changes, edits, up, down } = await diffVersions(tx, database, input.from, input.to)
          return { changes: changes.map(wireChange), edits: edits.map(wireEdit), up, down }
        },
        { signal, readOnly: true, staleness: 'bounded' },
      ),
    ),
    fromSql: schema.fromSql.handler(async ({ input, context: { db, caller }, signal }) => {
      const { databaseId, sql, draft, taken = 'rename' } = input
      const known = await db.withDatabase(
        caller.account.id,
        databaseId,
        async (tx, database) => schemaOf(await loadTables(tx, database.id)),
        { signal, readOnly: true },
      )
      const { edits, notes, unsupported, indexes } = await readDdl(sql, draft ?? known, { taken })
      return {
        edits: edits.map(wireEdit),
        notes: [...notes],
        unsupported: [...unsupported],
        indexes: indexes.map(({ table, columns }) => ({ table, columns: [...columns] })),
      }
    }),
    applyTemplate: schema.applyTemplate.handler(async ({ input, context: { db, caller: principal }, signal }) => {
      const { databaseId, samples: withSamples = true } = input
      const template = await loadTemplate(input.template)
      const { version, tables, samples } = await editSchema(() =>
        db.withDatabase(
          principal.account.id,
          databaseId,
          (tx, database) => applyTemplateTables(tx, { database, principal }, template),
          { signal, role: 'store' },
        ),
      )
      if (!withSamples) return { version, tables, records: 0 }
      const records = await db.withDatabase(
        principal.account.id,
        databaseId,
        (tx, database) => createSamples(tx, { database, principal }, samples),
        { signal, holdSchema: true },
      )
      return { version, tables, records }
    }),
    layout: schema.layout.handler(async ({ input, context: { db, caller }, signal }) =>
      db.withDatabase(caller.account.id, input.databaseId, (tx, database) => getLayout(tx, database), {
        signal,
        readOnly: true,
        holdSchema: true,
      }),
    ),
    saveLayout: schema.saveLayout.handler(async ({ input, context: { db, caller }, signal }) => ({
      revision: await db.withDatabase(
        caller.account.id,
        input.databaseId,
        (tx, database) => saveLayout(tx, database, input),
        { signal, holdSchema: true },
      ),
    })),
  }
}
