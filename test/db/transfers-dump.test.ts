import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import bcrypt from 'bcrypt'
import { Client as PgClient } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readMaterial } from '../corpora/material'
import { type DebianServers, debianBinaries, debianServers, hasDebianPostgres } from '../helpers/debian-postgres'
import { createTestStudio, failureOf, signUpTenant, type Tenant, type TestStudio } from '../helpers/test-studio'
import { createProject, exportFile, importFile } from '../helpers/transfers'

let studio: TestStudio
let tenant: Tenant
let folder: string

beforeAll(async () => {
  studio = await createTestStudio()
  tenant = await signUpTenant(studio, 'ada@example.org')
  folder = await mkdtemp(join(tmpdir(), 'tessera-dump-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await studio.close()
})

const database = { kind: 'database' } as const

async function load(name: string, sql: string) {
  const { client } = tenant
  const { databaseId } = await createProject(client, name)
  const result = await importFile(client, databaseId, `${name}.sql`, sql, { target: database })
  return { databaseId, result }
}

/** Without the moment it was made at. */
async function dumpOf(databaseId: string): Promise<string> {
  const text = (await exportFile(tenant.client, databaseId, 'sql')).toString()
  return text.replace(/^-- Database .*\n/, '')
}

const samples = ['chinook', 'northwind'].map((name) => [name, `samples/${name}.sql`] as const)
const defog = ['academic', 'atis', 'broker', 'car_dealership', 'derm_treatment', 'ewallet'].map(
  (name) => [name, `text2sql/defog/databases/${name}.sql`] as const,
)

describe.each([...samples, ...defog])('%s', (name, path) => {
  test('goes in whole, out, and in again without a difference', async () => {
    const { databaseId, result } = await load(name, readMaterial(path))
    expect(result.rejected).toEqual([])
    expect(result.tables.length).toBeGreaterThan(3)
    const first = await dumpOf(databaseId)
    const again = await load(`${name} again`, first)
    expect(again.result).toMatchObject({ rejected: [], notes: [], inserted: result.inserted })
    expect(await dumpOf(again.databaseId)).toBe(first)
    const tables = async (id: string) =>
      (await tenant.client.tables.list({ databaseId: id })).tables.map(({ schema_json }) => schema_json)
    expect(await tables(again.databaseId)).toEqual(await tables(databaseId))
  })

  test('goes out table by table as CSV, and in again without a difference', async () => {
    const { client } = tenant
    const { databaseId, result } = await load(`${name} for CSV`, readMaterial(path))
    const bare = (await exportFile(client, databaseId, 'sql', { kind: 'database', records: false })).toString()
    const again = await load(`${name} of CSV`, bare)
    expect(again.result).toMatchObject({ rejected: [], notes: [], inserted: 0 })
    let inserted = 0
    for (const table of await tablesByReference(databaseId)) {
      const csv = await exportFile(client, databaseId, 'csv', { kind: 'records', table })
      const [header = ''] = csv.toString().split('\n', 1)
      const columns = header.split(',').map((column, source) => ({ source, column }))
      const imported = await importFile(client, again.databaseId, `${table}.csv`, csv, {
        target: { kind: 'table', table, mode: 'append', key: [], columns },
        // Nobody guesses: the same studio has written the file.
        options: { format: 'csv', encoding: 'utf-8', delimiter: ',', header: true },
      })
      expect({ table, rejected: imported.rejected, notes: imported.notes }).toEqual({ table, rejected: [], notes: [] })
      inserted += imported.inserted
    }
    expect(inserted).toBe(result.inserted)
    expect(await dumpOf(again.databaseId)).toBe(await dumpOf(databaseId))
  })
})

/** Those that others refer to come first; a table may refer to itself. */
async function tablesByReference(databaseId: string): Promise<readonly string[]> {
  const { tables } = await tenant.client.tables.list({ databaseId })
  const waiting = new Map(
    tables.map(({ table_name, schema_json: { columns } }) => [
      table_name,
      columns.flatMap(({ references }) => (references && references.table !== table_name ? [references.table] : [])),
    ]),
  )
  const sorted: string[] = []
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, needs]) => needs.every((table) => !waiting.has(table)))
    if (ready.length === 0) throw new Error(`Tables refer to each other in a circle: ${[...waiting.keys()].join(', ')}`)
    for (const [table] of ready) {
      sorted.push(table)
      waiting.delete(table)
    }
  }
  return sorted
}

