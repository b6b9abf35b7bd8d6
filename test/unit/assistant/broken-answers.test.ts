import { schemaEdit } from '@shared/contract/tables.contract'
import { applyEdit } from '@shared/domain/apply-edit'
import { usersTable } from '@shared/domain/users-table'
import type { JsonValue } from '@shared/json'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readJsonAnswer } from '../../../src/main/features/assistant/schema/answer-text'
import type { DraftBase } from '../../../src/main/features/assistant/schema/draft-play'
import { readSchemaAnswer } from '../../../src/main/features/assistant/schema/read-answer'

const word = fc.constantFrom(
  ...[
    'users',
    'orders',
    'order',
    'Order',
    'customers',
    'id',
    'name',
    'total',
    'customer_id',
    'parent_id',
    'password_hash',
  ],
  ...[
    '',
    '1',
    '__proto__',
    'constructor',
    'toString',
    'größe',
    '🦊',
    'a'.repeat(80),
    'select',
    'x; drop table users',
    '"',
    '\0',
  ],
)
const type = fc.constantFrom(
  ...[
    'text',
    'uuid',
    'integer',
    'varchar(0)',
    'varchar(999999)',
    'numeric(2000,1)',
    'numeric(2,5)',
    'int[][]',
    'text[]',
    'serial',
  ],
  ...[
    'datetime',
    'geometry',
    'TEXT NOT NULL REFERENCES orders(id)',
    'enum(',
    '',
    'array<array<text>>',
    'timestamptz',
    'jsonb',
  ],
)
const anything = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>
const rarely = (usual: fc.Arbitrary<JsonValue>) =>
  fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: anything })
const record = (model: Record<string, fc.Arbitrary<JsonValue>>) =>
  fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<JsonValue>
const list = (of: fc.Arbitrary<JsonValue>) => fc.array(of, { maxLength: 4 }) as fc.Arbitrary<JsonValue>

const reference = fc.oneof(
  record({
    table: rarely(word),
    column: rarely(word),
    on_delete: rarely(fc.constantFrom('cascade', 'SET NULL', 'explode')),
  }),
  word,
)
const column = fc.oneof(
  {
    weight: 8,
    arbitrary: record({
      name: rarely(word),
      type: rarely(type),
      primary_key: rarely(fc.boolean()),
      required: rarely(fc.boolean()),
      unique: rarely(fc.boolean()),
      nullable: rarely(fc.boolean()),
      default: rarely(
        fc.constantFrom('now()', "'a'::text", 'gen_random_uuid()', '{}', 'nextval(1)', 'true', '-1', '"'),
      ),
      references: rarely(reference),
    }),
  },
  { weight: 1, arbitrary: word },
)
const table = record({
  name: rarely(word),
  columns: rarely(list(rarely(column))),
  unique: rarely(list(list(word))),
  primary_key: rarely(list(word)),
  foreign_keys: rarely(list(record({ columns: list(word), references: reference }))),
  records: rarely(list(anything)),
})
const kind = fc.constantFrom(
  ...[
    'addTable',
    'dropTable',
    'renameTable',
    'addColumn',
    'dropColumn',
    'renameColumn',
    'changeType',
    'moveColumn',
    'setRequired',
  ],
  ...['setUnique', 'addUnique', 'dropUnique', 'setDefault', 'setReference', 'alter_column', 'truncate', ''],
)
const edit = record({
  type: rarely(kind),
  table: rarely(fc.oneof(word, table)),
  column: rarely(fc.oneof(word, column)),
  columns: rarely(list(word)),
  name: rarely(word),
  new_name: rarely(word),
  to: rarely(fc.oneof(type, word)),
  position: rarely(fc.integer()),
  value: rarely(fc.boolean()),
  default: anything,
  references: rarely(reference),
})
const samples = list(record({ table: rarely(word), columns: list(word), rows: list(rarely(list(anything))) }))
const answer = fc.oneof(
  record({
    tables: rarely(list(rarely(table))),
    edits: rarely(list(rarely(edit))),
    samples: rarely(samples),
    reply: anything,
  }),
  list(fc.oneof(table, edit)),
  anything,
)
/** What happens to a text on its way: words around it, a fence, a cut, letters that change. */
const text = fc
  .tuple(answer, fc.constantFrom('none', 'none', 'fence', 'words', 'cut', 'noise'), fc.nat())
  .map(([value, damage, at]) => {
    const json = JSON.stringify(value)
    const place = json.length === 0 ? 0 : at % json.length
    if (damage === 'fence') return `Here:\n\`\`\`json\n${json}\n\`\`\``
    if (damage === 'words') return `Of course {sic}. ${json} Done.`
    if (damage === 'cut') return json.slice(0, place)
    return damage === 'noise' ? `${json.slice(0, place)}${'}{",:]['[at % 7]}${json.slice(place + 1)}` : json
  })

const orders = readSchemaAnswer(
  {
    tables: [
      {
        name: 'orders',
        columns: [
          { name: 'total', type: 'numeric' },
          { name: 'customer_id', type: 'uuid' },
        ],
      },
    ],
  },
  { schema: { tables: [usersTable] }, real: new Set(), mayDrop: true },
).draft

test('of 10,000 broken answers none brings an edit that is not valid', () => {
  const seen = { unreadable: 0, edits: 0, refused: 0 }
  fc.assert(
    fc.property(text, fc.boolean(), fc.boolean(), (broken, isReal, mayDrop) => {
      const base: DraftBase = { schema: orders, real: new Set(isReal ? ['users', 'orders'] : ['users']), mayDrop }
      const json = readJsonAnswer(broken)
      if (!json.ok) {
        seen.unreadable += 1
        return
      }
      const outcome = readSchemaAnswer(json.value, base)
      seen.edits += outcome.edits.length
      if (outcome.problems.length > 0) seen.refused += 1
      let schema = base.schema
      for (const each of outcome.edits) {
        expect(schemaEdit.safeParse(each).success).toBe(true)
        schema = applyEdit(schema, each)
      }
      expect(schema).toEqual(outcome.draft)
      for (const sentence of [...outcome.problems, ...outcome.doubts, ...outcome.notes])
        if (!/[.]$/.test(sentence) || sentence.length > 2_000) throw new Error(`No sentence: ${sentence}`)
      // The people of the database keep what they sign in with, and nothing real goes unasked.
      expect(outcome.draft.tables.find(({ name }) => name === 'users')?.columns.map(({ name }) => name)).toContain(
        'password_hash',
      )
      if (isReal && !mayDrop)
        for (const { name } of base.schema.tables) expect(renamedOf(outcome.edits, name)).toBeDefined()
    }),
    { numRuns: 10_000 },
  )
  // The answers were broken in all ways, and not so much that nothing was left.
  expect(seen.unreadable).toBeGreaterThan(500)
  expect(seen.refused).toBeGreaterThan(1_000)
  expect(seen.edits).toBeGreaterThan(1_500)
}, 300_000)

/** What the table is called after the edits; undefined when it was dropped. */
function renamedOf(edits: readonly { readonly type: string }[], name: string): string | undefined {
  let current: string | undefined = name
  for (const each of edits as readonly { type: string; table: unknown; name?: string }[])
    if (each.table === current)
      current = each.type === 'dropTable' ? undefined : each.type === 'renameTable' ? each.name : current
  return current
}
