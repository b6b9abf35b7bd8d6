import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import type { JsonObject } from '@shared/json'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localOwner } from '../../src/main/features/accounts/accounts.service'
import type { Working } from '../../src/main/features/backups/copy-project.service'
import { moveProject } from '../../src/main/features/servers/move-project.service'
import { createSpool, type Spool } from '../../src/main/features/transfers/spool'
import { createTestApp, type TestApp } from '../helpers/app'
import { asAdmin } from '../helpers/database'
import { type Client, failureOf, testSecret } from '../helpers/test-studio'
import { createProject, importFile } from '../helpers/transfers'

let here: TestApp
let there: TestApp
let spool: Spool
let client: Client
let other: Client

beforeAll(async () => {
  here = await createTestApp()
  there = await createTestApp()
  spool = createSpool(join(here.dataDir, 'spool-of-the-test'))
  client = windowOf(here)
  other = windowOf(there)
})
afterAll(async () => {
  await spool.close()
  await here.close()
  await there.close()
})

function windowOf({ app }: TestApp): Client {
  const session = app.openSession(app.tokenStore('test'))
  return createRouterClient(app.router, {
    context: { principal: () => session.principal(), session, userAgent: 'tests', address: null },
  })
}

async function move(databaseId: string, working: Partial<Working> = {}) {
  const owner = (app: TestApp) => app.database.db.withoutTenant((tx) => localOwner(tx))
  return moveProject(
    { db: here.database.db, principal: await owner(here), spool, secret: testSecret },
    databaseId,
    { db: there.database.db, principal: await owner(there), keepsBackups: true },
    { signal: undefined, report: () => undefined, ...working },
  )
}

async function arrived(projectId: string): Promise<string> {
  return (await other.projects.get({ projectId })).project.database_id ?? ''
}

async function historyOf(window: Client, databaseId: string, table: string, recordId: string) {
  const { changes } = await window.changes.history({ params: { databaseId, recordId }, query: { table } })
  return changes.map(({ id: _, ...change }) => change)
}

async function versionsOf(window: Client, databaseId: string) {
  return (await window.schema.versions({ databaseId })).versions
}

test('the history of records goes along: it is read, restored from and undone there', async () => {
  const { databaseId } = await createProject(client, 'Past')
  const create = (name: string, columns: readonly object[]) =>
    client.tables.create({ databaseId, schemaJson: { name, columns } as never })
  const { table } = await create('items', [
    { name: 'code', type: 'bigint', primary_key: true },
    { name: 'label', type: 'text' },
    { name: 'title', type: 'text' },
    { name: 'more', type: 'jsonb' },
  ])
  await create('notes', [
    { name: 'id', type: 'uuid', primary_key: true },
    { name: 'text', type: 'text' },
  ])
  const record = async (tableName: string, values: JsonObject) =>
    String((await client.records.create({ databaseId, tableName, record: values })).record?._id)
  const item = await record('items', { code: '9223372036854775807', label: 'a', title: 'One', more: { n: 1 } })
  const gone = await record('items', { code: '2', label: 'b', title: 'Two' })
  const note = await record('notes', { text: 'first' })
  const at = (table: string, recordId: string) => ({ params: { databaseId, recordId }, query: { table } })
  const update = (table: string, id: string, values: JsonObject) =>
    client.records.update({ ...at(table, id), body: { record: values } })
  await update('notes', note, { text: 'second' })
  // A column goes, and another one takes its name: their values must not be mixed up.
  await client.tables.update({
    databaseId,
    tableId: table.id,
    edits: [
      { type: 'dropColumn', table: 'items', column: 'label' },
      { type: 'renameColumn', table: 'items', column: 'title', name: 'label' },
    ] as never,
  })
  await update('items', item, { label: 'Uno' })
  await client.records.delete(at('items', gone))
  await importFile(client, databaseId, 'more.csv', 'code,label\n5,Five\n6,Six\n', {
    target: {
      kind: 'table',
      table: 'items',
      mode: 'append',
      key: [],
      columns: [
        { source: 0, column: 'code' },
        { source: 1, column: 'label' },
      ],
    },
  })

  const moved = await move(databaseId)
  expect(moved.notes).toEqual([])
  const id = await arrived(moved.projectId)
  expect(await versionsOf(other, id)).toEqual(await versionsOf(client, databaseId))
  expect(await historyOf(other, id, 'notes', note)).toEqual(await historyOf(client, databaseId, 'notes', note))
  const { records } = await other.records.query({ databaseId: id, tableName: 'items' })
  const same = records.find(({ code }) => code === '9223372036854775807')
  const past = await historyOf(client, databaseId, 'items', item)
  expect(past.map(({ op }) => op)).toEqual(['update', 'insert'])
  expect(await historyOf(other, id, 'items', String(same?._id))).toEqual(past)

  // A deleted record comes back there, an update is taken back, and an import is undone.
  const lost = await other.changes.history({
    params: { databaseId: id, recordId: gone },
    query: { table: 'items' },
  })
  await other.changes.restore({
    params: { databaseId: id, recordId: gone },
    query: { table: 'items' },
    body: { change: lost.changes[0]?.id ?? '' },
  })
  const undo = async (sentence: RegExp) => {
    const { entries } = await other.databases.audit({ databaseId: id })
    const entry = entries.find((one) => sentence.test(one.sentence))
    await other.changes.undo({ databaseId: id, operation: entry?.operation ?? '' })
  }
  await undo(/^Imported a file into items/)
  const [version] = (
    await client.changes.history({
      params: { databaseId, recordId: note },
      query: { table: 'notes' },
    })
  ).changes
  await other.changes.undo({ databaseId: id, operation: version?.operation ?? '' })
  const left = await other.records.query({ databaseId: id, tableName: 'items' })
  expect(left.records.map(({ code, label }) => [code, label]).sort()).toEqual([
    ['2', 'Two'],
    ['9223372036854775807', 'Uno'],
  ])
  const texts = await other.records.query({ databaseId: id, tableName: 'notes' })
  expect(texts.records.map(({ text }) => text)).toEqual(['first'])
  const { entries } = await other.databases.audit({ databaseId: id })
  expect(entries.map(({ sentence }) => sentence)).toContain('Moved the project "Past" here from another server.')
  expect(entries.at(-1)?.sentence).toBe('Created the project "Past".')
})

