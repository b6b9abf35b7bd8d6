import { typeOf } from '@shared/domain/check-table'
import { isSecretColumn } from '@shared/domain/secret-column'
import type { ColumnSchema } from '@shared/domain/table-schema'
import { join, type SqlQuery, sql } from '../../db/sql'
import { isRecordId, keyText, ownRecords, recordsOf, storedValue } from '../tables/column.sql'
import { placeOf } from '../tables/layout'
import type { StoredTable } from '../tables/stored-table'
import type { Place } from './view.sql'
import { type Context, field, lines, nothing, ruleValue } from './write-row.sql'

/** Required, and what the canonical form cannot hold. */
export function valueChecks({ table }: Context): SqlQuery {
  return lines(
    table.schema.columns.map((column) => {
      const type = typeOf(column)
      const value = field('new', column)
      const secret = isSecretColumn(table.schema.name, column.name)
      const isRequired = (column.required === true || column.primary_key === true) && !isRecordId(table, column)
      const required = !isRequired
        ? nothing
        : sql`if ${value} is null ${secret ? sql`and tg_op = 'INSERT'` : nothing} then ${refuse(
            '23502',
            sql`${`Column "${column.name}" of table "${table.schema.name}" is required. Fill it in.`}`,
            table,
            column,
            'required',
          )} end if;`
      const bcrypt = !secret
        ? nothing
        : sql`if ${value} !~ '^\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{53}$' then ${refuse(
            '22023',
            sql`${`Column "${column.name}" of table "${table.schema.name}" takes bcrypt hashes. Sign people up through the studio or its API, which hash their passwords.`}`,
            table,
            column,
            'type',
          )} end if;`
      const isMoment = !type.array && ['date', 'timestamp', 'timestamptz'].includes(type.base)
      const years = !isMoment
        ? nothing
        : sql`if not (isfinite(${value}) and ${value} >= '0001-01-01' and ${value} < '10000-01-01') then ${refuse(
            '22008',
            sql`${`Column "${column.name}" of table "${table.schema.name}" takes the years 0001 to 9999.`}`,
            table,
            column,
            'type',
          )} end if;`
      return sql`${required} ${bcrypt} ${years}`
    }),
  )
}

/** Locks what the reference points to until the transaction ends, so that it cannot go meanwhile. */
export function referenceCheck(context: Context, column: ColumnSchema, onlyIf: SqlQuery): SqlQuery {
  const { place, tables } = context
  const { references } = column
  const target = tables.find(({ schema }) => schema.name === references?.table)
  const key = target?.schema.columns.find(({ name }) => name === references?.column)
  if (!target || !key) return nothing
  const value = field('new', column)
  const what = `"${target.schema.name}"."${key.name}"`
  return sql`if ${value} is not null ${onlyIf} then
      perform 1 from ${targetRow(place, target, key, value)} for key share;
      if not found then ${refuse(
        '23503',
        sql`${`Column "${column.name}" points to ${what}, where there is no `} || left(to_jsonb(${value})::text, 200) || '.'`,
        context.table,
        column,
        'reference',
        value,
      )} end if;
    end if;`
}

/** The row that stands for a value that others point to: FROM and WHERE. */
export function targetRow(place: Place, target: StoredTable, key: ColumnSchema, value: SqlQuery): SqlQuery {
  if (isRecordId(target, key) || target.storage.tier === 'dedicated')
    return sql`${recordsOf(target, 't', 'store')}
      where ${ownRecords(place.projectId, target, 't')} and ${storedValue(target, key, 't')} = ${value}`
  const rule = placeOf(target.layout, key.name).key
  return sql`studio.project_keys t where t.project_id = ${place.projectId} and t.table_id = ${target.id}
    and t.rule = ${rule} and t.value = ${ruleValue([keyText(typeOf(key), value)])}`
}

export function refuseTaken(table: StoredTable, columns: readonly ColumnSchema[]): SqlQuery {
  const shown = columns.map(
    (column, index) =>
      sql`${`${index === 0 ? '' : ' and '}"${column.name}" `} || left(to_jsonb(${field('new', column)})::text, 200)`,
  )
  const [first] = columns
  if (!first) return nothing
  const values = columns.map((column) => sql`to_jsonb(${field('new', column)})`)
  return refuse(
    '23505',
    sql`'There is already a record with ' || ${join(shown, ' || ')} || ${` in table "${table.schema.name}". Choose another value.`}`,
    table,
    first,
    'unique',
    columns.length === 1 ? field('new', first) : sql`jsonb_build_array(${join(values, ', ')})`,
    columns,
  )
}

export function refuseReferenced(
  { table }: Context,
  { other, column, key }: { readonly other: StoredTable; readonly column: ColumnSchema; readonly key: ColumnSchema },
): SqlQuery {
  return refuse(
    '23503',
    sql`${`Records of table "${other.schema.name}" point by "${column.name}" to this record of "${table.schema.name}", so its "${key.name}" cannot go. Change or delete those first.`}`,
    other,
    column,
    'reference',
    field('old', key),
  )
}

export function refuseRace(table: StoredTable): SqlQuery {
  return sql`perform studio.refuse('40001', ${`Someone else changed the same record of "${table.schema.name}" at the same moment. Run the statement again.`},
    ${JSON.stringify({ table: table.schema.name })}::jsonb);`
}

export function refuse(
  state: string,
  sentence: SqlQuery,
  table: StoredTable,
  column: ColumnSchema,
  constraint: 'required' | 'unique' | 'reference' | 'type',
  value?: SqlQuery,
  columns: readonly ColumnSchema[] = [column],
): SqlQuery {
  const facts = {
    table: table.schema.name,
    column: column.name,
    columns: columns.map(({ name }) => name),
    constraint,
  }
  const more = value ? sql` || jsonb_build_object('value', studio.shown_value(to_jsonb(${value})))` : nothing
  return sql`perform studio.refuse(${state}, ${sentence}, ${JSON.stringify(facts)}::jsonb${more});`
}
