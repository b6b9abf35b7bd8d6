import { addTableEdit } from '@shared/domain/add-table-edit'
import { canonicalSchema } from '@shared/domain/same-schema'
import type { DatabaseSchema } from '@shared/domain/schema-edit'
import { DbmlProblem, parseDbml } from '@shared/domain/schema-text/parse-dbml'
import { printDbml } from '@shared/domain/schema-text/print-dbml'
import { schemaMarkdown } from '@shared/domain/schema-text/schema-markdown'
import { applyAll, settleEdits } from '@shared/domain/settle-edits'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDdl } from '../../../src/main/features/ddl/ddl.service'
import { readMaterial } from '../../corpora/material'
import { choices, playChoices } from './random-schema'

const none: DatabaseSchema = { tables: [] }

const text = `// A shop
Project shop { database_type: 'PostgreSQL' }
Enum status { new [note: 'just in'] paid }
Table public.users as U [headercolor: #3498db, note: 'Who buys'] {
  id uuid [pk, default: \`gen_random_uuid()\`]
  "E Mail" varchar(120) [unique, not null, note: 'It''s theirs']
  born date
}
Table orders {
  id int [pk, increment]
  user_id uuid [ref: > U.id]
  total "double precision" [default: 1.5]
  state status [default: 'new']
  note: '''
    All orders
      of all users
  '''
  indexes {
    (user_id, state) [unique, name: 'x']
    total
    (\`lower(state)\`) [unique]
  }
}
Table tags { id int [pk]
  name text }
Ref: orders.id <> tags.id
Ref again { users.id < orders.user_id [delete: set null] }
TableGroup g { users orders }`

