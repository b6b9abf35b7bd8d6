import { diffSchemas } from '@shared/domain/diff-schemas'
import type { DatabaseSchema } from '@shared/domain/schema-edit'
import { followNames } from '@shared/domain/schema-names'
import { migrationSql, schemaSql } from '@shared/domain/schema-sql/migration-sql'
import fc from 'fast-check'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type PlainDatabase } from '../helpers/database'
import { choices, playChoices } from '../unit/domain/random-schema'

let database: PlainDatabase
let client: Client
beforeAll(async () => {
  database = await createDatabase('schema_sql')
  client = new Client({ connectionString: database.url })
  await client.connect()
})
afterAll(async () => {
  await client?.end()
  await database?.drop()
})

const none: DatabaseSchema = { tables: [] }

/** What Postgres has in the schema, in an order of its own: columns cannot be put back to their place. */
const catalogueText = `
  select coalesce(json_agg(line order by line), '[]') as lines from (
    select format('%s.%s %s %s default %s comment %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      a.attnotnull, pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum)) as line
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'play'::regnamespace and c.relkind = 'r'
    union all
    select format('%s %s %s', c.relname, k.conname, pg_get_constraintdef(k.oid))
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where c.relnamespace = 'play'::regnamespace and k.contype <> 'n'
    union all
    select format('%s: %s', c.relname, obj_description(c.oid)) from pg_class c
    where c.relnamespace = 'play'::regnamespace and c.relkind = 'r'
  ) lines`

async function catalogue(): Promise<readonly string[]> {
  const { rows } = await client.query<{ lines: readonly string[] }>(catalogueText)
  return rows[0]?.lines ?? []
}

async function begin(schema: DatabaseSchema): Promise<readonly string[]> {
  await client.query('drop schema if exists play cascade; create schema play; set search_path = play')
  await run(schemaSql(schema))
  return catalogue()
}

async function run(text: string): Promise<void> {
  if (text === '') return
  await client.query(text).catch((error: unknown) => {
    throw new Error(`Postgres refuses this:\n${text}`, { cause: error })
  })
}

test('the way to another version gives its catalogue, and the way back the one there was', async () => {
  let statements = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(choices, { minLength: 5, maxLength: 30 }),
      fc.array(choices, { minLength: 1, maxLength: 30 }),
      fc.boolean(),
      async (steps, more, isKnown) => {
        const { schema: from } = playChoices(none, steps)
        const { schema: to, edits } = playChoices(from, more)
        const wanted = await begin(to)
        const before = await begin(from)
        // Edit by edit, or from the one to the other, with and without what is known of renames.
        const names = followNames(from, edits)
        const ways = [migrationSql(from, edits), migrationSql(from, diffSchemas(from, to, isKnown ? names : undefined))]
        for (const { up, down } of ways) {
          statements += up.split(';\n').length + down.split(';\n').length
          await run(up)
          expect(await catalogue()).toEqual(wanted)
          await run(down)
          expect(await catalogue()).toEqual(before)
        }
      },
    ),
    { numRuns: 60, seed: 5 },
  )
  expect(statements).toBeGreaterThan(1000)
})

test('the names that are given are those that Postgres has, where they collide too', async () => {
  const column = (name: string) => ({ name, type: 'integer', unique: true })
  const lines = await begin({
    tables: [
      { name: 'a', columns: [column('b_c')] },
      { name: 'a_b', columns: [column('c'), { ...column('id'), primary_key: true }] },
      { name: 'a_b_pkey', columns: [column('x')] },
      { name: 'order', columns: [{ name: 'user', type: 'integer', references: { table: 'a_b', column: 'id' } }] },
    ],
  })
  const constraints = lines.flatMap((line) => /^\S+ (\S+) (?:UNIQUE|PRIMARY|FOREIGN)/.exec(line)?.[1] ?? [])
  expect(constraints.sort()).toEqual([
    expect.stringMatching(/^a_b_c_key_[0-9a-f]{8}$/),
    expect.stringMatching(/^a_b_c_key_[0-9a-f]{8}$/),
    expect.stringMatching(/^a_b_pkey_[0-9a-f]{8}$/),
    'a_b_pkey_x_key',
    'order_user_fkey',
  ])
})
