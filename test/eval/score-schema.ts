import type { DatabaseSchema } from '@shared/domain/schema-edit'
import { pluralOf } from '../../src/main/features/assistant/schema/names'

/** What a description asks for, in short: `title:text! author_id:uuid>users`. */
export interface GoldTable {
  readonly name: string
  readonly columns: readonly GoldColumn[]
}

export interface GoldColumn {
  readonly name: string
  readonly type: string
  readonly references?: string
}

export interface SchemaScore {
  readonly tables: number
  readonly columns: number
  readonly types: number
  readonly references: number
  /** The mean of the four. */
  readonly total: number
}

/** `posts: title:text body:text author_id:uuid>users` */
export function readGold(lines: readonly string[]): readonly GoldTable[] {
  return lines.map((line) => {
    const [name = '', rest = ''] = line.split(/:\s(.*)/s)
    const columns = rest
      .split(/\s+/)
      .filter(Boolean)
      .map((word): GoldColumn => {
        const [column = '', typed = 'text'] = word.split(/:(.*)/s)
        const [type = 'text', references] = typed.split('>')
        return references === undefined ? { name: column, type } : { name: column, type, references }
      })
    return { name, columns }
  })
}

/**
 * The parts of the gold schema that are found. Names may differ in number, and be one of those that people use for the
 * same thing (`|`); a type counts by its family; more than was asked for costs nothing.
 */
export function scoreSchema(schema: DatabaseSchema, gold: readonly GoldTable[]): SchemaScore {
  const count = { tables: 0, columns: 0, types: 0, references: 0 }
  const of = { tables: gold.length, columns: 0, types: 0, references: 0 }
  const found = new Map(gold.map((table) => [table.name.split('|')[0], tableNamed(schema, table.name)]))
  for (const table of gold) {
    const mine = found.get(table.name.split('|')[0])
    if (mine !== undefined) count.tables += 1
    for (const column of table.columns) {
      of.columns += 1
      if (column.references === undefined) of.types += 1
      else of.references += 1
      const candidates = mine?.columns ?? []
      const same =
        column.references === undefined
          ? candidates.find(({ name }) => column.name.split('|').some((each) => isSame(name, each)))
          : candidates.find(({ references, name }) =>
              references === undefined
                ? false
                : references.table ===
                    (found.get(column.references ?? '') ?? tableNamed(schema, column.references ?? ''))?.name &&
                  (column.name.split('|').some((each) => isSame(name, each)) || onlyOne(candidates, references.table)),
            )
      if (same === undefined) continue
      count.columns += 1
      if (column.references !== undefined) count.references += 1
      else if (familyOf(same.type) === familyOf(column.type)) count.types += 1
    }
  }
  const part = (name: keyof typeof of) => (of[name] === 0 ? 1 : count[name] / of[name])
  const parts = {
    tables: part('tables'),
    columns: part('columns'),
    types: part('types'),
    references: part('references'),
  }
  return { ...parts, total: (parts.tables + parts.columns + parts.types + parts.references) / 4 }
}

function tableNamed(schema: DatabaseSchema, names: string) {
  return schema.tables.find(({ name }) =>
    names.split('|').some((each) => name === each || name === pluralOf(each) || pluralOf(name) === each),
  )
}

function onlyOne(columns: readonly { readonly references?: { readonly table: string } | undefined }[], table: string) {
  return columns.filter(({ references }) => references?.table === table).length === 1
}

function isSame(left: string, right: string): boolean {
  return left === right || left.replaceAll('_', '') === right.replaceAll('_', '') || left.endsWith(`_${right}`)
}

function familyOf(type: string): string {
  const base = type.replace(/\(.*\)/, '')
  return families.find((family) => family.includes(base))?.[0] ?? base
}

const families: readonly (readonly string[])[] = [
  ['integer', 'smallint', 'bigint'],
  ['numeric', 'real', 'double'],
  ['text', 'varchar'],
  ['timestamptz', 'timestamp', 'date'],
]
