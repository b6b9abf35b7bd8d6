import { assertNever } from '@shared/assert-never'
import type { ColumnType } from '@shared/domain/column-type'

/** What a value of the type looks like in JSON, here and in every other answer of the studio. */
export function columnJsonSchema(type: ColumnType): object {
  if (type.array) return { type: 'array', items: columnJsonSchema({ ...type, array: false }) }
  switch (type.base) {
    case 'smallint':
    case 'integer':
      return { type: 'integer' }
    case 'real':
    case 'double':
      return { type: 'number' }
    case 'boolean':
      return { type: 'boolean' }
    case 'bigint':
    case 'numeric':
      return { type: 'string', format: type.base }
    case 'uuid':
      return { type: 'string', format: 'uuid' }
    case 'date':
      return { type: 'string', format: 'date' }
    case 'timestamptz':
      return { type: 'string', format: 'date-time' }
    case 'timestamp':
    case 'time':
    case 'interval':
    case 'bytea':
    case 'text':
      return { type: 'string' }
    case 'varchar':
      return type.length === undefined ? { type: 'string' } : { type: 'string', maxLength: type.length }
    case 'jsonb':
      return {}
    default:
      return assertNever(type.base)
  }
}
