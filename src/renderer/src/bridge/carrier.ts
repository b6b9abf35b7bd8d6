import type { ClientContext, ClientLink } from '@orpc/client'
import type { Connection } from './connection'

/** What brings calls to the host and answers back. */
export interface Carrier {
  readonly link: ClientLink<ClientContext>
  readonly connection: Connection
  readonly close: () => void
}
