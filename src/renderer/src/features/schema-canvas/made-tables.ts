import type { SchemaEdit } from '@shared/domain/schema-edit'

/** What became of a table after it was made. */
export interface MadeTable {
  readonly table: string
  /** Columns that have other names now, by those they were made with; null where one is dropped. */
  readonly columns: ReadonlyMap<string, string | null>
}

/** The tables that these edits make and leave, by the names they were made with. */
export function madeTables(edits: readonly SchemaEdit[]): ReadonlyMap<string, MadeTable> {
  const made = new Map<string, MadeTable>()
  const originOf = (table: string) => [...made].find(([, now]) => now.table === table)?.[0]
  for (const edit of edits) {
    if (edit.type === 'addTable') {
      made.set(edit.table.name, { table: edit.table.name, columns: new Map() })
      continue
    }
    const origin = originOf(edit.table)
    const now = origin === undefined ? undefined : made.get(origin)
    if (origin === undefined || !now) continue
    if (edit.type === 'dropTable') made.delete(origin)
    else if (edit.type === 'renameTable') made.set(origin, { ...now, table: edit.name })
    else if (edit.type === 'renameColumn') made.set(origin, withColumn(now, edit.column, edit.name))
    else if (edit.type === 'dropColumn') made.set(origin, withColumn(now, edit.column, null))
  }
  return made
}

function withColumn({ table, columns }: MadeTable, column: string, name: string | null): MadeTable {
  const origin = [...columns].find(([, now]) => now === column)?.[0] ?? column
  return { table, columns: new Map([...columns, [origin, name]]) }
}
