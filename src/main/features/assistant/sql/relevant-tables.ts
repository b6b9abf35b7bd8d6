import type { TableSchema } from '@shared/domain/table-schema'
import { pluralOf } from '../schema/names'

/** Tables that a prompt holds at most. */
const mostTables = 24
/** A database with no more tables is shown whole: there is nothing to be gained by a choice. */
const fewTables = 6

/**
 * The tables that the words are about: those that share words with them, and those that join two of these. All names
 * of a small database; when no word fits, those that most others refer to.
 */
export function relevantTables(words: string, tables: readonly TableSchema[]): readonly TableSchema[] {
  if (tables.length <= fewTables) return tables
  const asked = new Set(stems(words))
  const scored = tables.map((table) => ({ table, score: scoreOf(table, asked) }))
  const hits = scored.filter(({ score }) => score > 0).sort((left, right) => right.score - left.score)
  const chosen = new Set(
    (hits.length > 0 ? hits : byReferences(tables)).slice(0, mostTables / 2).map(({ table }) => table),
  )
  for (const table of bridges(tables, chosen)) if (chosen.size < mostTables) chosen.add(table)
  return tables.filter((table) => chosen.has(table))
}

/** A name counts more than a column; a column that every table has counts nothing. */
function scoreOf(table: TableSchema, asked: ReadonlySet<string>): number {
  const own = stems(table.name).filter((stem) => asked.has(stem)).length * 4
  const columns = table.columns.filter(({ name }) => !/^(id|created_at|updated_at)$/.test(name))
  return own + columns.filter(({ name }) => stems(name).some((stem) => stem.length > 2 && asked.has(stem))).length
}

/** Tables that a chosen one refers to, and tables between two chosen ones. */
function bridges(tables: readonly TableSchema[], chosen: ReadonlySet<TableSchema>): readonly TableSchema[] {
  const names = new Set([...chosen].map(({ name }) => name))
  const targets = (table: TableSchema) =>
    table.columns.flatMap(({ references }) => (references ? [references.table] : []))
  const between = tables.filter(
    (table) => !chosen.has(table) && new Set(targets(table).filter((name) => names.has(name))).size >= 2,
  )
  const referred = [...chosen].flatMap((table) =>
    targets(table).flatMap((name) => tables.filter((each) => each.name === name && !chosen.has(each))),
  )
  return [...between, ...referred]
}

function byReferences(tables: readonly TableSchema[]) {
  const count = (name: string) =>
    tables.filter(({ columns }) => columns.some(({ references }) => references?.table === name)).length
  return tables.map((table) => ({ table, score: count(table.name) })).sort((left, right) => right.score - left.score)
}

/** Words in the singular, without their commonest endings. */
function stems(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word.length > 1 && !stopWords.has(word))
    .map((word) => {
      const singular = word.endsWith('ies') ? word.replace(/ies$/, 'y') : word.replace(/(?<=[^s])s$/, '')
      return pluralOf(singular) === word ? singular : singular.replace(/(?<=.{4})(ing|ed|er)$/, '')
    })
}

const stopWords = new Set(
  'the a an of in on at to for and or by with from is are was were be been has have had do does did all any each per how many much what which who when where show list give me me find get that this these those than more most least less number count total average sum name names id ids'.split(
    ' ',
  ),
)
