import { addTableEdit } from '@shared/domain/add-table-edit'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import { settleEdits } from '@shared/domain/settle-edits'
import type { TableSchema } from '@shared/domain/table-schema'
import { freeTable } from './relation-rules'

/** Edits that add tables from elsewhere under free names; `cut` is how many references led to nothing that is here. */
export function pasteEdits(
  here: readonly TableSchema[],
  tables: readonly TableSchema[],
): { readonly edits: readonly SchemaEdit[]; readonly cut: number } {
  const names = freeNames(here, tables)
  let cut = 0
  const added = tables.map((table): SchemaEdit => {
    const columns = table.columns.map((column) => {
      const { references: to, ...rest } = column
      if (!to) return column
      const own = names.get(to.table)
      if (own) return { ...column, references: { ...to, table: own } }
      const target = here.find((other) => other.name === to.table)
      if (target?.columns.some(({ name }) => name === to.column)) return column
      cut += 1
      return rest
    })
    return addTableEdit({ ...table, name: names.get(table.name) ?? table.name, columns })
  })
  // Tables of a clipboard may refer to each other in any order.
  return { edits: settleEdits({ tables: here }, added), cut }
}

/** What each table is called where some names are taken. */
export function freeNames(here: readonly TableSchema[], tables: readonly TableSchema[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const taken: TableSchema[] = [...here]
  for (const { name } of tables) {
    const free = freeTable({ tables: taken }, name)
    names.set(name, free)
    taken.push({ name: free, columns: [] })
  }
  return names
}
