import type { OpenTransaction, SqlDanger } from '@shared/contract/sql-panel.contract'
import type { Draft } from './draft-cache'

export interface RunningRun {
  readonly startedAt: number
  readonly cancel: () => void
}

/** Text that somebody else wrote (a model, say) for a tab; nothing of it counts before it is accepted. */
export interface Proposal {
  readonly tabId: string
  /** The whole text that the tab would have. */
  readonly text: string
  /** One sentence about it. */
  readonly note: string
}

/** A question that a run waits for. */
export type Question =
  | {
      readonly kind: 'dangers'
      readonly dangers: readonly (SqlDanger & { readonly statement: number; readonly records: number | null })[]
      readonly answer: (go: boolean) => void
    }
  | {
      readonly kind: 'values'
      readonly names: readonly string[]
      readonly known: Readonly<Record<string, string | null>>
      readonly answer: (values: Readonly<Record<string, string | null>> | null) => void
    }

export interface PanelState {
  readonly tabs: readonly Draft[]
  readonly active: string
  readonly runs: ReadonlyMap<string, RunningRun>
  readonly transaction: Pick<OpenTransaction, 'id' | 'expiresAt'> | null
  readonly question: Question | null
  readonly proposal: Proposal | null
  /** The result in front of each tab, by its place in the list. */
  readonly shown: ReadonlyMap<string, number>
}
