import { invalid } from './check-table'
import { type ColumnSchema, primaryKeyOf, type TableSchema, type TableSchemaInput } from './table-schema'

/**
 * The table that people mean: without a declared key it gets `id uuid`, and the two times; with one it keeps exactly
 * its columns. The two switches are spent here.
 */
export function normaliseTable(input: TableSchemaInput): TableSchema {
  const { timestamps = true, primary_key: wantsKey = true } = input
  const columns = input.columns.map(plainColumn)
  const sets = (input.unique ?? []).map((names) => [...names])
  const more = {
    ...(sets.length === 0 ? {} : { unique: sets }),
    ...(input.comment === undefined ? {} : { comment: input.comment }),
  }
  const declared = primaryKeyOf({ name: input.name, columns })
  if (declared.length > 0) {
    if (!wantsKey)
      throw invalid(
        `Table "${input.name}" says "primary_key": false and marks "${declared[0]?.name}" as its key. Drop one of the two.`,
        input,
        declared[0],
      )
    return { name: input.name, columns, ...more }
  }
  const own = columns.find(({ name }) => name === 'id')
  if (wantsKey && own)
    throw invalid(
      `Table "${input.name}" has a column "id" that is not its key. Mark it with "primary_key": true, or send "primary_key": false for the table.`,
      input,
      own,
    )
  const has = (name: string): boolean => columns.some((column) => column.name === name)
  const times = timestamps ? ['created_at', 'updated_at'].filter((name) => !has(name)) : []
  return {
    name: input.name,
    columns: [
      ...(wantsKey ? [{ name: 'id', type: 'uuid', primary_key: true, default: 'gen_random_uuid()' }] : []),
      ...columns,
      ...times.map((name) => ({ name, type: 'timestamptz', default: 'now()' })),
    ],
    ...more,
  }
}

/** Without members that are undefined, so that equal tables are equal JSON. The type gets its one spelling. */
function plainColumn(column: ColumnSchema): ColumnSchema {
  const type = column.type.replace(/\s+/g, '')
  const given = Object.entries(column).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(given), name: column.name, type }
}