describe('DBML', () => {
  test('is read with all that is kept, and says what is not', () => {
    const { schema, notes, indexes } = parseDbml(text.replace("It''s", "It\\'s"))
    expect(schema).toEqual({
      tables: [
        {
          name: 'users',
          comment: 'Who buys',
          columns: [
            { name: 'id', type: 'uuid', primary_key: true, default: 'gen_random_uuid()' },
            { name: 'e_mail', type: 'varchar(120)', unique: true, required: true, comment: "It's theirs" },
            { name: 'born', type: 'date' },
          ],
        },
        {
          name: 'orders',
          comment: 'All orders\n  of all users',
          unique: [['user_id', 'state']],
          columns: [
            { name: 'id', type: 'integer', primary_key: true },
            { name: 'user_id', type: 'uuid', references: { table: 'users', column: 'id', on_delete: 'set_null' } },
            { name: 'total', type: 'double', default: '1.5' },
            { name: 'state', type: 'text', default: 'new' },
          ],
        },
        {
          name: 'tags',
          columns: [
            { name: 'id', type: 'integer', primary_key: true },
            { name: 'name', type: 'text' },
          ],
        },
        {
          name: 'orders_tags',
          columns: [
            {
              name: 'orders_id',
              type: 'integer',
              primary_key: true,
              references: { table: 'orders', column: 'id', on_delete: 'cascade' },
            },
            {
              name: 'tags_id',
              type: 'integer',
              primary_key: true,
              references: { table: 'tags', column: 'id', on_delete: 'cascade' },
            },
          ],
        },
      ],
    })
    expect(notes).toEqual([
      { line: 2, sentence: 'Project is passed over: it is no part of a schema.' },
      {
        line: 6,
        sentence: '"E Mail" is called "e_mail": names are in lower case here, of letters, digits and underscores.',
      },
      { line: 10, sentence: 'Column "id" of "orders" is not numbered by itself here.' },
      { line: 13, sentence: 'The values of status are not enforced: it is text here.' },
      { line: 21, sentence: 'An index of "orders" is passed over: it is over an expression.' },
      { line: 28, sentence: 'TableGroup is passed over: it is no part of a schema.' },
    ])
    expect(indexes).toEqual([{ table: 'orders', columns: ['total'], line: 20 }])
  })

  test.each([
    ['Tabel a {}', 1, 1, 'A text begins with Table, Ref, Enum, Project, TableGroup or Note, here is "Tabel".'],
    ['Table a {\n  id int\n', 3, 1, 'The "}" of table "a" is missing.'],
    ['Table a {\n  id\n}', 3, 1, 'Column "id" of table "a" has no type, here is "}".'],
    ['Table a {\n  id int [pk\n}', 3, 1, 'A "," is missing between two settings, here is "}".'],
    ['Table a { id int }\n\nRef: a.id > b.id', 3, 13, 'There is no table "b".'],
    ['Table a { id int }\nTable a { id int }', 2, 7, 'There are two tables "a". Rename one of them.'],
    ["Table a {\n  n int [default: 'x']\n}", 2, 19, 'The default x of column "n" does not fit integer.'],
    ['Table a { id int ] }', 1, 18, 'The name of a column is missing, here is "]".'],
  ])('%j is refused at its place', (source, line, column, message) => {
    try {
      parseDbml(source)
      throw new Error('It was read')
    } catch (error) {
      expect(error).toBeInstanceOf(DbmlProblem)
      expect(error).toMatchObject({ message, line, column })
    }
  })

  test('any schema is written and read again with nothing lost', () => {
    fc.assert(
      fc.property(fc.array(choices, { minLength: 5, maxLength: 40 }), (steps) => {
        const { schema } = playChoices(none, steps)
        const again = parseDbml(printDbml(schema))
        expect(again.notes).toEqual([])
        expect(canonicalSchema(again.schema)).toEqual(canonicalSchema(schema))
        const made = applyAll(none, settleEdits(none, again.schema.tables.map(addTableEdit)))
        expect(canonicalSchema(made)).toEqual(canonicalSchema(schema))
      }),
      { numRuns: 300, seed: 3 },
    )
  })

  test('any text is read or refused at a place of its own', () => {
    const pieces = fc.constantFrom(
      'Table',
      'a',
      '{',
      '}',
      '[',
      ']',
      ':',
      'pk',
      ',',
      "'x'",
      '\n',
      'Ref',
      '>',
      '.',
      '`',
      '"',
      '(',
      ')',
      'int',
      '//',
      "'''",
      '\\',
      'é',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (words) => {
        const source = words.join(' ')
        try {
          parseDbml(source)
        } catch (error) {
          if (!(error instanceof DbmlProblem)) throw error
          expect(error.line).toBeLessThanOrEqual(source.split('\n').length)
          expect(error.message).toMatch(/\.$|: /)
        }
      }),
      { numRuns: 2000, seed: 4 },
    )
  })
})

test.each([
  'samples/chinook.sql',
  'samples/northwind.sql',
  ...['academic', 'atis', 'broker', 'car_dealership', 'derm_treatment', 'ewallet'].map(
    (name) => `text2sql/defog/databases/${name}.sql`,
  ),
])('%s goes through DBML with nothing lost', { timeout: 60_000 }, async (path) => {
  const schema = applyAll(none, (await readDdl(readMaterial(path), none)).edits)
  const { schema: again, notes } = parseDbml(printDbml(schema))
  expect(notes).toEqual([])
  expect(canonicalSchema(again)).toEqual(canonicalSchema(schema))
})

test('Markdown has a table for each, with its rules', () => {
  const { schema } = parseDbml(
    "Table a [note: 'One | two'] {\n  id int [pk]\n  b int [unique, not null, default: 3, note: 'a | b']\n}\nRef: a.b > a.id [delete: cascade]",
  )
  expect(schemaMarkdown(schema, 'Shop')).toBe(`# Shop

- [a](#a)

## a

One | two

| Column | Type | Rules | Default | Comment |
|---|---|---|---|---|
| id | integer | key |  |  |
| b | integer | required, unique, refers to [a](#a).id, deleted with it | 3 | a \\| b |
`)
})