test('Chinook has its rows, keys and references', async () => {
  const { databaseId, result } = await load('music', readMaterial('samples/chinook.sql'))
  expect(result.inserted).toBe(15_607)
  const { tables } = await tenant.client.tables.list({ databaseId })
  const columns = tables.find(({ table_name }) => table_name === 'track')?.schema_json.columns
  expect(columns?.find(({ name }) => name === 'album_id')).toMatchObject({
    references: { table: 'album', column: 'album_id' },
  })
  expect(columns?.find(({ name }) => name === 'track_id')).toMatchObject({ primary_key: true, type: 'integer' })
  expect(
    tables
      .find(({ table_name }) => table_name === 'playlist_track')
      ?.schema_json.columns.filter(({ primary_key }) => primary_key),
  ).toHaveLength(2)
  expect(result.notes.some((note) => note.includes('small letters'))).toBe(true)
})

test('rows that cannot be are told by their line, and nothing comes where that was asked for', async () => {
  const sql = `create table t (id integer primary key, n numeric(4,1), at timestamptz default now());
insert into t (id, n) values (1, 1.5),
  (2, 12345),
  (1, 3);
copy t (id, n) from stdin;
4\t4.5
x\t1
5
\\.
`
  const { client } = tenant
  const one = await createProject(client, 'wrong rows')
  const result = await importFile(client, one.databaseId, 'x.sql', sql, { target: database })
  expect(result).toMatchObject({ done: true, inserted: 2, rejectedCount: 4 })
  expect([...result.rejected].map(({ line }) => line).sort((a, b) => a - b)).toEqual([3, 4, 7, 8])
  const two = await createProject(client, 'nothing')
  const none = await importFile(client, two.databaseId, 'x.sql', sql, { target: database, onReject: 'stop' })
  expect(none).toMatchObject({ done: false, inserted: 0, tables: [] })
  expect((await client.tables.list({ databaseId: two.databaseId })).tables.map(({ table_name }) => table_name)).toEqual(
    ['users'],
  )
})

test('a table with records of the same name is not written over', async () => {
  const { client } = tenant
  const { databaseId } = await createProject(client, 'taken')
  const sql = 'create table notes (id integer primary key); insert into notes values (1);'
  await importFile(client, databaseId, 'x.sql', sql, { target: database })
  expect(await failureOf(importFile(client, databaseId, 'x.sql', sql, { target: database }))).toMatchObject({
    code: 'CONFLICT',
  })
})

