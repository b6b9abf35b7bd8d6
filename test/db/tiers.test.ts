import type { JsonObject, JsonValue } from '@shared/json'
import { Client } from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MovePhase, TableAddress } from '../../src/main/features/store/storage-move'
import { demoteNow, type MoveOptions, promoteNow } from '../../src/main/features/store/storage-move.service'
import { createStorageWorker } from '../../src/main/features/store/storage-worker'
import { asAdmin } from '../helpers/database'
import { createTestProject, type TestProject } from '../helpers/test-project'
import { failureOf } from '../helpers/test-studio'

let project: TestProject

beforeAll(async () => {
  project = await createTestProject()
})
afterAll(() => project.close())

const columns = [
  { name: 'id', type: 'uuid', primary_key: true },
  { name: 'email', type: 'text', required: true, unique: true },
  { name: 'age', type: 'integer' },
  { name: 'balance', type: 'numeric(12,2)' },
  { name: 'seen', type: 'timestamptz' },
  { name: 'meta', type: 'jsonb' },
  { name: 'tags', type: 'text[]' },
]

function person(n: number): JsonObject {
  return {
    email: `person${n}@example.org`,
    age: n % 90,
    balance: `${n}.50`,
    seen: '2024-05-06T07:08:09.123456Z',
    meta: { city: `city ${n % 20}`, big: 1 },
    tags: [`tag ${n % 3}`, 'all'],
  }
}

function at(tableId: string): TableAddress {
  return { accountId: project.tenant.userId, databaseId: project.databaseId, tableId }
}

async function fill(tableName: string, from: number, count: number): Promise<void> {
  const { client } = project.tenant
  const records = Array.from({ length: count }, (_, n) => person(from + n))
  await client.records.create({ databaseId: project.databaseId, tableName, records })
}

async function all(tableName: string): Promise<JsonObject[]> {
  const { client } = project.tenant
  const found: JsonObject[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await client.records.query({
      databaseId: project.databaseId,
      tableName,
      limit: 1000,
      ...(cursor === undefined ? {} : { cursor }),
    })
    found.push(...page.records)
    if (page.nextCursor === null) return found
    cursor = page.nextCursor
  }
}

async function tierOf(tableId: string): Promise<unknown> {
  const [row] = await asAdmin(
    project.studio.adminUrl,
    `select storage ->> 'tier' as tier from studio.project_tables where id = $1`,
    [tableId],
  )
  return row?.tier
}

async function documents(tableId: string): Promise<unknown> {
  const [row] = await asAdmin(
    project.studio.adminUrl,
    `select (select count(*)::int from studio.project_data where table_id = $1) as data,
       (select count(*)::int from studio.project_keys where table_id = $1) as keys,
       (select count(*)::int from studio.table_moves where table_id = $1) as moves`,
    [tableId],
  )
  return row
}

describe('a table moves to the dedicated tier and back', () => {
  it('with every value, its rules and its references', async () => {
    const tableId = await project.table('people', columns)
    await fill('people', 0, 300)
    const before = await all('people')

    expect(await promoteNow(project.studio.db, at(tableId), { batchSize: 70 })).toBe('moved')
    expect(await tierOf(tableId)).toBe('dedicated')
    expect(await all('people')).toEqual(before)
    expect(await documents(tableId)).toEqual({ data: 0, keys: 0, moves: 0 })
    const failure = await failureOf(
      project.tenant.client.records.create({ databaseId: project.databaseId, tableName: 'people', record: person(5) }),
    )
    expect(failure.code).toBe('CONSTRAINT')

    expect(await demoteNow(project.studio.db, at(tableId), { batchSize: 70 })).toBe('moved')
    expect(await tierOf(tableId)).toBe('shared')
    expect(await all('people')).toEqual(before)
    expect(await documents(tableId)).toEqual({ data: 300, keys: 300, moves: 0 })
    const again = await failureOf(
      project.tenant.client.records.create({ databaseId: project.databaseId, tableName: 'people', record: person(5) }),
    )
    expect(again.code).toBe('CONSTRAINT')
  })
})

/** Throws where the `stop`th step would begin; answers the phases that were seen. */
function stopAt(stop: number, seen: MovePhase[] = []): MoveOptions {
  return {
    batchSize: 40,
    owner,
    onStep(phase) {
      if (seen.push(phase) > stop) throw new Error('stopped')
    },
  }
}
const owner = '0190a000-0000-7000-8000-000000000001'

