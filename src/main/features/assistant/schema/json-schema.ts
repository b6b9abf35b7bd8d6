import { columnLimit } from '@shared/domain/check-table'
import { baseTypes } from '@shared/domain/column-type'
import { namePattern, type TableSchema } from '@shared/domain/table-schema'
import { Ajv, type ValidateFunction } from 'ajv'

const comment = { type: 'string', minLength: 1, maxLength: 2000 }
const name = { type: 'string', pattern: namePattern.source }

/** The planning document's schema of a table, with all our types, sets of unique columns and what a delete does. */
export const tableJsonSchema = {
  type: 'object',
  required: ['name', 'columns'],
  additionalProperties: false,
  properties: {
    name,
    columns: {
      type: 'array',
      minItems: 1,
      maxItems: columnLimit,
      items: {
        type: 'object',
        required: ['name', 'type'],
        additionalProperties: false,
        properties: {
          name,
          type: { type: 'string', pattern: `^(${baseTypes.join('|')})(\\(\\d{1,5}(,\\d{1,4})?\\))?(\\[\\])?$` },
          primary_key: { type: 'boolean' },
          unique: { type: 'boolean' },
          required: { type: 'boolean' },
          default: { type: 'string', maxLength: 10_000 },
          comment,
          references: {
            type: 'object',
            required: ['table', 'column'],
            additionalProperties: false,
            properties: { table: name, column: name, on_delete: { enum: ['cascade', 'restrict', 'set_null'] } },
          },
        },
      },
    },
    comment,
    unique: { type: 'array', maxItems: 100, items: { type: 'array', minItems: 2, maxItems: 32, items: name } },
  },
} as const

let validate: ValidateFunction | undefined

/** What the table breaks of the schema, each with the place; empty when it is a table. */
export function schemaViolations(table: TableSchema): readonly string[] {
  validate ??= new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(tableJsonSchema)
  const value: unknown = table
  if (validate(value)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => {
    const [, , index] = instancePath.split('/')
    const column = table.columns[Number(index)]?.name
    const place = column === undefined ? `Table "${table.name}"` : `Column "${column}" of table "${table.name}"`
    return `${place}: ${instancePath || '/'} ${message ?? 'is not as it must be'}.`
  })
}
