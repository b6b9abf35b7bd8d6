import { resultEditing, type SqlEvent } from '@shared/contract/sql-panel.contract'
import { z } from 'zod'

/** What one statement of a run came to, as its tab keeps it: also over a restart. The rows are the server's. */
export const outcome = z.object({
  index: z.int().nullable(),
  /** In the text of the tab at the time of the run. */
  start: z.int(),
  end: z.int(),
  text: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  command: z.string(),
  resultId: z.string().nullable(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  editing: resultEditing.nullable(),
  notEditable: z.string().nullable(),
  rowCount: z.int(),
  truncated: z.boolean(),
  ms: z.number().nullable(),
  note: z.string().nullable(),
  error: z
    .object({ code: z.string(), message: z.string(), at: z.int().nullable(), hint: z.string().nullable() })
    .nullable(),
})
export type Outcome = z.infer<typeof outcome>

export const outcomes = z.array(outcome)

/** Characters of a statement that are kept to name its result. */
const shownText = 300

/** The outcomes after an event of the run, whose text begins at `offset` of the tab's text. */
export function withEvent(
  list: readonly Outcome[],
  event: SqlEvent,
  run: { readonly text: string; readonly offset: number },
): readonly Outcome[] {
  const change = (index: number, more: Partial<Outcome>) =>
    list.map((each) => (each.index === index ? { ...each, ...more } : each))
  switch (event.type) {
    case 'statement': {
      const { index, start, end, command } = event
      const text = run.text.slice(start, end).slice(0, shownText)
      return [...list, { ...begun, index, command, text, start: start + run.offset, end: end + run.offset }]
    }
    case 'columns': {
      const { index, resultId, columns, editing, notEditable } = event
      return change(index, { resultId, columns, editing, notEditable })
    }
    case 'rows':
      return change(event.index, { rowCount: event.rows.length })
    case 'progress':
      return change(event.index, { rowCount: event.rowCount })
    case 'finished': {
      const { index, command, rowCount, truncated, ms, note } = event
      return change(index, { state: 'done', command, rowCount, truncated, ms, note })
    }
    case 'failed': {
      const { index, code, message, at, hint } = event
      const error = { code, message, at: at === null ? null : at + run.offset, hint }
      const state: Outcome['state'] = code === 'CANCELLED' ? 'cancelled' : 'failed'
      if (index !== null && list.some((each) => each.index === index)) return change(index, { state, error })
      const ended = list.map((each) => (each.state === 'running' ? { ...each, state } : each))
      return [...ended, { ...begun, index, state, error, start: run.offset, end: run.offset + run.text.length }]
    }
    case 'transaction':
      return list
  }
}

const begun: Outcome = {
  index: null,
  start: 0,
  end: 0,
  text: '',
  state: 'running',
  command: '',
  resultId: null,
  columns: [],
  editing: null,
  notEditable: null,
  rowCount: 0,
  truncated: false,
  ms: null,
  note: null,
  error: null,
}

/** What a run that nobody answers any more has left: it was cut off. */
export function interrupted(list: readonly Outcome[]): readonly Outcome[] {
  return list.map((each) =>
    each.state === 'running' ? { ...each, state: 'cancelled', note: 'This run was cut off before it ended.' } : each,
  )
}