describe('every value moves along', () => {
  it('from the edges of every type, also where records are older than their column', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    const edges: Readonly<Record<string, readonly JsonValue[]>> = {
      smallint: [-32768, 32767],
      integer: [-2147483648, 2147483647],
      bigint: ['-9223372036854775808', '9007199254740993'],
      numeric: ['0.10', '123456789012345678901234567890.123456789', '-1e-20'],
      'numeric(12,2)': ['9999999999.99', '0.00'],
      real: [0.1, -3.4e38],
      double: [0.1, 1.7976931348623157e308],
      text: ['', ' "quoted" \\ {a,b} NULL', 'Zażółć 😀\u202e'],
      'varchar(5)': ['', '😀😀😀😀😀'],
      boolean: [true, false],
      date: ['0001-01-01', '9999-12-31'],
      time: ['00:00:00', '23:59:59.999999'],
      timestamp: ['0001-01-01T00:00:00', '9999-12-31T23:59:59.999999'],
      timestamptz: ['0001-01-01T00:00:00Z', '2024-02-29T12:00:00.000001+05:30'],
      interval: ['P1Y2M3DT4H5M6.789S', 'P-1D', 'PT0S'],
      uuid: ['00000000-0000-0000-0000-000000000000', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'],
      jsonb: [{ a: [1, null, { b: '9007199254740993' }], '': 1.5 }, [], 'text', 12345.6789, false],
      bytea: ['\\x', '\\x00ff7f'],
    }
    const types = Object.keys(edges).flatMap((type) => [type, `${type}[]`])
    const tableId = await project.table(
      'edges',
      types.map((type, n) => ({ name: `c${n}`, type })),
    )
    const edgeOf = (type: string, round: number): JsonValue => {
      const values = edges[type.replace('[]', '')] ?? []
      const value = values[round] ?? null
      if (!type.endsWith('[]')) return value
      return round === 4 ? [] : [value, null, ...values]
    }
    const records = [0, 1, 2, 3, 4].map((round) =>
      Object.fromEntries(types.map((type, n) => [`c${n}`, edgeOf(type, round)])),
    )
    await client.records.create({ databaseId, tableName: 'edges', records })
    await client.tables.update({
      databaseId,
      tableId,
      edits: [
        { type: 'addColumn', table: 'edges', column: { name: 'late', type: 'numeric(6,3)', default: '1.5' } },
        { type: 'addColumn', table: 'edges', column: { name: 'later', type: 'text[]', default: '{a,"b c"}' } },
        { type: 'addColumn', table: 'edges', column: { name: 'empty', type: 'timestamptz' } },
        { type: 'renameColumn', table: 'edges', column: 'c0', name: 'first' },
      ],
    })
    const before = await all('edges')
    expect(before[0]).toMatchObject({ first: -32768, late: '1.500', later: ['a', 'b c'], empty: null })
    expect(await promoteNow(project.studio.db, at(tableId))).toBe('moved')
    expect(await all('edges')).toEqual(before)
    expect(await demoteNow(project.studio.db, at(tableId))).toBe('moved')
    expect(await all('edges')).toEqual(before)
  })

  it('or none does: what is too long for a unique index leaves the table where it is', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    const tableId = await project.table('too_long', columns)
    const email = Array.from({ length: 300 }, () => crypto.randomUUID()).join('')
    await client.records.create({ databaseId, tableName: 'too_long', record: { email } })
    await expect(promoteNow(project.studio.db, at(tableId))).rejects.toThrow()
    expect((await client.indexes.list({ databaseId, tableId })).storage).toMatchObject({ tier: 'shared', moving: null })
    await fill('too_long', 0, 3)
    expect(await all('too_long')).toHaveLength(4)
    await client.records.deleteMany({ databaseId, tableName: 'too_long', filters: { email } })
    expect(await promoteNow(project.studio.db, at(tableId))).toBe('moved')
    expect(await all('too_long')).toHaveLength(3)
  })
})

