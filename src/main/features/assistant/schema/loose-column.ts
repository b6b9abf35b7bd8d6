import type { OnDelete } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { readDefault } from './default-text'
import { flagMember, isObject, type LooseObject, member, textMember } from './loose'
import { readType } from './type-names'

export interface LooseReference {
  readonly table: string
  readonly column: string | undefined
  readonly onDelete: OnDelete | undefined
}

/** A column as the model meant it; names are still its own. */
export interface LooseColumn {
  readonly name: string
  readonly type: string
  /** What it was called, when there is no such type. */
  readonly unknownType: string | undefined
  readonly hasType: boolean
  readonly isSerial: boolean
  readonly isKey: boolean
  readonly unique: boolean
  readonly required: boolean
  readonly default: string | undefined
  readonly references: LooseReference | undefined
}

/** Reads `{"name", "type", ...}`, `"title text not null"` and `"title"`; null when there is no name. */
export function readColumn(value: JsonValue): LooseColumn | null {
  if (typeof value === 'string') return readSqlColumn(value)
  if (!isObject(value)) return null
  const name = textMember(value, 'name', 'column_name', 'column', 'field', 'field_name')
  if (name === undefined) return null
  const rules = rulesOf(value)
  const written = textMember(value, 'type', 'data_type', 'column_type', 'sql_type', 'datatype') ?? ''
  const { typeText, words } = splitType(`${written} ${rules}`, written)
  const references =
    readReference(member(value, 'references', 'foreign_key', 'fk', 'reference', 'ref', 'relation'), value) ??
    referenceIn(words)
  const hasType = typeText !== ''
  const read = readType(hasType ? typeText : references ? 'uuid' : guessType(name))
  const nullable = flagMember(value, 'nullable', 'is_nullable', 'null', 'allow_null', 'optional')
  const required = flagMember(value, 'required', 'not_null', 'is_required', 'mandatory')
  return {
    name,
    type: read.type,
    unknownType: read.isUnknown ? typeText : undefined,
    hasType,
    isSerial: read.isSerial || flagMember(value, 'auto_increment', 'autoincrement', 'identity') === true,
    isKey:
      flagMember(value, 'primary_key', 'pk', 'primary', 'is_primary_key', 'is_primary', 'key') === true ||
      /\bprimary key\b/i.test(words),
    unique: flagMember(value, 'unique', 'is_unique') === true || /\bunique\b/i.test(words),
    required: required ?? (nullable === undefined ? /\bnot null\b|\brequired\b/i.test(words) : !nullable),
    default: readDefault(member(value, 'default', 'default_value', 'column_default') ?? defaultIn(words), read.type),
    references,
  }
}

/** `title varchar(200) not null unique references posts(id) on delete cascade` */
function readSqlColumn(text: string): LooseColumn | null {
  const [, name, rest = ''] = /^\s*["'`]?([\p{L}_][\p{L}\d_]*)["'`]?\s*:?\s*([\s\S]*)$/u.exec(text) ?? []
  return name === undefined ? null : readColumn({ name, type: rest })
}

/** Where the type ends and words such as NOT NULL begin. */
function splitType(text: string, written: string): { readonly typeText: string; readonly words: string } {
  const at = text.search(
    /\b(primary key|not null|null|unique|default|references|check|on delete|auto_?increment|generated|required)\b/i,
  )
  if (at < 0) return { typeText: written.trim(), words: '' }
  return { typeText: text.slice(0, Math.min(at, written.length)).trim(), words: text.slice(at) }
}

function rulesOf(value: LooseObject): string {
  const rules = member(value, 'constraints', 'constraint', 'modifiers', 'attributes')
  return typeof rules === 'string'
    ? rules
    : Array.isArray(rules)
      ? rules.filter((each) => typeof each === 'string').join(' ')
      : ''
}

function defaultIn(words: string): string | undefined {
  return /\bdefault\s+('(?:[^']|'')*'|[^\s,]+\([^)]*\)|[^\s,]+)/i.exec(words)?.[1]
}

function referenceIn(words: string): LooseReference | undefined {
  const [, table, column] = /\breferences\s+["`]?(\w+)["`]?\s*(?:\(\s*["`]?(\w+)["`]?\s*\))?/i.exec(words) ?? []
  return table === undefined
    ? undefined
    : { table, column, onDelete: onDeleteOf(/\bon delete\s+(\w+(?:\s+\w+)?)/i.exec(words)?.[1]) }
}

/** `{"table", "column"}`, `"users(id)"`, `"users.id"` or `"users"`. */
export function readReference(value: JsonValue | undefined, beside?: LooseObject): LooseReference | undefined {
  const outer = beside === undefined ? undefined : textMember(beside, 'on_delete')
  if (typeof value === 'string') {
    const [, table, column] = /^\s*(?:public\.)?["`]?(\w+)["`]?\s*(?:[.(]\s*["`]?(\w+)["`]?\s*\)?)?/i.exec(value) ?? []
    return table === undefined
      ? undefined
      : { table, column, onDelete: onDeleteOf(/on delete\s+(\w+(?:\s+\w+)?)/i.exec(value)?.[1] ?? outer) }
  }
  if (!isObject(value)) return undefined
  const inner = member(value, 'references', 'reference')
  if (inner !== undefined) return readReference(inner, value)
  const table = textMember(
    value,
    'table',
    'referenced_table',
    'table_name',
    'target',
    'target_table',
    'to',
    'foreign_table',
    'to_table',
  )
  // The seed's form has placeholders that some models copy.
  if (table === undefined || table === '' || table === 'referenced_table') return undefined
  const column = textMember(
    value,
    'column',
    'referenced_column',
    'field',
    'target_column',
    'foreign_column',
    'to_column',
  )
  return {
    table,
    column: column === '' || column === 'referenced_column' ? undefined : column,
    onDelete: onDeleteOf(textMember(value, 'on_delete', 'delete', 'ondelete_action') ?? outer),
  }
}

function onDeleteOf(text: string | undefined): OnDelete | undefined {
  const word = text?.toLowerCase().replace(/[^a-z]/g, '') ?? ''
  if (word.startsWith('cascade')) return 'cascade'
  if (word.startsWith('setnull') || word === 'nullify') return 'set_null'
  return word.startsWith('restrict') || word.startsWith('noaction') ? 'restrict' : undefined
}

/** For a column that came without a type. */
function guessType(name: string): string {
  if (/(_at|At)$/.test(name)) return 'timestamptz'
  if (/(_on|_date|Date)$|^(date|birthday)$/.test(name)) return 'date'
  if (/^(is|has|can)[_A-Z]/.test(name)) return 'boolean'
  if (/(_id|Id|^id)$/.test(name)) return 'uuid'
  if (/(price|amount|total|cost)$/i.test(name)) return 'numeric(12,2)'
  return /(count|quantity|position|age|_number)$/i.test(name) ? 'integer' : 'text'
}
