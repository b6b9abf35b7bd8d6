import type { ColumnSchema } from '@shared/domain/table-schema'
import { isRecordId } from '../tables/column.sql'
import { keyRulesOf } from '../tables/key-rule'
import { referrersOf, type StoredTable } from '../tables/stored-table'
import { RestError } from './rest-error'
import type { SelectEmbed } from './select-grammar'

/** One table's column that holds the values of another's. */
export interface Link {
  readonly table: StoredTable
  readonly column: ColumnSchema
  readonly target: StoredTable
  readonly key: ColumnSchema
}

export type Relation =
  | { readonly kind: 'to'; readonly other: StoredTable; readonly isOne: true; readonly link: Link }
  | { readonly kind: 'from'; readonly other: StoredTable; readonly isOne: boolean; readonly link: Link }
  /** Records of `other` that a record of a table between them names together with this one. */
  | {
      readonly kind: 'through'
      readonly other: StoredTable
      readonly isOne: false
      readonly here: Link
      readonly there: Link
    }

/** The one relation that an embed means. PGRST200 when there is none, PGRST201 when there are several. */
export function relationOf(tables: readonly StoredTable[], table: StoredTable, embed: SelectEmbed): Relation {
  const { relation: name, hint } = embed
  const hinted = (relation: Relation) => hint === null || hintsOf(relation).includes(hint)
  const byColumn = directRelations(tables, table).filter(
    (one) => one.kind === 'to' && (one.link.column.name === name || constraintName(one.link) === name),
  )
  const [exact] = byColumn.filter(hinted)
  const named = (one: Relation) => one.other.schema.name === name
  if (exact && !tables.some(({ schema }) => schema.name === name)) return exact
  const direct = directRelations(tables, table)
    .filter((one) => named(one) || constraintsOf(one).includes(name))
    .filter(hinted)
  const [first, ...more] = direct
  if (first && more.length === 0) return first
  if (first) {
    // A table that refers to itself: those that point to the record. Where it points to is embedded by its column.
    const [second, third] = more
    const isSame = first.kind === 'to' && second?.kind === 'from' && second.link.column.name === first.link.column.name
    if (isSame && third === undefined) return second
    throw ambiguous(table, name, direct)
  }
  const through = throughRelations(tables, table).filter(named).filter(hinted)
  const keyed = through.filter(isKeyed)
  const chosen = keyed.length > 0 ? keyed : through
  const [only, ...others] = chosen
  if (only && others.length === 0) return only
  if (only) throw ambiguous(table, name, chosen)
  throw new RestError(
    400,
    'PGRST200',
    `Could not find a relationship between '${table.schema.name}' and '${name.slice(0, 200)}' in the schema cache`,
    {
      details: `Searched for a foreign key relationship between '${table.schema.name}' and '${name.slice(0, 200)}'${hint === null ? '' : ` using the hint '${hint.slice(0, 200)}'`} in the schema 'public', but no matches were found.`,
    },
  )
}

function directRelations(tables: readonly StoredTable[], table: StoredTable): readonly Relation[] {
  const to = linksOf(tables, table).map((link): Relation => ({ kind: 'to', other: link.target, isOne: true, link }))
  const from = referrersOf(tables, table.schema.name).flatMap(
    ({ table: other, column, target }): readonly Relation[] => {
      const key = table.schema.columns.find(({ name }) => name === target)
      if (!key) return []
      const link = { table: other, column, target: table, key }
      return [{ kind: 'from', other, isOne: isAlone(other, column), link }]
    },
  )
  return [...to, ...from]
}

function throughRelations(tables: readonly StoredTable[], table: StoredTable): readonly Relation[] {
  return tables.flatMap((between) => {
    const links = linksOf(tables, between)
    return links
      .filter(({ target }) => target.id === table.id)
      .flatMap((here) =>
        links
          .filter((there) => there.column.name !== here.column.name)
          .map((there): Relation => ({ kind: 'through', other: there.target, isOne: false, here, there })),
      )
  })
}

export function linksOf(tables: readonly StoredTable[], table: StoredTable): readonly Link[] {
  return table.schema.columns.flatMap((column) => {
    const target = tables.find(({ schema }) => schema.name === column.references?.table)
    const key = target?.schema.columns.find(({ name }) => name === column.references?.column)
    return target && key ? [{ table, column, target, key }] : []
  })
}

/** Whether at most one record has a value in it. */
export function isAlone(table: StoredTable, column: ColumnSchema): boolean {
  return (
    isRecordId(table, column) ||
    keyRulesOf(table).some(({ columns }) => columns.length === 1 && columns[0]?.name === column.name)
  )
}

/** A table whose two references are its key, or unique together, was made to stand between the two. */
function isKeyed(relation: Relation): boolean {
  if (relation.kind !== 'through') return false
  const names = [relation.here.column.name, relation.there.column.name]
  return keyRulesOf(relation.here.table).some(
    ({ columns }) => columns.length === 2 && columns.every(({ name }) => names.includes(name)),
  )
}

function hintsOf(relation: Relation): readonly string[] {
  if (relation.kind === 'through') return [relation.here.table.schema.name]
  return [relation.link.column.name, constraintName(relation.link)]
}

function constraintsOf(relation: Relation): readonly string[] {
  return relation.kind === 'through' ? [] : [constraintName(relation.link)]
}

/** As Postgres would name the foreign key. */
export function constraintName({ table, column }: Link): string {
  return `${table.schema.name}_${column.name}_fkey`
}

function ambiguous(table: StoredTable, name: string, relations: readonly Relation[]): RestError {
  const ways = relations.map((one) => `'${name}!${hintsOf(one).at(-1) ?? ''}'`).join(', ')
  return new RestError(
    300,
    'PGRST201',
    `Could not embed because more than one relationship was found for '${table.schema.name}' and '${name}'`,
    {
      details: relations.map((one) => ({
        cardinality: cardinalityOf(one),
        embedding: `${table.schema.name} with ${one.other.schema.name}`,
        relationship: relationshipOf(one),
      })),
      hint: `Try changing '${name}' to one of the following: ${ways}. Find the desired relationship in the 'details' key.`,
    },
  )
}

function cardinalityOf(relation: Relation): string {
  if (relation.kind === 'through') return 'many-to-many'
  if (relation.kind === 'to') return isAlone(relation.link.table, relation.link.column) ? 'one-to-one' : 'many-to-one'
  return relation.isOne ? 'one-to-one' : 'one-to-many'
}

function relationshipOf(relation: Relation): string {
  if (relation.kind === 'through') {
    const { here, there } = relation
    const between = here.table.schema.name
    return `${between} using ${constraintName(here)}(${here.column.name}) and ${constraintName(there)}(${there.column.name})`
  }
  const { table, column, target, key } = relation.link
  const [from, to] = [`${table.schema.name}(${column.name})`, `${target.schema.name}(${key.name})`]
  return `${constraintName(relation.link)} using ${relation.kind === 'to' ? `${from} and ${to}` : `${to} and ${from}`}`
}