describe('whoever finds a move goes on with it', () => {
  it.each([
    ['promotion', promoteNow],
    ['demotion', demoteNow],
  ] as const)('a %s that is broken off before any step, with writes in between', async (name, move) => {
    const { client } = project.tenant
    const { databaseId } = project
    const phases = new Set<MovePhase>()
    for (let stop = 0, done = false; !done; stop++) {
      const tableName = `${name}_${stop}`
      const tableId = await project.table(tableName, columns)
      await fill(tableName, 0, 100)
      if (name === 'demotion') await promoteNow(project.studio.db, at(tableId))
      const seen: MovePhase[] = []
      done = await move(project.studio.db, at(tableId), stopAt(stop, seen)).then(
        () => true,
        (error: Error) => {
          if (error.message !== 'stopped') throw error
          return false
        },
      )
      for (const phase of seen) phases.add(phase)
      const [one, two, three] = await all(tableName)
      const ids = [one, two, three].map((record) => String(record?._id))
      // A value changes hands, a record goes, another comes.
      const update = (id: string | undefined, record: JsonObject) =>
        client.records.update({
          params: { databaseId, recordId: id ?? '' },
          query: { table: tableName },
          body: { record },
        })
      const email = String(two?.email)
      await update(ids[1], { email: 'free@example.org' })
      await update(ids[0], { email })
      await client.records.delete({ params: { databaseId, recordId: ids[2] ?? '' }, query: { table: tableName } })
      await fill(tableName, 1000, 3)
      const before = await all(tableName)
      expect(before).toHaveLength(102)
      const outcome = await move(project.studio.db, at(tableId), { batchSize: 40, owner })
      expect(['moved', 'none']).toContain(outcome)
      expect(await tierOf(tableId)).toBe(name === 'promotion' ? 'dedicated' : 'shared')
      expect(await all(tableName)).toEqual(before)
      const left = name === 'promotion' ? { data: 0, keys: 0 } : { data: 102, keys: 102 }
      expect(await documents(tableId)).toEqual({ ...left, moves: 0 })
      const failure = await failureOf(client.records.create({ databaseId, tableName, record: { email } }))
      expect(failure.code).toBe('CONSTRAINT')
    }
    expect([...phases]).toEqual(expect.arrayContaining(['planned', 'copying', 'indexing', 'catching', 'cleaning']))
  })

  it('but not before the other one has been silent for a while', async () => {
    const tableId = await project.table('silent', columns)
    await fill('silent', 0, 100)
    await promoteNow(project.studio.db, at(tableId), stopAt(3)).catch(() => undefined)
    const another = '0190a000-0000-7000-8000-000000000002'
    expect(await promoteNow(project.studio.db, at(tableId), { owner: another })).toBe('busy')
    await asAdmin(
      project.studio.adminUrl,
      `update studio.table_moves set heartbeat = heartbeat - interval '31 seconds' where table_id = $1`,
      [tableId],
    )
    await project.studio.worker.look()
    expect(await tierOf(tableId)).toBe('dedicated')
    expect(await all('silent')).toHaveLength(100)
    // The first one wakes up, and finds that there is nothing left to do.
    expect(await promoteNow(project.studio.db, at(tableId), { owner })).toBe('none')
  })

  it('and two at once do it once', async () => {
    const tableId = await project.table('claimed', columns)
    await fill('claimed', 0, 200)
    const outcomes = await Promise.all([
      promoteNow(project.studio.db, at(tableId), { batchSize: 20 }),
      promoteNow(project.studio.db, at(tableId), { batchSize: 20 }),
      promoteNow(project.studio.db, at(tableId), { batchSize: 20 }),
    ])
    expect(outcomes.filter((outcome) => outcome === 'moved')).toHaveLength(1)
    expect(await all('claimed')).toHaveLength(200)
  })
})

