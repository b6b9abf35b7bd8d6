import { assertNever } from '@shared/assert-never'
import type { ColumnType } from '@shared/domain/column-type'
import { type PlannedColumn, planOf } from '../records/record-plan'
import type { StoredTable } from '../tables/stored-table'
import { constraintName, isAlone, linksOf } from './relations'

/** Types for `createClient<Database>(...)` of @supabase/supabase-js. */
export function typescriptOf(tables: readonly StoredTable[]): string {
  const written = tables.map((table) => tableText(tables, table)).join('\n')
  return `export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

/** bigint and numeric are strings, which lose no digit; timestamps are ISO 8601 in UTC. */
export type Database = {
  public: {
    Tables: {
${written}
    }
    Views: Record<never, never>
    Functions: Record<never, never>
    Enums: Record<never, never>
    CompositeTypes: Record<never, never>
  }
}
`
}

function tableText(tables: readonly StoredTable[], table: StoredTable): string {
  const columns = planOf(table).columns.filter(({ isSecret }) => !isSecret)
  const lines = (write: (column: PlannedColumn) => string) => columns.map((one) => `          ${write(one)}`).join('\n')
  const links = linksOf(tables, table).map(
    (link) => `
          {
            foreignKeyName: '${constraintName(link)}'
            columns: ['${link.column.name}']
            isOneToOne: ${isAlone(table, link.column)}
            referencedRelation: '${link.target.schema.name}'
            referencedColumns: ['${link.key.name}']
          },`,
  )
  return `      ${table.schema.name}: {
        Row: {
${lines(({ name, type, isRequired }) => `${name}: ${typeText(type)}${isRequired ? '' : ' | null'}`)}
        }
        Insert: {
${lines((column) => `${column.name}${isOptional(column) ? '?' : ''}: ${typeText(column.type)}${column.isRequired ? '' : ' | null'}`)}
        }
        Update: {
${lines(({ name, type, isRequired }) => `${name}?: ${typeText(type)}${isRequired ? '' : ' | null'}`)}
        }
        Relationships: [${links.join('')}${links.length > 0 ? '\n        ' : ''}]
      }`
}

function isOptional({ isRequired, fallback, isId }: PlannedColumn): boolean {
  return !isRequired || isId || fallback.kind !== 'none'
}

function typeText(type: ColumnType): string {
  if (type.array) return `${typeText({ ...type, array: false })}[]`
  switch (type.base) {
    case 'smallint':
    case 'integer':
    case 'real':
    case 'double':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'jsonb':
      return 'Json'
    case 'bigint':
    case 'numeric':
    case 'text':
    case 'varchar':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
    case 'interval':
    case 'uuid':
    case 'bytea':
      return 'string'
    default:
      return assertNever(type.base)
  }
}