test('a server that goes away halfway leaves nothing that anybody sees, and the next attempt clears it', async () => {
  const { databaseId } = await createProject(client, 'Halfway')
  await importFile(client, databaseId, 'rows.csv', `n\n${Array.from({ length: 300 }, (_, n) => n).join('\n')}\n`, {
    target: {
      kind: 'new',
      schema: { name: 'rows', columns: [{ name: 'n', type: 'integer' }] },
      columns: [{ source: 0, column: 'n' }],
    },
  })
  const name = new URL(there.database.adminUrl).pathname.slice(1)
  const admin = here.database.adminUrl
  const shown = async () => (await other.projects.list()).projects.filter((one) => one.name === 'Halfway').length
  const made = async () =>
    Number(
      (await asAdmin(there.database.adminUrl, "select count(*) from studio.projects where name = 'Halfway'"))[0]?.count,
    )
  let cut: Promise<unknown> | undefined
  const failure = await failureOf(
    move(databaseId, {
      report: ({ phase }) => {
        if (phase !== 'settings') return
        cut ??= asAdmin(admin, `alter database ${name} connection limit 0`).then(() =>
          asAdmin(admin, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`),
        )
      },
    }).catch((error) => Promise.reject(Object.assign(error, { data: null }))),
  )
  await cut
  expect(failure).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('The original is as it was.') })
  await asAdmin(admin, `alter database ${name} connection limit -1`)
  expect(await made()).toBe(1)
  expect(await shown()).toBe(0)
  const moved = await move(databaseId)
  expect(moved.records).toBe(300)
  expect(await made()).toBe(1)
  expect(await shown()).toBe(1)
  expect((await client.records.query({ databaseId, tableName: 'rows', limit: 1 })).records).toHaveLength(1)
})

test('records of a table without a key keep their ids and their history, few and many', async () => {
  const { databaseId } = await createProject(client, 'Keyless')
  const count = 12_000
  for (const [table, rows] of [
    ['few', 3],
    ['many', count],
  ] as const) {
    const lines = Array.from({ length: rows }, (_, n) => `${n},${'word '.repeat(12)}${n}`)
    await importFile(client, databaseId, `${table}.csv`, `n,label\n${lines.join('\n')}\n`, {
      target: {
        kind: 'new',
        schema: {
          name: table,
          columns: [
            { name: 'n', type: 'integer' },
            { name: 'label', type: 'text' },
          ],
          primary_key: false,
          timestamps: false,
        } as never,
        columns: [
          { source: 0, column: 'n' },
          { source: 1, column: 'label' },
        ],
      },
    })
  }
  const idsOf = async (window: Client, id: string, tableName: string) =>
    (
      await window.records.query({
        databaseId: id,
        tableName,
        sort: [{ column: 'n', direction: 'desc' }],
        limit: 3,
      })
    ).records.map(({ _id, n }) => [_id, n])
  const changed: string[] = []
  for (const table of ['few', 'many']) {
    const [[recordId] = []] = await idsOf(client, databaseId, table)
    await client.records.update({
      params: { databaseId, recordId: String(recordId) },
      query: { table },
      body: { record: { label: 'changed' } },
    })
    changed.push(String(recordId))
  }
  const moved = await move(databaseId)
  expect(moved.notes).toEqual([])
  const id = await arrived(moved.projectId)
  for (const [at, table] of ['few', 'many'].entries()) {
    expect(await idsOf(other, id, table)).toEqual(await idsOf(client, databaseId, table))
    // Its first line is that of the load, which was another one there.
    const updates = async (window: Client, from: string) =>
      (await historyOf(window, from, table, changed[at] ?? '')).filter(({ op }) => op === 'update')
    expect(await updates(other, id)).toHaveLength(1)
    expect(await updates(other, id)).toEqual(await updates(client, databaseId))
  }
})
