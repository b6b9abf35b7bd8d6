import type { JsonObject } from '@shared/json'
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
  /** What the change log knows it by. */
  readonly operation?: string
  /** Of an undo: the first operation of those that take each other back. */
  readonly chain?: string
  /** For programs; nobody is shown it. */
  readonly details?: JsonObject
}

/** The owner of an embedded server signs nothing with an address. */
const localOwnerName = 'Studio owner'

/** Who did it, as the audit and the change log name them. */
export function actorOf({ account, sessionId, actor }: Principal): { readonly id: string; readonly name: string } {
  return actor ?? { id: account.id, name: sessionId === null ? localOwnerName : account.email }
}