describe('while a table moves', () => {
  it.each([
    ['to the dedicated tier', promoteNow, 'moving_up'],
    ['to the shared tier', demoteNow, 'moving_down'],
  ] as const)(
    '%s, writers lose nothing, readers see every write, and rules hold in every phase',
    async (_, move, tableName) => {
      const { client } = project.tenant
      const { databaseId } = project
      const notes = `${tableName}_notes`
      const tableId = await project.table(tableName, columns)
      const notesId = await project.table(notes, [
        { name: 'id', type: 'uuid', primary_key: true },
        { name: 'person', type: 'uuid', references: { table: tableName, column: 'id', on_delete: 'cascade' } },
      ])
      await fill(tableName, 0, 600)
      if (move === demoteNow) {
        await promoteNow(project.studio.db, at(tableId))
        await promoteNow(project.studio.db, at(notesId))
      }
      const model = new Map((await all(tableName)).map((record) => [String(record._id), record]))
      let isOver = false
      let written = 0
      const writers = [0, 1, 2].map(async (writer) => {
        for (let n = 0; !isOver; n++) {
          const made = await client.records.create({ databaseId, tableName, record: person(10_000 * (writer + 1) + n) })
          const id = made.record?._id ?? ''
          const changed = await client.records.update({
            params: { databaseId, recordId: id },
            query: { table: tableName },
            body: { record: { age: n, balance: '123456789.01' } },
          })
          if (n % 3 === 0)
            await client.records.delete({ params: { databaseId, recordId: id }, query: { table: tableName } })
          else model.set(id, changed.record)
          const [seen] = (await client.records.query({ databaseId, tableName, filters: { _id: id } })).records
          expect(seen).toEqual(model.get(id))
          written++
        }
      })
      const sqlWriter = (async () => {
        for (let n = 0; !isOver; n++) {
          const run = await client.sql.run({
            databaseId,
            query: `insert into ${tableName} (email, age) values ('sql${n}@example.org', ${n}) returning id::text`,
          })
          const [result] = run.results
          const id = String(result?.rows?.[0]?.[0])
          const [record] = (await client.records.query({ databaseId, tableName, filters: { _id: id } })).records
          expect(record?.age).toBe(n)
          if (record) model.set(id, record as JsonObject)
        }
      })()
      const phases = new Set<MovePhase>()
      const outcome = await move(project.studio.db, at(tableId), {
        batchSize: 150,
        async onStep(phase) {
          if (phases.has(phase)) return
          phases.add(phase)
          const taken = await failureOf(client.records.create({ databaseId, tableName, record: person(7) }))
          expect(taken.code).toBe('CONSTRAINT')
          const dangling = await failureOf(
            client.records.create({ databaseId, tableName: notes, record: { person: crypto.randomUUID() } }),
          )
          expect(dangling.code).toBe('CONSTRAINT')
          const fresh = await client.records.create({ databaseId, tableName, record: person(90_000 + phases.size) })
          const id = fresh.record?._id ?? ''
          const note = await client.records.create({ databaseId, tableName: notes, record: { person: id } })
          await client.records.delete({ params: { databaseId, recordId: id }, query: { table: tableName } })
          const gone = await failureOf(
            client.records.get({ params: { databaseId, recordId: note.record?._id ?? '' }, query: { table: notes } }),
          )
          expect(gone.code).toBe('NOT_FOUND')
        },
      })
      isOver = true
      await Promise.all([...writers, sqlWriter])
      expect(outcome).toBe('moved')
      expect(written).toBeGreaterThan(0)
      expect([...phases]).toEqual(expect.arrayContaining(['copying', 'indexing', 'catching', 'cleaning']))
      const after = new Map((await all(tableName)).map((record) => [String(record._id), record]))
      expect(after.size).toBe(model.size)
      expect(Object.fromEntries(after)).toEqual(Object.fromEntries(model))
    },
  )

  it('a reader of SQL that stays holds only the swap, not others', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    const tableId = await project.table('held', columns)
    await fill('held', 0, 50)
    const [place] = await asAdmin(
      project.studio.adminUrl,
      'select schema_name from studio.project_databases where id = $1',
      [databaseId],
    )
    const reader = new Client({ connectionString: project.studio.adminUrl })
    await reader.connect()
    await reader.query('begin')
    await reader.query(`select * from ${String(place?.schema_name)}.held`)
    let waits = 0
    const moved = promoteNow(project.studio.db, at(tableId), {
      onStep: (phase) => void (phase === 'catching' && waits++),
    })
    for (let n = 0; waits < 5; n++) {
      await fill('held', 1000 + n, 1)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(await tierOf(tableId)).toBe('shared')
    await reader.query('commit')
    await reader.end()
    expect(await moved).toBe('moved')
    const records = await all('held')
    expect(records.length).toBeGreaterThan(50)
    expect((await client.tables.get({ databaseId, tableId })).table.record_estimate).toBe(records.length)
  })

  it('an edit of its schema makes the copy begin anew', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    for (const phase of ['copying', 'indexing', 'catching'] as const) {
      const tableName = `edited_${phase}`
      const tableId = await project.table(tableName, columns)
      await fill(tableName, 0, 30)
      let isEdited = false
      const outcome = await promoteNow(project.studio.db, at(tableId), {
        batchSize: 20,
        async onStep(now) {
          if (now !== phase || isEdited) return
          isEdited = true
          await client.tables.update({
            databaseId,
            tableId,
            edits: [
              { type: 'addColumn', table: tableName, column: { name: 'grade', type: 'integer', default: '3' } },
              { type: 'changeType', table: tableName, column: 'age', to: 'text', unfit: 'refuse' },
            ],
          })
        },
      })
      expect(outcome).toBe('moved')
      expect(await tierOf(tableId)).toBe('dedicated')
      const records = await all(tableName)
      expect(records.map(({ grade }) => grade)).toEqual(records.map(() => 3))
      expect(records[7]?.age).toBe('7')
    }
    const [lost] = await asAdmin(
      project.studio.adminUrl,
      `select count(*)::int as count from pg_class c where relnamespace = 'studio_data'::regnamespace and relkind = 'r'
         and not exists (select from studio.project_tables t where t.storage ->> 'relation' = c.relname)`,
    )
    expect(lost?.count).toBe(0)
  })

  it('a table that goes to the bin stays where it is', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    const tableId = await project.table('binned', columns)
    await fill('binned', 0, 30)
    const outcome = await promoteNow(project.studio.db, at(tableId), {
      batchSize: 10,
      onStep: (phase) =>
        phase === 'indexing' ? client.tables.delete({ databaseId, tableId }).then(() => undefined) : undefined,
    })
    expect(outcome).toBe('cancelled')
    expect(await tierOf(tableId)).toBe('shared')
    await client.tables.restore({ databaseId, tableId })
    expect(await all('binned')).toHaveLength(30)
  })
})

