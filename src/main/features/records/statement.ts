import { statementName } from '../../db/prepared-statements'
import type { SqlQuery } from '../../db/sql'
import type { StoredTable } from '../tables/stored-table'

/**
 * Statements whose text is made once for a table and then only given other values: to put the text of an insert into a
 * table of ten columns together costs as much as to plan it.
 */
export class Slot {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

export function slot(name: string): Slot {
  return new Slot(name)
}

/** The statement with a value in the place of each slot. */
export function bound(statement: SqlQuery, values: Readonly<Record<string, unknown>>): SqlQuery {
  return {
    ...(statement.name === undefined ? {} : { name: statement.name }),
    text: statement.text,
    values: statement.values.map((value) => {
      if (!(value instanceof Slot)) return value
      if (!Object.hasOwn(values, value.name)) throw new Error(`No value for ${value.name}`)
      return values[value.name]
    }),
  }
}

/** The table's statement of this name, made when it is first asked for. It knows of no other table. */
export function statementOf(table: StoredTable, name: string, make: () => SqlQuery): SqlQuery {
  return kept(table, mostStatements, name, () => named(table, make()))
}

/** One that also depends on other tables: `all` is another object when any of them changes, and the table itself may not be. */
export function statementAmong(
  all: readonly StoredTable[],
  table: StoredTable,
  name: string,
  make: () => SqlQuery,
): SqlQuery {
  return kept(all, mostAmong, `${table.id} ${name}`, () => named(table, make()))
}

function kept(owner: object, most: number, name: string, make: () => SqlQuery): SqlQuery {
  const known = statements.get(owner) ?? new Map<string, SqlQuery>()
  statements.set(owner, known)
  const statement = known.get(name) ?? make()
  if (known.size < most) known.set(name, statement)
  return statement
}

/** A text of the shared tier serves all tables that look the same; what it gives has the same types for good. */
function named(table: StoredTable, { text, values }: SqlQuery): SqlQuery {
  const state = table.storage.tier === 'shared' ? '' : table.updated_at
  return { text, values, name: statementName(text, state) }
}

const statements = new WeakMap<object, Map<string, SqlQuery>>()
/** Updates differ by the columns they write; whoever writes every mixture of twenty columns must not fill the memory. */
const mostStatements = 100
const mostAmong = 1000
