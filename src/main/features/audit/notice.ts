import { createHash } from 'node:crypto'
import type { DatabaseChange } from '@shared/contract/databases.contract'

/** The channel every committed change is told on, for all projects; readers keep to their own. */
export const changesChannel = 'studio_changes'

const kinds = ['records', 'tables', 'project'] as const
const nothing = '0'.repeat(32)

/**
 * Reads a notice as `studio.tell` writes it: the number of the transaction, what only the project's key (of
 * `studio.notice_key`) can make, and the table's id, hidden by the same. Null when it is of another project, or of
 * somebody who has no key: every login of the database may notify.
 */
export function readNotice(payload: string, key: string): DatabaseChange | null {
  const parts = /^(\d{1,20})\.([0-9a-f]{32})\.([0-9a-f]{32})$/.exec(payload)
  if (!parts) return null
  const [, moment, mark, hidden = ''] = parts
  for (const kind of kinds) {
    const digest = createHash('sha256').update(`${key} ${moment} ${kind}`).digest('hex')
    if (digest.slice(0, 32) !== mark) continue
    const subject = (BigInt(`0x${digest.slice(32)}`) ^ BigInt(`0x${hidden}`)).toString(16).padStart(32, '0')
    return { kind, tableId: subject === nothing ? null : asUuid(subject) }
  }
  return null
}

function asUuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
