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

/** The table's statement of this name, made when it is first asked for. */
export function statementOf(table: StoredTable, name: string, make: () => SqlQuery): SqlQuery {
  const known = statements.get(table) ?? new Map<string, SqlQuery>()
  statements.set(table, known)
  const statement = known.get(name) ?? named(table, make())
  if (known.size < mostStatements) known.set(name, statement)
  return statement
}

/** A text of the shared tier serves all tables that look the same; what it gives has the same types for good. */
function named(table: StoredTable, { text, values }: SqlQuery): SqlQuery {
  const state = table.storage.tier === 'shared' ? '' : table.updated_at
  return { text, values, name: statementName(text, state) }
}

const statements = new WeakMap<StoredTable, Map<string, SqlQuery>>()
/** Updates differ by the columns they write; whoever writes every mixture of twenty columns must not fill the memory. */
const mostStatements = 100
