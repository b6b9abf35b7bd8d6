import type { DumpManifest } from './dump-manifest'
import type { DumpIndex, DumpTable } from './dump-schema'
import type { RowSource } from './formats/row'

/** Rows of one table that name the same columns. */
export interface DumpRows {
  /** What the table is called here. */
  readonly table: string
  /** The file's columns. */
  readonly columns: readonly string[]
  readonly count: number
  readonly bytes: number
  open(): RowSource
}

/** A file with tables of its own that was read once: the tables, and their rows on the disk, apart for each table. */
export interface ReadDump {
  readonly tables: readonly DumpTable[]
  /** Those that are no rules. */
  readonly indexes: readonly DumpIndex[]
  readonly notes: readonly string[]
  /** What the studio's own export says of itself, where nothing was changed since. */
  readonly manifest: DumpManifest | null
  readonly rows: readonly DumpRows[]
  /** Its types and keys are those that its values seem to have. */
  readonly isGuessed?: boolean
  /** Lines that could not be read. */
  readonly problems: readonly { readonly line: number; readonly reason: string }[]
  close(): Promise<void>
}
