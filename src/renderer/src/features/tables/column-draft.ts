import type { ColumnReference, ColumnSchema, OnDelete, TableSchema } from '@shared/domain/table-schema'

export interface ReferenceDraft {
  /** Null is the table itself, which may not have its name yet. */
  readonly table: string | null
  readonly column: string
  readonly on_delete: OnDelete
}

/** A column while it is being described. */
export interface ColumnDraft {
  /** Stays the same while everything else changes. */
  readonly key: string
  /** The column as it is stored; null for a new one. */
  readonly was: ColumnSchema | null
  readonly name: string
  /** As text, like the schema has it; what was typed may be no type at all. */
  readonly type: string
  /** Of the table's key, alone or with others; it is chosen when the table is made. */
  readonly inKey: boolean
  readonly required: boolean
  readonly unique: boolean
  /** Null for none; an empty text is a default of its own. */
  readonly default: string | null
  readonly references: ReferenceDraft | null
  /** Stored, and to be dropped. */
  readonly dropped: boolean
  /** What becomes of values that do not fit a changed type. */
  readonly unfit: 'refuse' | 'null'
}

export type ColumnPatch = Partial<Omit<ColumnDraft, 'key' | 'was' | 'dropped'>>

let made = 0

export function newColumn(patch: ColumnPatch = {}): ColumnDraft {
  return {
    key: `new:${++made}`,
    was: null,
    name: '',
    type: 'text',
    inKey: false,
    required: false,
    unique: false,
    default: null,
    references: null,
    dropped: false,
    unfit: 'refuse',
    ...patch,
  }
}

export function draftsOf(table: TableSchema): readonly ColumnDraft[] {
  return table.columns.map((column) => ({
    key: `was:${column.name}`,
    was: column,
    name: column.name,
    type: column.type,
    inKey: column.primary_key === true,
    required: column.required === true || column.primary_key === true,
    unique: column.unique === true,
    default: column.default ?? null,
    references: referenceDraft(table, column.references),
    dropped: false,
    unfit: 'refuse',
  }))
}

export function referenceDraft(table: TableSchema, reference: ColumnReference | undefined): ReferenceDraft | null {
  if (!reference) return null
  return {
    table: reference.table === table.name ? null : reference.table,
    column: reference.column,
    on_delete: reference.on_delete ?? 'restrict',
  }
}

/** Nobody has said anything about it: it does not count. */
export function isBlank(column: ColumnDraft): boolean {
  return (
    column.was === null &&
    column.name.trim() === '' &&
    column.type === 'text' &&
    !column.inKey &&
    !column.required &&
    !column.unique &&
    column.default === null &&
    column.references === null
  )
}

/** The column as the schema writes it: only what is said. */
export function toColumn(draft: ColumnDraft, tableName: string, reference = draft.references): ColumnSchema {
  return {
    name: draft.name,
    type: draft.type,
    ...(draft.inKey ? { primary_key: true } : {}),
    ...(draft.unique ? { unique: true } : {}),
    ...(draft.required && !draft.inKey ? { required: true } : {}),
    ...(draft.default === null ? {} : { default: draft.default }),
    ...(reference ? { references: toReference(reference, tableName) } : {}),
  }
}

export function toReference({ table, column, on_delete }: ReferenceDraft, tableName: string): ColumnReference {
  return { table: table ?? tableName, column, on_delete }
}

/** The uuid key named "id" is what records are known by. */
export function isIdentity({ was }: ColumnDraft): boolean {
  return was?.primary_key === true && was.name === 'id' && was.type === 'uuid'
}
