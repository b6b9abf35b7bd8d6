import type { JsonValue } from '@shared/json'
import { entries, isObject, member, textMember, texts } from './loose'
import { type LooseColumn, type LooseReference, readColumn, readReference } from './loose-column'

/** A table as the model meant it; names are still its own. */
export interface LooseTable {
  readonly name: string
  readonly columns: readonly LooseColumn[]
  /** Pieces of the list of columns that are none, as JSON. */
  readonly unread: readonly string[]
  readonly key: readonly string[]
  readonly unique: readonly (readonly string[])[]
  readonly indexes: readonly (readonly string[])[]
  readonly references: readonly { readonly columns: readonly string[]; readonly to: LooseReference }[]
  readonly records: readonly JsonValue[]
}

/** Null when it has no name. */
export function readTable(value: JsonValue): LooseTable | null {
  if (!isObject(value)) return null
  const nested = member(value, 'table')
  // `{"table": {"name": ..., "columns": ...}}`
  if (isObject(nested)) return readTable(nested)
  const name = textMember(value, 'name', 'table_name', 'table', 'tablename')
  if (name === undefined) return null
  const listed = entries(member(value, 'columns', 'fields', 'attributes', 'properties'))
  const columns = listed.map((each) => ({ each, column: readColumn(each) }))
  const isColumn = (each: { column: LooseColumn | null }): each is { each: JsonValue; column: LooseColumn } =>
    each.column !== null
  return {
    name,
    columns: columns.filter(isColumn).map(({ column }) => column),
    unread: columns.filter((each) => !isColumn(each)).map(({ each }) => JSON.stringify(each).slice(0, 80)),
    key: texts(member(value, 'primary_key', 'primaryKeys', 'pk')),
    unique: columnSets(member(value, 'unique', 'unique_constraints', 'uniques', 'unique_keys')),
    indexes: columnSets(member(value, 'indexes', 'indices', 'index')),
    references: entries(member(value, 'foreign_keys', 'foreignKeys', 'relations', 'relationships')).flatMap(
      tableReference,
    ),
    records: listOf(member(value, 'records', 'sample_records', 'rows', 'samples', 'sample_data', 'seed')),
  }
}

function tableReference(value: JsonValue): LooseTable['references'] {
  if (!isObject(value)) return []
  const to = readReference(value)
  const columns = texts(member(value, 'columns', 'column', 'column_name', 'from', 'field', 'source_column'))
  // `{"column": "a", "references": {...}}`; without the inner object `column` is the other table's.
  return to === undefined || columns.length === 0 ? [] : [{ columns, to }]
}

/** `[["a", "b"]]`, `["a", "b"]`, `[{"columns": ["a", "b"]}]` */
function columnSets(value: JsonValue | undefined): readonly (readonly string[])[] {
  if (isObject(value)) return columnSets([value])
  if (!Array.isArray(value)) return []
  if (value.length > 0 && value.every((each: JsonValue) => typeof each === 'string')) return [texts(value)]
  return value
    .map((each: JsonValue) => texts(isObject(each) ? (member(each, 'columns', 'fields', 'column', 'on') ?? []) : each))
    .filter((names) => names.length > 0)
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}
