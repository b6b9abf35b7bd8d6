import { applyEdit } from '@shared/domain/apply-edit'
import { describeEdits } from '@shared/domain/describe-edit'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import type { Place } from './canvas-layout'

/** One change that somebody (the assistant, an import) suggests; it is decided by itself. */
export interface ProposedChange {
  readonly id: string
  readonly edit: SchemaEdit
  readonly words: string
  readonly state: 'open' | 'accepted' | 'refused'
}

/** Suggested edits, shown as ghosts on the canvas. Nothing of it is in the draft before it is accepted. */
export interface Proposal {
  readonly title: string
  readonly changes: readonly ProposedChange[]
  /** Where the ghosts of new tables lie. */
  readonly places: Readonly<Record<string, Place>>
}

/** A proposal on a draft: what the canvas would show, and why some of it cannot be. */
export interface ProposalView {
  readonly schema: DatabaseSchema
  /** By the id of the change: the sentence that says why it cannot be accepted. */
  readonly problems: ReadonlyMap<string, string>
}

let made = 0

export function newProposal(edits: readonly SchemaEdit[], title: string): Proposal {
  const changes = edits.map((edit): ProposedChange => {
    made += 1
    return { id: `change:${made}`, edit, words: describeEdits([edit]), state: 'open' }
  })
  return { title, changes, places: {} }
}

export function openChanges({ changes }: Proposal): readonly ProposedChange[] {
  return changes.filter(({ state }) => state === 'open')
}

/** The draft with every open change on top of it. */
export function viewProposal(schema: DatabaseSchema, proposal: Proposal): ProposalView {
  const problems = new Map<string, string>()
  let next = schema
  for (const { id, edit } of openChanges(proposal)) {
    try {
      next = applyEdit(next, edit)
    } catch (error) {
      problems.set(id, error instanceof Error ? error.message : String(error))
    }
  }
  return { schema: next, problems }
}

export function decide(proposal: Proposal, ids: ReadonlySet<string>, state: 'accepted' | 'refused'): Proposal {
  return {
    ...proposal,
    changes: proposal.changes.map((change) =>
      ids.has(change.id) && change.state === 'open' ? { ...change, state } : change,
    ),
  }
}

/**
 * The change with the open ones before it that it cannot do without (a column of a table that is itself proposed, the
 * target of a reference), in their order. Null when it cannot be applied at all.
 */
export function withNeeded(schema: DatabaseSchema, proposal: Proposal, id: string): readonly ProposedChange[] | null {
  const open = openChanges(proposal)
  const at = open.findIndex((change) => change.id === id)
  const wanted = open[at]
  if (!wanted) return null
  let needed: readonly ProposedChange[] = [wanted]
  // The nearest ones first: each round takes in what touches the same tables, until it all applies.
  for (;;) {
    if (applies(schema, needed)) return withoutIdle(schema, needed, wanted)
    const tables = new Set(needed.flatMap(({ edit }) => tablesOf(edit)))
    const more = open.filter(
      (change, index) =>
        index < at && !needed.includes(change) && tablesOf(change.edit).some((name) => tables.has(name)),
    )
    if (more.length === 0) return null
    needed = open.filter((change) => needed.includes(change) || more.includes(change))
  }
}

/** Touching the same table is no reason by itself: what the change can do without stays open. */
function withoutIdle(schema: DatabaseSchema, needed: readonly ProposedChange[], wanted: ProposedChange) {
  return needed.reduceRight((kept, change) => {
    const rest = kept.filter((other) => other !== change)
    return change !== wanted && applies(schema, rest) ? rest : kept
  }, needed)
}

function applies(schema: DatabaseSchema, changes: readonly ProposedChange[]): boolean {
  try {
    changes.reduce((next, { edit }) => applyEdit(next, edit), schema)
    return true
  } catch {
    return false
  }
}

/** The tables that an edit names, under their names before and after it. */
export function tablesOf(edit: SchemaEdit): readonly string[] {
  switch (edit.type) {
    case 'addTable':
      return [
        edit.table.name,
        ...edit.table.columns.flatMap(({ references }) => (references ? [references.table] : [])),
      ]
    case 'renameTable':
      return [edit.table, edit.name]
    case 'addColumn':
      return [edit.table, ...(edit.column.references ? [edit.column.references.table] : [])]
    case 'setReference':
      return [edit.table, ...(edit.references ? [edit.references.table] : [])]
    default:
      return [edit.table]
  }
}
