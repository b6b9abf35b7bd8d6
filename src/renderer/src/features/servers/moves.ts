import { Works } from '@renderer/features/transfers/works'
import type { MovedProject } from '@shared/contract/servers.contract'

/** What came to another server, which is null for the built-in one. */
export interface Move {
  readonly moved: MovedProject
  readonly to: string | null
}

/** Of projects, by their ids. */
export const moves = new Works<Move>()
