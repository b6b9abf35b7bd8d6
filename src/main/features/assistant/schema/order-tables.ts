import type { SchemaEdit } from '@shared/domain/schema-edit'
import type { ColumnReference, TableSchema } from '@shared/domain/table-schema'

/**
 * Edits that add the tables, each after those it references. Where they reference each other in a circle, the reference
 * that closes it is set at the end; a required one would let no first record in, so it is no longer required.
 */
export function addInOrder(tables: readonly TableSchema[]): {
  readonly edits: readonly SchemaEdit[]
  readonly circles: readonly string[]
} {
  const waiting = new Map(tables.map((table) => [table.name, table]))
  const edits: SchemaEdit[] = []
  const closing: SchemaEdit[] = []
  const circles: string[] = []
  const isWaiting = (table: TableSchema, { table: target }: ColumnReference) =>
    target !== table.name && waiting.has(target)
  while (waiting.size > 0) {
    const all = [...waiting.values()]
    const next = all.find((table) =>
      table.columns.every(({ references }) => !references || !isWaiting(table, references)),
    )
    const table = next ?? fewest(all, isWaiting)
    if (table === undefined) break
    waiting.delete(table.name)
    const columns = table.columns.map((column) => {
      const { references, required, ...rest } = column
      if (!references || !isWaiting(table, references)) return column
      circles.push(`${table.name}.${column.name}`)
      closing.push({ type: 'setReference', table: table.name, column: column.name, references })
      return rest
    })
    edits.push({ type: 'addTable', table: { ...table, columns } })
  }
  return { edits: [...edits, ...closing], circles }
}

function fewest(
  tables: readonly TableSchema[],
  isWaiting: (table: TableSchema, reference: ColumnReference) => boolean,
): TableSchema | undefined {
  const open = (table: TableSchema) =>
    table.columns.filter(({ references }) => references && isWaiting(table, references)).length
  return [...tables].sort((left, right) => open(left) - open(right))[0]
}
