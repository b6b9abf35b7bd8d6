import type { Principal } from '../../context'

/** Who did what, as it is written down and told. */
export interface Activity {
  readonly projectId: string
  readonly principal: Principal
  /** `table.create`, `records.update`, ... */
  readonly action: string
  /** One plain sentence about what happened: "Deleted 3 records of contacts." */
  readonly sentence: string
  /** The table it happened to. */
  readonly tableId?: string | null
  /** What readers have to ask for again. */
  readonly kind: 'records' | 'tables' | 'project'
}