describe.runIf(hasDebianPostgres)('on a stock Postgres 15', () => {
  let servers: DebianServers
  let url: string

  beforeAll(async () => {
    servers = await debianServers()
    url = (await servers.create()).superUrl
  })
  afterAll(() => servers?.close())

  async function restore(name: string, sql: string): Promise<PgClient> {
    const admin = new PgClient({ connectionString: url })
    await admin.connect()
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.query(`create database ${name}`)
    await admin.end()
    const file = join(folder, `${name}.sql`)
    await writeFile(file, sql)
    const at = new URL(url)
    at.pathname = `/${name}`
    await promisify(execFile)(join(debianBinaries, 'psql'), ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', file, at.href])
    const client = new PgClient({ connectionString: at.href })
    await client.connect()
    return client
  }

  test.each(samples)('the export of %s loads with psql, and has the same rows', async (name, path) => {
    const { databaseId, result } = await load(`${name} for psql`, readMaterial(path))
    const client = await restore(name, (await exportFile(tenant.client, databaseId, 'sql')).toString())
    try {
      let rows = 0
      for (const { table } of result.tables)
        rows += Number((await client.query(`select count(*) from public."${table}"`)).rows[0].count)
      expect(rows).toBe(result.inserted)
      const { rows: keys } = await client.query(
        `select count(*) filter (where contype = 'p')::int as p, count(*) filter (where contype = 'f')::int as f from pg_constraint where connamespace = 'public'::regnamespace`,
      )
      // The table of the app's people came with the project.
      expect(keys[0]).toEqual({ p: result.tables.length + 1, f: name === 'chinook' ? 11 : 13 })
    } finally {
      await client.end()
    }
  })

  test('the password of a person goes on working, there and after coming back', async () => {
    const { client } = tenant
    const { databaseId } = await createProject(client, 'people')
    await client.records.create({
      databaseId,
      tableName: 'users',
      record: { email: 'eve@example.org', password_hash: 'an old password' },
    })
    const sql = (await exportFile(client, databaseId, 'sql')).toString()
    const plain = await restore('people', sql)
    try {
      const { rows } = await plain.query('select password_hash from public.users')
      expect(await bcrypt.compare('an old password', rows[0].password_hash)).toBe(true)
    } finally {
      await plain.end()
    }
    const again = await createProject(client, 'people again')
    await importFile(client, again.databaseId, 'x.sql', sql, { target: database })
    const back = (await exportFile(client, again.databaseId, 'sql')).toString()
    const hash = /\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/.exec(back)?.[0] ?? ''
    expect(await bcrypt.compare('an old password', hash)).toBe(true)
    expect((await exportFile(client, databaseId, 'csv', { kind: 'records', table: 'users' })).toString()).not.toContain(
      'password_hash',
    )
  })
})

test('hostile CSV of the corpora comes in as its makers say', async () => {
  const { client } = tenant
  const { databaseId } = await createProject(client, 'spectrum')
  const root = join(process.cwd(), '../shared/corpora/badinput/csv-spectrum')
  const files = readdirSync(join(root, 'csvs'))
  expect(files.length).toBe(12)
  for (const [at, file] of files.entries()) {
    const told: Record<string, string> | Record<string, string>[] = JSON.parse(
      readFileSync(join(root, 'json', file.replace('.csv', '.json')), 'utf8'),
    )
    const wanted = Array.isArray(told) ? told : [told]
    const names = Object.keys(wanted[0] ?? {})
    const columns = names.map((name, source) => ({ source, column: `c_${source}`, name }))
    const result = await importFile(client, databaseId, file, readFileSync(join(root, 'csvs', file)), {
      options: { header: true },
      target: {
        kind: 'new',
        schema: {
          name: `t_${at}`,
          columns: columns.map(({ column }) => ({ name: column, type: 'text' })),
          timestamps: false,
        },
        columns: columns.map(({ source, column }) => ({ source, column })),
      },
    })
    expect({ file, inserted: result.inserted, rejected: result.rejected }).toEqual({
      file,
      inserted: wanted.length,
      rejected: [],
    })
    const { records } = await client.records.query({ databaseId, tableName: `t_${at}` })
    // In this one file of the corpus, the telephone number of the JSON is another than that of the CSV.
    const compared = names.map((_, index) => index).filter((index) => index > 0 || !file.startsWith('location'))
    expect(records.map((record) => compared.map((index) => record[`c_${index}`] ?? ''))).toEqual(
      wanted.map((row) => compared.map((index) => row[names[index] ?? ''] ?? '')),
    )
  }
})

test('JSON of the corpora is taken or refused with its line, and nothing breaks', async () => {
  const { client } = tenant
  const { databaseId } = await createProject(client, 'json suite')
  await client.tables.create({ databaseId, schemaJson: { name: 'j', columns: [{ name: 'a', type: 'jsonb' }] } })
  const root = join(process.cwd(), '../shared/corpora/badinput/json')
  const files = readdirSync(root, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.json'))
  expect(files.length).toBeGreaterThan(200)
  for (const file of files) {
    const kind = /(?:^|\/)([yni])_/.exec(file)?.[1]
    const content = readFileSync(join(root, file))
    if (kind === undefined || content.length === 0) continue
    const attempt = await importFile(client, databaseId, file, content, {
      options: { format: 'json' },
      target: { kind: 'table', table: 'j', mode: 'append', key: [], columns: [{ source: 0, column: 'a' }] },
    }).then(
      (result) => ({ result, error: null }),
      (error: unknown) => ({ result: null, error }),
    )
    if (attempt.error !== null) {
      expect({ file, error: attempt.error }).toMatchObject({
        error: { code: expect.stringMatching(/VALIDATION|CONSTRAINT/) },
      })
      continue
    }
    const { inserted = 0, rejected = [] } = attempt.result ?? {}
    // What is no JSON is never taken without a word.
    if (kind === 'n') expect({ file, said: rejected.length > 0 || inserted === 0 }).toEqual({ file, said: true })
    for (const one of rejected) expect(one.line).toBeGreaterThan(0)
  }
})
