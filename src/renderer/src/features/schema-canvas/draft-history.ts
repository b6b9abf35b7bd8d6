import { applyEdit } from '@shared/domain/apply-edit'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import { type CanvasLayout, followEdit, type LayoutPatch, patchLayout } from './canvas-layout'

/** What undo takes back at once: one drag, one rename, one table with its columns. */
export interface DraftStep {
  /** "Add table orders": said by undo and redo. */
  readonly label: string
  readonly edits: readonly SchemaEdit[]
  readonly layout?: LayoutPatch | undefined
  /** A step of the same group as the one before takes its place: typing in the text pane is one step. */
  readonly group?: string | undefined
}

/** Schema and layout at one moment. */
export interface Snapshot {
  readonly schema: DatabaseSchema
  readonly layout: CanvasLayout
}

export interface DraftHistory {
  /** Before the first step, and after each: one more than there are steps. */
  readonly snapshots: readonly Snapshot[]
  readonly steps: readonly DraftStep[]
  /** How many steps are in force; the others can be done again. */
  readonly at: number
}

export function beginHistory(base: Snapshot): DraftHistory {
  return { snapshots: [base], steps: [], at: 0 }
}

export function presentOf({ snapshots, at }: DraftHistory): Snapshot {
  const present = snapshots[at]
  if (!present) throw new Error('A history has a snapshot for every step')
  return present
}

/** Every edit in force, in order. */
export function editsOf({ steps, at }: DraftHistory): readonly SchemaEdit[] {
  return steps.slice(0, at).flatMap(({ edits }) => edits)
}

/** Throws the sentence of the first edit that makes no sense; the history is then as it was. */
export function takeStep(history: DraftHistory, step: DraftStep): DraftHistory {
  const next = followStep(presentOf(history), step)
  const last = history.steps[history.at - 1]
  const merged =
    step.group !== undefined && last?.group === step.group
      ? {
          ...step,
          edits: joinEdits(last.edits, step.edits),
          layout: mergePatches(last.layout, step.layout),
        }
      : null
  const at = merged ? history.at - 1 : history.at
  return {
    snapshots: [...history.snapshots.slice(0, at + 1), next],
    steps: [...history.steps.slice(0, at), merged ?? step],
    at: at + 1,
  }
}

export function stepBack(history: DraftHistory): DraftHistory {
  return history.at === 0 ? history : { ...history, at: history.at - 1 }
}

export function stepForth(history: DraftHistory): DraftHistory {
  return history.at === history.steps.length ? history : { ...history, at: history.at + 1 }
}

export interface Replayed {
  readonly history: DraftHistory
  /** Why edits were left out: they make no sense on this base. */
  readonly problems: readonly string[]
}

/** The same steps from another beginning. An edit that no longer fits is left out, and the rest of its step stays. */
export function replay(base: Snapshot, steps: readonly DraftStep[], at: number): Replayed {
  let history = beginHistory(base)
  const problems: string[] = []
  for (const [index, step] of steps.entries()) {
    const fitting: SchemaEdit[] = []
    let { schema } = presentOf(history)
    for (const edit of step.edits) {
      try {
        schema = applyEdit(schema, edit)
        fitting.push(edit)
      } catch (error) {
        // Of steps that were undone nobody waits for news.
        if (index < at) problems.push(error instanceof Error ? error.message : String(error))
      }
    }
    history = takeStep(history, { ...step, edits: fitting, group: undefined })
  }
  const kept = { ...history, steps: history.steps.map((step, index) => ({ ...step, group: steps[index]?.group })) }
  return { history: { ...kept, at: Math.min(at, steps.length) }, problems }
}

function followStep(present: Snapshot, step: DraftStep): Snapshot {
  let { schema, layout } = present
  for (const edit of step.edits) {
    schema = applyEdit(schema, edit)
    layout = followEdit(layout, edit)
  }
  return { schema, layout: patchLayout(layout, step.layout) }
}

/** Of what is typed letter by letter only the last counts. */
function joinEdits(first: readonly SchemaEdit[], second: readonly SchemaEdit[]): readonly SchemaEdit[] {
  const before = first.at(-1)
  const [next, ...more] = second
  const again = before && next && more.length === 0 && saysAgain(before, next)
  return again ? [...first.slice(0, -1), next] : [...first, ...second]
}

function saysAgain(before: SchemaEdit, next: SchemaEdit): boolean {
  if (before.type === 'setComment' && next.type === 'setComment')
    return before.table === next.table && before.column === next.column
  return (
    before.type === 'setDefault' &&
    next.type === 'setDefault' &&
    before.table === next.table &&
    before.column === next.column
  )
}

function mergePatches(first: LayoutPatch | undefined, second: LayoutPatch | undefined): LayoutPatch | undefined {
  if (!first || !second) return second ?? first
  return {
    tables: { ...first.tables, ...second.tables },
    areas: { ...first.areas, ...second.areas },
    notes: { ...first.notes, ...second.notes },
  }
}
