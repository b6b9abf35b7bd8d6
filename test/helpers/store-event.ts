/** What happened to one step of `fixtures/store-process.ts`. */
export interface StoreEvent {
  readonly step: 'load' | 'add' | 'drop' | 'count' | 'move'
  /** A batch, a column's number, the counter's value, or 1 for dedicated and 0 for shared. */
  readonly value: number
  /** It began, it was acknowledged, its fate is unknown, or it was refused. */
  readonly state: 'begun' | 'done' | 'unsure' | 'refused'
  readonly reason?: string
}

/** Records of one batch. */
export const loadSize = 500
