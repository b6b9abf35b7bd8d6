import { formatCount } from '@renderer/ui/figures'
import type { Table } from '@shared/contract/tables.contract'
import type { ImportTargetInput, Inspection, TablesMode } from '@shared/contract/transfers.contract'
import { labelColumn } from '@shared/domain/label-column'
import type { ColumnSchema } from '@shared/domain/table-schema'

export type ImportMode = 'append' | 'upsert' | 'replace'

/** What is to become of one column of the file. */
export interface ColumnDraft {
  readonly source: number
  readonly included: boolean
  /** Of a new table: its name and type. */
  readonly name: string
  readonly type: string
  /** Of a table that is there: the column that is filled; null for none. */
  readonly column: string | null
  /** The file holds labels of the referenced records: the column they are found by. */
  readonly label: string | null
}

export interface ImportDraft {
  /** Null: a new table. */
  readonly table: string | null
  readonly name: string
  readonly mode: ImportMode
  readonly key: readonly string[]
  readonly columns: readonly ColumnDraft[]
  /** Of a file with tables of its own. */
  readonly tablesMode: TablesMode
  readonly onReject: 'skip' | 'stop'
}

/** SQL, and JSON that is an object of lists. */
export function hasTables({ format, tables }: Inspection): boolean {
  return format === 'sql' || tables.length > 0
}

export function draftFor(
  inspection: Inspection,
  fileName: string,
  table: Table | null,
  tables: readonly Table[],
): ImportDraft {
  const key = table?.schema_json.columns.filter(({ primary_key }) => primary_key === true).map(({ name }) => name) ?? []
  return {
    table: table?.table_name ?? null,
    name: nameOf(fileName),
    mode: 'append',
    key,
    columns: inspection.columns.map(({ name, source, type }, at) => {
      const column = table === null ? null : matching(table, source, name)
      return {
        source: at,
        included: table === null || column !== null,
        name: name === 'id' ? 'id' : name,
        type,
        column,
        label: null,
      }
    }),
    tablesMode: inspection.tables.some(({ name }) => isThere(name, tables)) ? 'upsert' : 'new',
    onReject: 'skip',
  }
}

/** Every project has people, mostly none yet: their table says nothing. */
function isThere(name: string, tables: readonly Table[]): boolean {
  return name !== 'users' && tables.some(({ table_name }) => table_name === name)
}

function matching(table: Table, source: string, name: string): string | null {
  const names = table.schema_json.columns.map((column) => column.name)
  return [source.trim(), source.trim().toLowerCase(), name].find((one) => names.includes(one)) ?? null
}

/** A column of the new table that can be its key: called id, each value there once and none missing. */
export function keyColumn({ columns }: ImportDraft, inspection: Inspection): string | null {
  const found = columns.find(({ included, name, source }) => {
    const seen = inspection.columns[source]
    return included && name === 'id' && seen?.unique === true && seen.empty === 0
  })
  return found && ['uuid', 'integer', 'bigint', 'text'].includes(found.type) ? found.name : null
}

export function targetOf(draft: ImportDraft, inspection: Inspection): ImportTargetInput {
  if (inspection.format === 'sql') return { kind: 'database' }
  if (hasTables(inspection)) return { kind: 'database', mode: draft.tablesMode }
  const included = draft.columns.filter(({ included: on }) => on)
  if (draft.table === null) {
    const key = keyColumn(draft, inspection)
    const nameOfColumn = (name: string) => (name === 'id' && key === null ? 'id_1' : name)
    return {
      kind: 'new',
      schema: {
        name: draft.name,
        columns: included.map(({ name, type }) => ({
          name: nameOfColumn(name),
          type,
          ...(name === key ? { primary_key: true } : {}),
        })),
        ...(key === null ? { timestamps: false } : {}),
      },
      columns: included.map(({ source, name }) => ({ source, column: nameOfColumn(name) })),
    }
  }
  return {
    kind: 'table',
    table: draft.table,
    mode: draft.mode,
    key: draft.mode === 'upsert' ? [...draft.key] : [],
    columns: included.flatMap(({ source, column, label }) =>
      column === null ? [] : [{ source, column, ...(label === null ? {} : { label }) }],
    ),
  }
}

/** Why it cannot be imported like this; null when it can. */
export function draftProblem(draft: ImportDraft, tables: readonly Table[], inspection: Inspection): string | null {
  if (hasTables(inspection)) return inspection.tables.length === 0 ? 'The file makes no tables.' : null
  const included = draft.columns.filter((column) => column.included && (draft.table === null || column.column !== null))
  if (included.length === 0) return 'Choose at least one column.'
  if (included.length > mostColumns)
    return `A table has at most ${formatCount(mostColumns)} columns, and ${formatCount(included.length)} are chosen. Leave some out.`
  if (draft.table === null) {
    if (!/^[a-z][a-z0-9_]{0,62}$/.test(draft.name)) return 'Name the table in small letters, digits and underscores.'
    if (tables.some(({ table_name }) => table_name === draft.name))
      return `There is a table “${draft.name}” already. Choose another name, or import into it.`
    const names = included.map(({ name }) => name)
    const twice = names.find((name, at) => names.indexOf(name) !== at)
    if (twice !== undefined) return `Two columns are called “${twice}”.`
    const wrong = names.find((name) => !/^[a-z][a-z0-9_]{0,62}$/.test(name))
    return wrong === undefined ? null : `“${wrong}” is no name of a column. Use small letters, digits and underscores.`
  }
  const names = included.map(({ column }) => column)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) return `Two columns of the file fill “${twice}”.`
  const missing = draft.mode === 'upsert' ? draft.key.find((name) => !names.includes(name)) : undefined
  if (draft.mode === 'upsert' && draft.key.length === 0) return 'Choose the columns that tell records apart.'
  return missing === undefined ? null : `The key “${missing}” is filled by no column of the file.`
}

const mostColumns = 1600

/** Columns of the referenced table that records are found by. */
export function labelsOf(column: ColumnSchema | undefined, tables: readonly Table[]): readonly string[] {
  const target = tables.find(({ table_name }) => table_name === column?.references?.table)
  if (!target || !column?.references) return []
  const label = labelColumn(target.schema_json)
  const texts = target.schema_json.columns.filter(
    ({ type, name }) => /^(text|varchar)/.test(type) && name !== 'password_hash',
  )
  return [...new Set([...(label ? [label.name] : []), ...texts.map(({ name }) => name)])].filter(
    (name) => name !== column.references?.column,
  )
}

function nameOf(fileName: string): string {
  const plain = fileName
    .replace(/\.[^.]*$/, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60)
  return /^[a-z]/.test(plain) ? plain : plain === '' ? 'imported' : `t_${plain}`
}
