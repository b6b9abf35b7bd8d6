import type { IndexSuggestion, TableIndex } from '@shared/contract/indexes.contract'
import type { Transaction } from '../../db/database'
import type { StoredTable } from '../tables/stored-table'
import { columnsOf } from './indexes.service'
import { type IndexColumn, type IndexMember, isContainer } from './indexes.sql'
import { type SampleRow, sampleSql } from './indexes-suggestions.sql'
import { type ShapeCount, selectShapesSql } from './observed-queries.sql'

/** Below it a scan takes a few milliseconds, whatever is asked. */
const fewRecords = 2000
/** Times in the last week from which on it is worth an index that every write keeps up to date. */
const often = 20
const mostSuggestions = 5
/** Shapes looked at, and records that are looked into for each. */
const mostShapes = 20
const sampleSize = 5000
/** Records of a page. */
const page = 50

interface Candidate {
  readonly columns: readonly IndexColumn[]
  /** How many of them, from the first on, must equal something. */
  readonly equal: number
  readonly isSorted: boolean
  readonly count: number
  readonly today: number
}

/** Indexes that would have paid in the last week, those of the most frequent questions first. `tx` is the app's. */
export async function suggestIndexes(
  tx: Transaction,
  projectId: string,
  table: StoredTable,
  { indexes, records }: { readonly indexes: readonly TableIndex[]; readonly records: number },
): Promise<IndexSuggestion[]> {
  if (records < fewRecords) return []
  const shapes = await tx.query<ShapeCount>(selectShapesSql(projectId, table.id, mostShapes))
  const suggestions: IndexSuggestion[] = []
  const taken: (readonly string[])[] = indexes.map(({ columns }) => columns)
  for (const seen of shapes) {
    if (seen.count < often || suggestions.length === mostSuggestions) break
    const candidate = candidateOf(table, seen)
    if (!candidate) continue
    const names = candidate.columns.map(nameOf)
    if (isServed(candidate, names, taken, indexes)) continue
    const [sample] = await tx.query<SampleRow>(
      sampleSql(projectId, table, candidate.columns, candidate.equal, sampleSize),
    )
    const read = sample ? recordsRead(candidate, sample, records) : records
    // An index that leaves a third of the table is one that Postgres would not use.
    if (!sample || read > records / 3) continue
    taken.push(names)
    const sentences = sentencesOf(table, candidate, { names, read, records, bytes: sample.bytes })
    suggestions.push({ columns: names, ...sentences })
  }
  return suggestions
}

/** First what must be equal, then the order or one bound: what stands behind a bound is of no use. */
function candidateOf(table: StoredTable, { shape, count, today }: ShapeCount): Candidate | null {
  const members = (keys: readonly string[]) => columnsOf(table, keys.map(memberOf))
  const equal = members(shape.equal)
  const rest = members(shape.sort.length > 0 ? shape.sort : shape.range.slice(0, 1))
  if (!equal || !rest) return null
  const columns = [...equal, ...rest].slice(0, 8)
  if (columns.length === 0 || columns.some(isContainer)) return null
  return { columns, equal: Math.min(equal.length, 8), isSorted: shape.sort.length > 0, count, today }
}

function memberOf(key: string): IndexMember {
  const [head = '', ...path] = key.split('.')
  return path.length === 0 ? { key: head } : { key: head, path }
}

function nameOf({ column, path }: IndexColumn): string {
  return [column.name, ...path].join('.')
}

/** Whether an index begins with these columns, those of equality in any order, or finds the one record by a unique one. */
function isServed(
  { equal }: Candidate,
  names: readonly string[],
  taken: readonly (readonly string[])[],
  indexes: readonly TableIndex[],
): boolean {
  const same = names.slice(0, equal)
  const rest = names.slice(equal)
  if (indexes.some(({ unique, columns }) => unique && columns.every((name) => same.includes(name)))) return true
  return taken.some((columns) => {
    const first = columns.slice(0, equal)
    return same.every((name) => first.includes(name)) && rest.every((name, index) => columns[equal + index] === name)
  })
}

/** Of a page in order, the page; without an order, what equals; of a bound alone, a part that is not known. */
function recordsRead({ columns, equal, isSorted }: Candidate, { alike }: SampleRow, records: number): number {
  const matching = equal === 0 ? records : Math.max(1, Math.round(records * alike))
  if (isSorted) return Math.min(page, matching)
  return columns.length > equal ? Math.max(1, Math.round(matching / 10)) : matching
}

function sentencesOf(
  { storage }: StoredTable,
  { columns, equal, isSorted, count, today }: Candidate,
  {
    names,
    read,
    records,
    bytes,
  }: { readonly names: readonly string[]; readonly read: number; readonly records: number; readonly bytes: number },
): Omit<IndexSuggestion, 'columns'> {
  const filtered = isSorted ? names.slice(0, equal) : names
  const sorted = isSorted ? names.slice(equal) : []
  const parts = [
    ...(filtered.length > 0 ? [`filtered by ${list(filtered)}`] : []),
    ...(sorted.length > 0 ? [`sorted by ${list(sorted)}`] : []),
  ].join(' and ')
  const often = today === count ? `${many(count, 'time')} today` : `${many(count, 'time')} in the last week`
  const megabytes = Math.max(1, Math.ceil((records * (bytes + entryBytes + 8 * columns.length)) / 2 ** 20))
  const move = storage.tier === 'shared' ? ' The table moves to storage of its own for it.' : ''
  return {
    reason: `${parts.charAt(0).toUpperCase()}${parts.slice(1)} ${often}.`,
    gain: `Reads about ${many(read, 'record')} in place of ${number(records)}.`,
    cost: `About ${number(megabytes)} MB, and every write of the table keeps it up to date.${move}`,
  }
}

/** What an entry takes beside its values: its place in the page, its header, and the record's id. */
const entryBytes = 32

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function many(count: number, what: string): string {
  return `${number(count)} ${what}${count === 1 ? '' : 's'}`
}

function number(count: number): string {
  return count.toLocaleString('en')
}
