/** Which table is moved, and for whom: moves run in the tenant's own context. */
export interface TableAddress {
  readonly accountId: string
  readonly databaseId: string
  readonly tableId: string
}

export type Tier = 'shared' | 'dedicated'

/**
 * `planned` -> `clearing` (a demotion's leftovers) -> `copying` -> `indexing` -> `catching` -> the swap -> `cleaning`
 * (what was left behind). What is given up goes to `cancelling`.
 */
export type MovePhase = 'planned' | 'clearing' | 'copying' | 'indexing' | 'catching' | 'cleaning' | 'cancelling'

/** A row of `studio.table_moves`, with what its table says now. */
export interface Move {
  readonly project_id: string
  readonly table_id: string
  readonly target: Tier
  readonly phase: MovePhase
  readonly relation: string | null
  /** The relation's rows are led by their project; see `Storage`. */
  readonly distributed: boolean
  readonly version: string | null
  /** Every change with a number up to here is in the copy; null until the copy begins. */
  readonly since: string | null
  /** What `since` becomes once everything written up to now is copied. */
  readonly next: string | null
  readonly after: string | null
  readonly done: number
  readonly total: number
  readonly failures: number
  /** It has failed, and is tried again later. */
  readonly is_waiting: boolean
  readonly wish: 'auto' | Tier
  /** Somebody asked for an index, and only the dedicated tier has those. */
  readonly has_indexes: boolean
  /** In the bin. */
  readonly is_gone: boolean
}

export type MoveChange = Partial<
  Pick<Move, 'phase' | 'relation' | 'distributed' | 'version' | 'since' | 'next' | 'after' | 'done' | 'total'>
>

/** A table with more records than this gets its own relation. A scan of 5,000 documents takes about 5 ms. */
export const mostShared = 5000
