import type { DatabaseSchema, SchemaEdit } from './schema-edit'

/**
 * Which table and column of an older schema is which of a newer one, so that a rename is not taken for a loss and a gain.
 * What is not there was dropped.
 */
export interface SchemaNames {
  /** From the old name to the new one. */
  readonly tables: ReadonlyMap<string, string>
  /** From the old table's name to those of its columns. */
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, string>>
}

/** Where nothing is known of renames: what is called the same is the same. */
export function sameNames(from: DatabaseSchema, to: DatabaseSchema): SchemaNames {
  const tables = new Map<string, string>()
  const columns = new Map<string, ReadonlyMap<string, string>>()
  for (const table of from.tables) {
    const other = to.tables.find(({ name }) => name === table.name)
    if (!other) continue
    tables.set(table.name, table.name)
    const kept = table.columns.filter(({ name }) => other.columns.some((column) => column.name === name))
    columns.set(table.name, new Map(kept.map(({ name }) => [name, name])))
  }
  return { tables, columns }
}

/** By the edits that led from `from` to where the names are asked for. */
export function followNames(from: DatabaseSchema, edits: readonly SchemaEdit[]): SchemaNames {
  const tables = new Map(from.tables.map(({ name }) => [name, name]))
  const columns = new Map(
    from.tables.map((table) => [table.name, new Map(table.columns.map(({ name }) => [name, name]))] as const),
  )
  const oldNameOf = (name: string) => [...tables].find(([, now]) => now === name)?.[0]
  for (const edit of edits) {
    const old = edit.type === 'addTable' ? undefined : oldNameOf(edit.table)
    if (old === undefined) continue
    if (edit.type === 'renameTable') tables.set(old, edit.name)
    if (edit.type === 'dropTable') {
      tables.delete(old)
      columns.delete(old)
    }
    if (edit.type !== 'dropColumn' && edit.type !== 'renameColumn') continue
    const own = columns.get(old)
    const oldColumn = [...(own ?? [])].find(([, now]) => now === edit.column)?.[0]
    if (oldColumn === undefined) continue
    if (edit.type === 'dropColumn') own?.delete(oldColumn)
    else own?.set(oldColumn, edit.name)
  }
  return { tables, columns }
}

/** The way back. */
export function invertNames({ tables, columns }: SchemaNames): SchemaNames {
  return {
    tables: new Map([...tables].map(([old, now]) => [now, old])),
    columns: new Map(
      [...columns].flatMap(([old, own]) => {
        const now = tables.get(old)
        return now === undefined ? [] : [[now, new Map([...own].map(([before, after]) => [after, before]))] as const]
      }),
    ),
  }
}
