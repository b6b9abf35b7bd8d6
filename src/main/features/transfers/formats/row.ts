import type { JsonValue } from '@shared/json'

/** One record of a file: its values in the order of the file's columns, or why it could not be read. */
export type SourceRow =
  | { readonly line: number; readonly values: readonly JsonValue[] }
  | { readonly line: number; readonly problem: string }

/** A file that is read from its beginning to its end, some rows at a time. */
export interface RowSource {
  /** What the file calls its columns. */
  readonly columns: readonly string[]
  /** Whether values are text that the column's type is to be read from; otherwise they are JSON. */
  readonly isText: boolean
  /** How far it was read; `total` is null where that cannot be said. */
  readonly read: { bytes: number; readonly total: number | null }
  rows(signal?: AbortSignal): AsyncIterable<readonly SourceRow[]>
}

export interface SourceFile {
  readonly path: string
  readonly bytes: number
}
