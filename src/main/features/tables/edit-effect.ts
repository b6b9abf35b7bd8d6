import type { EditEffect } from '@shared/contract/tables.contract'
import { wireEdit } from '@shared/contract/wire-schema'
import type { SchemaEdit } from '@shared/domain/schema-edit'

/** What an edit does to the records that exist, before it is decided. */
export interface Effect {
  readonly sentence: string
  /** Values that change or are lost. */
  readonly affected: number
  /** The rule that forbids the edit; null when nothing does. */
  readonly refusedBy: 'required' | 'unique' | 'reference' | 'type' | null
  readonly examples: readonly string[]
  /** What no later edit brings back, as a sentence. */
  readonly lost: string | null
}

export function harmless(sentence: string): Effect {
  return { sentence, affected: 0, refusedBy: null, examples: [], lost: null }
}

/** "1 value", "1,200 values". */
export function many(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`
}

/** The verb that goes with a count. */
export function verb(count: number, one: string, more: string): string {
  return count === 1 ? one : more
}

/** An edit with what it does. */
export interface EffectOfEdit extends Effect {
  readonly edit: SchemaEdit
}

export function wireEffect({ edit, sentence, affected, refusedBy, examples, lost }: EffectOfEdit): EditEffect {
  return { edit: wireEdit(edit), sentence, affected, refused: refusedBy !== null, examples: [...examples], lost }
}

/** Edits of one table, in the order and with the name it has then. */
export type TableEdit = Exclude<SchemaEdit, { readonly type: 'addTable' | 'dropTable' }>

export function isTableEdit(edit: SchemaEdit): edit is TableEdit {
  return edit.type !== 'addTable' && edit.type !== 'dropTable'
}
