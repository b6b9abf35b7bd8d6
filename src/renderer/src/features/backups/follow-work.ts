import type { TransferProgress } from '@shared/contract/transfers.contract'
import { type ShownProgress, stepOf } from '../transfers/transfer-progress'

type WorkEvent<R> = TransferProgress | { readonly kind: 'done'; readonly result: R }

/** Reads long work to its end, and tells how far it is. */
export async function followWork<R>(
  events: AsyncIterable<WorkEvent<R>>,
  tell: (progress: ShownProgress) => void,
): Promise<R> {
  for await (const event of events) {
    if (event.kind === 'done') return event.result
    tell({ step: stepOf(event), part: event.part, rows: event.rows, rate: event.rate })
  }
  throw new Error('The work ended without an answer. Look whether it was done.')
}
