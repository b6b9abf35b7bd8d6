import type { ComponentType } from 'react'
import { AskBar } from '../assistant/ask-bar'
import { FixError } from '../assistant/fix-error'
import type { Panel } from './panel'

/** What a part above the editor is told: the tab in front, with what is marked in it. */
export interface AskSlotProps {
  readonly databaseId: string
  readonly tabId: string
  /** The whole text of the tab. */
  readonly text: string
  /** Empty when nothing is marked. */
  readonly selection: string
  /** Shows a whole new text of the tab as a difference; nothing of it counts, and nothing runs, before it is accepted. */
  readonly proposeSql: (sql: string, note: string) => void
}

/** What a part in the view of an error is told. */
export interface ErrorSlotProps {
  readonly databaseId: string
  readonly tabId: string
  /** The whole text of the tab. */
  readonly text: string
  /** The statement that failed, as it stood when it ran. */
  readonly statement: string
  readonly message: string
  readonly hint: string | null
  readonly proposeSql: (sql: string, note: string) => void
}

export interface SqlPanelSlots {
  /** Above the editor: a bar to ask in words, say. One at most 40 px high, or null to draw nothing. */
  readonly ask: ComponentType<AskSlotProps> | null
  /** Beside the message of a statement that failed: a button, say. */
  readonly error: ComponentType<ErrorSlotProps> | null
}

/**
 * Places in the SQL panel that other features fill, each with one component. They never write into the editor: they call
 * `proposeSql`, which shows their text as a difference to accept (Tab or Enter) or refuse (Escape). What is accepted is an
 * edit like any other, can be undone, and runs only when a person runs it.
 */
export const slots: SqlPanelSlots = { ask: AskBar, error: FixError }

/** The same from outside a slot (a command, a side panel): for the tab in front. */
export function proposeSql(panel: Panel, sql: string, note: string): void {
  panel.propose({ tabId: panel.state().active, text: sql, note })
}
