import type { TableSchemaInput } from '@shared/domain/table-schema'
import type { Principal } from '../../context'
import type { DatabaseRow } from '../../db/database'
import type { RowSource } from './formats/row'
import type { ColumnMapping } from './import-columns'
import type { Watch } from './read-rows'
import type { RejectLog } from './rejects'

export type ImportTarget =
  | { readonly kind: 'new'; readonly schema: TableSchemaInput; readonly columns: readonly ColumnMapping[] }
  | {
      readonly kind: 'table'
      readonly table: string
      readonly mode: 'append' | 'upsert' | 'replace'
      /** Of an upsert: the columns that tell records apart. */
      readonly key: readonly string[]
      readonly columns: readonly ColumnMapping[]
    }

export interface RowsImport {
  readonly source: RowSource
  readonly target: ImportTarget
  /** `stop`: nothing is imported when one row is wrong. `skip`: the others are. */
  readonly onReject: 'stop' | 'skip'
  readonly rejects: RejectLog
  /** Whether so much comes that the table gets a place of its own from the beginning. */
  readonly isLarge: boolean
  readonly signal: AbortSignal | undefined
  readonly report: (progress: ImportProgress) => void
}

export interface ImportProgress {
  readonly phase: 'reading' | 'checking' | 'writing'
  readonly rows: number
}

export interface RowsImported {
  readonly table: string
  readonly tableId: string
  readonly created: boolean
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
  /** What `changes.undo` takes back; null when nothing was written. */
  readonly operation: string | null
}

/** A statement may go on for as long as its file does; who has had enough cancels. */
export const importTimeout = 24 * 60 * 60 * 1000

/** Rejects of an import that stops at them: enough to see what is wrong. */
const enoughToStop = 1000

/** All or nothing of one transaction, and with `stop` nothing when a row is rejected: see `rejects` for why. */
export class ImportRefused extends Error {}

export interface Into {
  readonly database: DatabaseRow
  readonly principal: Principal
}

export function watchOf({ signal, report, onReject }: RowsImport): Watch {
  return {
    signal,
    report: (rows: number) => report({ phase: 'reading', rows }),
    enough: onReject === 'stop' ? enoughToStop : Number.POSITIVE_INFINITY,
  }
}

export function refuseRejected({ onReject, rejects }: RowsImport): void {
  if (onReject === 'stop' && rejects.count > 0) throw new ImportRefused()
}

export function importedSentence(
  table: string,
  { inserted, updated, deleted }: { readonly inserted: number; readonly updated: number; readonly deleted: number },
): string {
  const parts = [
    [inserted, 'created'],
    [updated, 'changed'],
    [deleted, 'replaced'],
  ] as const
  const done = parts.flatMap(([count, word]) => (count === 0 ? [] : [`${count.toLocaleString('en')} ${word}`]))
  return `Imported a file into ${table}: ${done.join(', ')}.`
}
