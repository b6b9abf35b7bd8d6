import type { SchemaEdit } from '@shared/domain/schema-edit'
import type { ColumnSchema, TableSchema } from '@shared/domain/table-schema'
import { type ColumnDraft, isBlank, type ReferenceDraft, referenceDraft, toColumn, toReference } from './column-draft'
import { planMoves } from './plan-moves'
import { planRenames } from './plan-renames'
import { liveSets, namesOf, sameSet, setsOf, type UniqueSet } from './unique-sets'

export interface PlannedEdit {
  /** The draft it comes from. */
  readonly key: string
  readonly edit: SchemaEdit
  /** Only makes way for a later edit of the same column; people do not count it. */
  readonly step: boolean
}

interface Stored extends ColumnDraft {
  readonly was: ColumnSchema
}

/**
 * The edits that lead from the stored table to the drafts. Each is checked by itself, so the order matters: what is
 * loosened or goes away comes first, what is tightened or refers to something comes last.
 */
export function planEdits(
  table: TableSchema,
  drafts: readonly ColumnDraft[],
  sets: readonly UniqueSet[] = setsOf(table),
): readonly PlannedEdit[] {
  const stored = drafts.filter((draft): draft is Stored => draft.was !== null)
  const kept = stored.filter((draft) => !draft.dropped)
  const left = drafts.filter((draft) => !draft.dropped && !isBlank(draft))
  const at = { table: table.name }
  const edits: PlannedEdit[] = []
  const add = (draft: ColumnDraft, edit: SchemaEdit, step = false) => edits.push({ key: draft.key, edit, step })

  for (const draft of kept) {
    const change = referenceChange(table, draft)
    if (change === 'removed' || change === 'replaced')
      add(draft, { type: 'setReference', ...at, column: draft.was.name, references: null }, change === 'replaced')
  }
  const before = setsOf(table)
  for (const set of liveSets(before, drafts))
    if (!sets.some((other) => sameSet(other, set)))
      edits.push({
        key: set[0] ?? '',
        edit: { type: 'dropUnique', ...at, columns: wasNames(set, stored) },
        step: false,
      })

  // A column that refers to another of the same table goes before the one it refers to.
  const dropped = stored.filter((draft) => draft.dropped)
  for (const draft of [...dropped.filter(refersToSelf(table)), ...dropped.filter((d) => !refersToSelf(table)(d))])
    add(draft, { type: 'dropColumn', ...at, column: draft.was.name })

  for (const { key, from, to, step } of planRenames(kept, drafts))
    edits.push({ key, edit: { type: 'renameColumn', ...at, column: from, name: to }, step })

  for (const draft of kept) {
    const { was, name: column } = draft
    const wasRequired = was.required === true || was.primary_key === true
    const retyped = draft.type !== was.type
    const newDefault = draft.default !== (was.default ?? null)
    if (was.unique === true && !draft.unique) add(draft, { type: 'setUnique', ...at, column, unique: false })
    if (wasRequired && !draft.required) add(draft, { type: 'setRequired', ...at, column, required: false })
    if (retyped && newDefault && was.default !== undefined && draft.default !== null)
      add(draft, { type: 'setDefault', ...at, column, default: null }, true)
    if (newDefault && draft.default === null) add(draft, { type: 'setDefault', ...at, column, default: null })
    if (retyped)
      add(draft, {
        type: 'changeType',
        ...at,
        column,
        to: draft.type,
        ...(draft.unfit === 'null' ? { unfit: 'null' } : {}),
      })
    if (newDefault && draft.default !== null) add(draft, { type: 'setDefault', ...at, column, default: draft.default })
    if (was.unique !== true && draft.unique) add(draft, { type: 'setUnique', ...at, column, unique: true })
  }

  for (const { key, position } of planMoves(
    kept.map((draft) => draft.key),
    table.columns.map(({ name }) => `was:${name}`),
  )) {
    const draft = kept.find((candidate) => candidate.key === key)
    if (draft) add(draft, { type: 'moveColumn', ...at, column: draft.name, position })
  }

  left.forEach((draft, position) => {
    if (draft.was !== null) return
    const column = toColumn(draft, table.name, renamedTarget(draft.references, kept))
    add(draft, { type: 'addColumn', ...at, column, position })
  })

  for (const draft of kept) {
    const reference = renamedTarget(draft.references, kept)
    if (reference && referenceChange(table, draft) !== 'same')
      add(draft, {
        type: 'setReference',
        ...at,
        column: draft.name,
        references: toReference(reference, table.name),
      })
  }
  for (const draft of kept)
    if (draft.required && draft.was.required !== true && draft.was.primary_key !== true)
      add(draft, { type: 'setRequired', ...at, column: draft.name, required: true })
  for (const set of liveSets(sets, drafts))
    if (!before.some((other) => sameSet(other, set)))
      edits.push({ key: set[0] ?? '', edit: { type: 'addUnique', ...at, columns: namesOf(set, drafts) }, step: false })
  return edits
}

function wasNames(set: UniqueSet, stored: readonly Stored[]): string[] {
  return set.map((key) => stored.find((draft) => draft.key === key)?.was.name ?? '')
}

/** `replaced` must let go of the old target first, or a step on the way would break it. */
function referenceChange(table: TableSchema, draft: Stored): 'same' | 'set' | 'removed' | 'replaced' {
  const before = referenceDraft(table, draft.was.references)
  const after = draft.references
  if (before === null) return after === null ? 'same' : 'set'
  if (after === null) return 'removed'
  if (before.table === after.table && before.column === after.column && before.on_delete === after.on_delete)
    return 'same'
  return draft.type !== draft.was.type || before.table === null ? 'replaced' : 'set'
}

function refersToSelf(table: TableSchema) {
  return (draft: Stored) => draft.was.references?.table === table.name
}

/** Drafts point to columns of their own table by the stored name. */
function renamedTarget(reference: ReferenceDraft | null, kept: readonly Stored[]): ReferenceDraft | null {
  if (reference === null || reference.table !== null) return reference
  const target = kept.find(({ was }) => was.name === reference.column)
  return target ? { ...reference, column: target.name } : reference
}