describe('the worker', () => {
  it('moves a table that has become large, and back when it stays empty', async () => {
    let now = Date.now()
    const worker = createStorageWorker({
      db: async () => project.studio.db,
      logger: pino({ level: 'silent' }),
      now: () => now,
    })
    const { client } = project.tenant
    const { databaseId } = project
    const tableId = await project.table('large', columns)
    const small = await project.table('small', columns)
    const tier = async (id: string) => (await client.indexes.list({ databaseId, tableId: id })).storage
    await client.records.create({
      databaseId,
      tableName: 'small',
      records: Array.from({ length: 10 }, (_, n) => person(n)),
    })
    await client.records.create({
      databaseId,
      tableName: 'large',
      records: Array.from({ length: 5001 }, (_, n) => person(n)),
    })
    expect(await tier(tableId)).toMatchObject({ tier: 'shared', records: 5001, pinned: false })
    await worker.look()
    expect(await tier(tableId)).toMatchObject({ tier: 'dedicated', records: 5001, moving: null })
    expect(await tier(small)).toMatchObject({ tier: 'shared', records: 10 })

    await client.records.deleteMany({ databaseId, tableName: 'large', filters: { and: [] } })
    now += 700_000
    await worker.look()
    expect((await tier(tableId)).tier).toBe('dedicated')
    now += 700_000
    await worker.look()
    expect((await tier(tableId)).tier).toBe('shared')
    await worker.close()
  })

  it('moves by wish, and leaves a table where it is wanted', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    const tableId = await project.table('wished', columns)
    await fill('wished', 0, 20)
    const { storage } = await client.indexes.setStorage({ databaseId, tableId, tier: 'dedicated' })
    expect(storage).toMatchObject({ tier: 'shared', pinned: true, moving: { to: 'dedicated' } })
    await project.studio.worker.work(at(tableId))
    expect(await tierOf(tableId)).toBe('dedicated')
    await client.indexes.setStorage({ databaseId, tableId, tier: 'shared' })
    await project.studio.worker.work(at(tableId))
    expect(await tierOf(tableId)).toBe('shared')
    expect(await all('wished')).toHaveLength(20)
    const unwanted = await failureOf(client.indexes.create({ databaseId, tableId, columns: ['age'] }))
    expect(unwanted.code).toBe('CONFLICT')
    await client.indexes.setStorage({ databaseId, tableId, tier: 'auto' })
    await client.indexes.create({ databaseId, tableId, columns: ['age'] })
    await project.studio.worker.work(at(tableId))
    // With an index that somebody asked for it does not go back.
    expect(await demoteNow(project.studio.db, at(tableId))).toBe('cancelled')
    expect(await tierOf(tableId)).toBe('dedicated')
  })

  it('drops what is left of a table that was removed for good', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    const tableId = await project.table('removed', columns)
    await promoteNow(project.studio.db, at(tableId))
    const [stored] = await asAdmin(
      project.studio.adminUrl,
      `select storage ->> 'relation' as name from studio.project_tables where id = $1`,
      [tableId],
    )
    const isThere = async () =>
      (await asAdmin(project.studio.adminUrl, 'select from pg_class where relname = $1', [stored?.name])).length > 0
    await client.tables.delete({ databaseId, tableId })
    await project.studio.worker.clean()
    expect(await isThere()).toBe(true)
    await asAdmin(project.studio.adminUrl, 'delete from studio.project_tables where id = $1', [tableId])
    await project.studio.worker.clean()
    expect(await isThere()).toBe(false)
  })
})
