import { fits } from '@shared/domain/coerced'
import type { JsonValue } from '@shared/json'
import { useSyncExternalStore } from 'react'
import { readEditText, readSecretText } from './edit-text'
import { type GridColumn, mustBeGiven } from './grid-column'

/** A record that is being written and is not saved yet. What was typed is kept as typed. */
export interface RecordDraft {
  /** Inputs by column; a column that is not there takes its default. NULL is null. */
  readonly inputs: ReadonlyMap<string, string | null>
  /** Why saving failed, by column; the empty name is the record as a whole. */
  readonly problems: ReadonlyMap<string, string>
  readonly saving: boolean
}

export const emptyDraft: RecordDraft = { inputs: new Map(), problems: new Map(), saving: false }

/** Drafts outlive the page: going to another table and back loses nothing. */
let drafts: ReadonlyMap<string, RecordDraft> = new Map()
const listeners = new Set<() => void>()

export function setDraft(tableId: string, draft: RecordDraft | null): void {
  const next = new Map(drafts)
  if (draft) next.set(tableId, draft)
  else next.delete(tableId)
  drafts = next
  for (const listener of listeners) listener()
}

export function currentDraft(tableId: string): RecordDraft | null {
  return drafts.get(tableId) ?? null
}

export function useDraft(tableId: string): RecordDraft | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => currentDraft(tableId),
  )
}

export function putInput(draft: RecordDraft, column: string, input: string | null | undefined): RecordDraft {
  const inputs = new Map(draft.inputs)
  const problems = new Map(draft.problems)
  if (input === undefined) inputs.delete(column)
  else inputs.set(column, input)
  problems.delete(column)
  problems.delete('')
  return { ...draft, inputs, problems }
}

export type ReadDraft =
  | { readonly ok: true; readonly values: { readonly [column: string]: JsonValue } }
  | { readonly ok: false; readonly problems: ReadonlyMap<string, string> }

/** The values to create, or what is wrong in which column. */
export function readDraft(draft: RecordDraft, columns: readonly GridColumn[]): ReadDraft {
  const values: { [column: string]: JsonValue } = {}
  const problems = new Map<string, string>()
  for (const column of columns) {
    const input = draft.inputs.get(column.name)
    if (input === undefined) {
      if (mustBeGiven(column)) problems.set(column.name, 'This is required.')
      continue
    }
    const read = input === null ? fits(null) : column.secret ? readSecretText(input) : readEditText(column.type, input)
    if (!read.ok) problems.set(column.name, `This ${read.reason}.`)
    else if (read.value === null && !column.nullable) problems.set(column.name, 'This is required.')
    else values[column.name] = read.value
  }
  return problems.size > 0 ? { ok: false, problems } : { ok: true, values }
}
