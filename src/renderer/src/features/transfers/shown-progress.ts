import type { TransferProgress } from '@shared/contract/transfers.contract'

export interface ShownProgress {
  /** "Sending the file", "Reading records". */
  readonly step: string
  /** From 0 to 1; null where it is not known. */
  readonly part: number | null
  readonly rows: number
  readonly rate: number
}

export function stepOf({ phase, table }: TransferProgress): string {
  const of = table === null ? '' : ` of ${table}`
  switch (phase) {
    case 'waiting':
      return 'Waiting for another import'
    case 'connecting':
      return 'Connecting to the server'
    case 'reading':
      return `Reading records${of}`
    case 'checking':
      return `Looking at keys and references${of}`
    case 'writing':
      return `Writing records${of}`
    case 'settings':
      return 'Taking over keys, people and settings'
  }
}
