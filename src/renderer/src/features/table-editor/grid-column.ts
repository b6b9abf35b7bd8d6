import { columnDefault, isTouchedOnWrite } from '@shared/domain/column-default'
import { type ColumnType, parseColumnType } from '@shared/domain/column-type'
import { isSecretColumn } from '@shared/domain/secret-column'
import { type ColumnSchema, hasUuidId, type TableSchema } from '@shared/domain/table-schema'

export interface GridColumn {
  /** The table it belongs to. */
  readonly table: string
  readonly name: string
  readonly type: ColumnType
  readonly schema: ColumnSchema
  /** Its values are never read through the studio. */
  readonly secret: boolean
  /** Why a cell of a saved record cannot be edited; null when it can. */
  readonly fixed: string | null
  readonly nullable: boolean
  /** What a new record gets when the cell is left alone, as shown; null when that is NULL. */
  readonly defaultText: string | null
  readonly alignRight: boolean
}

const unknownType: ColumnType = { base: 'text', array: false }
const numberTypes: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint', 'numeric', 'real', 'double'])

export function gridColumns(schema: TableSchema): readonly GridColumn[] {
  const identity = hasUuidId(schema)
  return schema.columns.map((column) => {
    const type = parseColumnType(column.type) ?? unknownType
    const secret = isSecretColumn(schema.name, column.name)
    return {
      table: schema.name,
      name: column.name,
      type,
      schema: column,
      secret,
      fixed: secret
        ? 'This value is hidden and cannot be edited here.'
        : identity && column.primary_key === true
          ? 'The id of a record never changes.'
          : isTouchedOnWrite(column)
            ? 'This time is set with every change of the record.'
            : null,
      nullable: column.required !== true && column.primary_key !== true,
      defaultText: columnDefault(column).kind === 'none' ? null : (column.default ?? null),
      alignRight: !type.array && numberTypes.has(type.base),
    }
  })
}

/** Whether a new record must be given a value here. */
export function mustBeGiven(column: GridColumn): boolean {
  return !column.nullable && column.defaultText === null
}

const firstWidths: { readonly [base: string]: number } = {
  boolean: 104,
  smallint: 96,
  integer: 104,
  bigint: 160,
  numeric: 150,
  real: 112,
  double: 128,
  date: 116,
  time: 132,
  timestamp: 208,
  timestamptz: 208,
  interval: 140,
  uuid: 168,
  jsonb: 260,
  bytea: 180,
  text: 220,
  varchar: 200,
}

export const narrowestColumn = 64
export const widestColumn = 800

/** The width of a column that nobody has resized: by type, and wide enough for its name. */
export function firstWidth(column: GridColumn): number {
  const byType = column.type.array ? 220 : (firstWidths[column.type.base] ?? 180)
  return Math.min(320, Math.max(byType, 56 + column.name.length * 8))
}
