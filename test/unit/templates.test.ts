import { typeOf } from '@shared/domain/check-table'
import { coerceValue } from '@shared/domain/coerce-value'
import { applyAll } from '@shared/domain/settle-edits'
import { primaryKeyOf } from '@shared/domain/table-schema'
import { usersTable } from '@shared/domain/users-table'
import { templates } from '@shared/templates'
import { templateEdits, templateSamples } from '@shared/templates/template'
import { expect, test } from 'vitest'

const start = { tables: [usersTable] }

test('there are at least twelve, each with a name and a sentence of its own', () => {
  expect(templates.length).toBeGreaterThanOrEqual(12)
  for (const of of ['id', 'name', 'sentence'] as const)
    expect(new Set(templates.map((one) => one[of])).size).toBe(templates.length)
})

test.each(templates.map((entry) => [entry.id, entry] as const))(
  '%s is a schema whose sample records fit it',
  async (id, entry) => {
    const template = await entry.load()
    expect(template).toMatchObject({ id, name: entry.name, sentence: entry.sentence })
    const schema = applyAll(start, templateEdits(template, ['users']))
    expect(schema.tables).toHaveLength(template.tables.length + 1)
    const ids = new Map<string, Set<string>>()
    const samples = templateSamples(template, ['users'])
    for (const { table: name, records } of samples) {
      const table = schema.tables.find((one) => one.name === name)
      if (!table) throw new Error(`There is no table ${name}`)
      expect(records.length).toBeGreaterThanOrEqual(2)
      expect(table.comment).toBeDefined()
      const own = new Set<string>()
      ids.set(name, own)
      for (const record of records) {
        for (const [key, value] of Object.entries(record)) {
          const column = table.columns.find((one) => one.name === key)
          if (!column) throw new Error(`${name} has no column ${key}`)
          expect({ name, key, value, ...coerceValue(typeOf(column), value) }).toMatchObject({ ok: true })
          if (column.references && value !== null) expect(ids.get(column.references.table)).toContain(value)
        }
        for (const column of table.columns)
          if (column.required && column.default === undefined)
            expect({ name, ...record }).not.toMatchObject({ [column.name]: null })
        const missing = table.columns.filter(
          (column) => column.required && column.default === undefined && record[column.name] === undefined,
        )
        expect({ name, missing }).toEqual({ name, missing: [] })
        for (const { name: key } of primaryKeyOf(table))
          if (typeof record[key] === 'string') own.add(String(record[key]))
      }
      const sets = [
        ...(table.unique ?? []),
        ...table.columns.filter(({ unique }) => unique).map((column) => [column.name]),
      ]
      for (const set of sets) {
        const values = records.filter((record) => set.every((key) => record[key] !== undefined && record[key] !== null))
        expect(new Set(values.map((record) => JSON.stringify(set.map((key) => record[key])))).size).toBe(values.length)
      }
    }
  },
)

test('where names are taken the tables get others, and their references follow', async () => {
  const blog = await templates.find(({ id }) => id === 'blog')?.load()
  if (!blog) throw new Error('There is a blog')
  const first = applyAll(start, templateEdits(blog, ['users']))
  const taken = first.tables.map(({ name }) => name)
  const second = applyAll(first, templateEdits(blog, taken))
  expect(second.tables.slice(taken.length).map(({ name }) => name)).toEqual([
    'authors_2',
    'posts_2',
    'tags_2',
    'post_tags_2',
    'comments_2',
  ])
  expect(second.tables.find(({ name }) => name === 'posts_2')?.columns[1]).toMatchObject({
    references: { table: 'authors_2' },
  })
  expect(templateSamples(blog, taken).map(({ table }) => table)).toEqual([
    'authors_2',
    'posts_2',
    'tags_2',
    'post_tags_2',
    'comments_2',
  ])
})
