import { checkTable } from '@shared/domain/check-table'
import { columnDefault } from '@shared/domain/column-default'
import { formatColumnType, parseColumnType } from '@shared/domain/column-type'
import type { ColumnReference, ColumnSchema, TableSchema } from '@shared/domain/table-schema'
import type { ParsedStatement } from '../sql/syntax'
import { as, type Node, nodes, text } from '../sql/syntax'
import { columnNames } from './infer-columns'

/** A table of a SQL file, and what it is called here. */
export interface DumpTable {
  /** As the file writes it: schema and table. */
  readonly source: string
  readonly schema: TableSchema
  /** Of the file's columns to those of the table. */
  readonly columns: ReadonlyMap<string, string>
}

interface DraftColumn {
  readonly source: string
  type: string
  primary_key: boolean
  unique: boolean
  required: boolean
  default: string | undefined
  references: { table: string; column: string | null; onDelete: ColumnReference['on_delete'] } | undefined
}

interface DraftTable {
  readonly source: string
  readonly columns: DraftColumn[]
  key: readonly string[]
  readonly unique: (readonly string[])[]
}

export interface DumpSchema {
  /** Takes what a statement says about tables; false when it says nothing about them. */
  add(statement: ParsedStatement, source: string): boolean
  /** What the tables are here, once all statements were seen. */
  finish(): { readonly tables: readonly DumpTable[]; readonly notes: readonly string[] }
  /** The table that a name means: one of the search path when it says no schema. */
  find(name: readonly string[]): string | null
  /** The SQL type of a column, for expressions; text where it is not known. */
  typeOf(table: string, column: string): string
  columnsOf(table: string): readonly string[]
}

/** Reads the statements of a dump as tables: what a logical database has no word for is noted, a sentence each. */
export function createDumpSchema(): DumpSchema {
  const tables = new Map<string, DraftTable>()
  const enums = new Set<string>()
  const notes = new Map<string, number>()
  const note = (sentence: string) => void notes.set(sentence, (notes.get(sentence) ?? 0) + 1)

  function find(name: readonly string[]): string | null {
    const whole = name.slice(-2).join('.')
    if (tables.has(whole)) return whole
    const [last = ''] = name.slice(-1)
    if (name.length > 1) return null
    if (tables.has(`public.${last}`)) return `public.${last}`
    return [...tables.keys()].find((key) => key.endsWith(`.${last}`)) ?? null
  }

  function createTable(body: Node): void {
    const relation = isRelation(body.relation)
    if (relation === null) return
    const source = `${relation.schema}.${relation.name}`
    if (tables.has(source)) return
    const table: DraftTable = { source, columns: [], key: [], unique: [] }
    tables.set(source, table)
    for (const element of nodes(body.tableElts)) {
      const column = as('ColumnDef', element)
      const constraint = as('Constraint', element)
      if (column) table.columns.push(readColumn(table, column))
      else if (constraint) addConstraint(table, constraint)
    }
    if (nodes(body.inhRelations).length > 0)
      note(`Table ${source} inherits from another; it is imported as one of its own.`)
  }

  function readColumn(table: DraftTable, body: Node): DraftColumn {
    const type = readType(body.typeName, `${table.source}.${text(body.colname)}`)
    const column: DraftColumn = {
      source: text(body.colname),
      type: type.type,
      primary_key: false,
      unique: false,
      required: body.is_not_null === true,
      default: undefined,
      references: undefined,
    }
    if (type.isSerial) {
      column.required = true
      noteSequence(`${table.source}.${column.source}`)
    }
    for (const one of nodes(body.constraints)) {
      const constraint = as('Constraint', one)
      if (constraint) addColumnConstraint(table, column, constraint)
    }
    return column
  }

  function addColumnConstraint(table: DraftTable, column: DraftColumn, body: Node): void {
    switch (body.contype) {
      case 'CONSTR_NOTNULL':
        column.required = true
        return
      case 'CONSTR_DEFAULT':
        setDefault(table, column, body.raw_expr)
        return
      case 'CONSTR_PRIMARY':
        table.key = [column.source]
        return
      case 'CONSTR_UNIQUE':
        column.unique = true
        return
      case 'CONSTR_FOREIGN':
        setReference(table, [column.source], body)
        return
      case 'CONSTR_IDENTITY':
        column.required = true
        noteSequence(`${table.source}.${column.source}`)
        return
      case 'CONSTR_GENERATED':
        note('Generated columns are imported as plain columns with the values they have.')
        return
      case 'CONSTR_CHECK':
        note('CHECK rules are not taken over: a logical database has none.')
        return
      default:
        return
    }
  }

  function addConstraint(table: DraftTable, body: Node): void {
    const keys = nodes(body.keys).map((key) => text(as('String', key)?.sval))
    if (body.contype === 'CONSTR_PRIMARY') table.key = keys
    else if (body.contype === 'CONSTR_UNIQUE') {
      const [only] = keys
      const column = keys.length === 1 ? table.columns.find(({ source }) => source === only) : undefined
      if (column) column.unique = true
      else table.unique.push(keys)
    } else if (body.contype === 'CONSTR_FOREIGN') {
      setReference(
        table,
        nodes(body.fk_attrs).map((key) => text(as('String', key)?.sval)),
        body,
      )
    } else if (body.contype === 'CONSTR_CHECK') note('CHECK rules are not taken over: a logical database has none.')
    else if (body.contype === 'CONSTR_EXCLUSION') note('EXCLUDE rules are not taken over: a logical database has none.')
  }

  function setReference(table: DraftTable, columns: readonly string[], body: Node): void {
    const target = isRelation(body.pktable)
    const [name] = columns
    const column = table.columns.find(({ source }) => source === name)
    const keys = nodes(body.pk_attrs).map((key) => text(as('String', key)?.sval))
    if (columns.length > 1 || !target || !column) {
      note(
        `The reference of ${table.source} by ${columns.join(' and ')} together is not taken over: references are of one column.`,
      )
      return
    }
    const onDelete = { c: 'cascade', n: 'set_null', r: 'restrict', a: 'restrict' }[text(body.fk_del_action) || 'a']
    column.references = {
      table: target.isNamed
        ? `${target.schema}.${target.name}`
        : (find([target.name]) ?? `${target.schema}.${target.name}`),
      column: keys[0] ?? null,
      onDelete: onDelete === 'cascade' || onDelete === 'set_null' ? onDelete : undefined,
    }
  }

  function setDefault(table: DraftTable, column: DraftColumn, expression: unknown): void {
    const value = defaultOf(expression)
    if (value === 'sequence') noteSequence(`${table.source}.${column.source}`)
    else if (value === null) note(`The default of ${table.source}.${column.source} is computed, and is not taken over.`)
    else column.default = value
  }

  function noteSequence(column: string): void {
    note(`New records of ${column} are not numbered by themselves: bring a number, or let the table have a uuid.`)
  }

  function alterTable(body: Node): void {
    const relation = isRelation(body.relation)
    const key = relation && find(relation.isNamed ? [relation.schema, relation.name] : [relation.name])
    const table = key === null ? undefined : tables.get(key)
    if (!table) return
    for (const one of nodes(body.cmds)) {
      const command = as('AlterTableCmd', one)
      if (!command) continue
      const column = table.columns.find(({ source }) => source === text(command.name))
      const constraint = isWrapped('Constraint', command.def)
      switch (command.subtype) {
        case 'AT_AddConstraint':
          if (constraint) addConstraint(table, constraint)
          break
        case 'AT_AddColumn': {
          const added = isWrapped('ColumnDef', command.def)
          if (added) table.columns.push(readColumn(table, added))
          break
        }
        case 'AT_ColumnDefault':
          if (column && command.def !== undefined) setDefault(table, column, command.def)
          break
        case 'AT_SetNotNull':
          if (column) column.required = true
          break
        case 'AT_AddIdentity':
          if (column) noteSequence(`${table.source}.${column.source}`)
          break
        default:
      }
    }
  }

  function readType(node: unknown, at: string): { readonly type: string; readonly isSerial: boolean } {
    const body = (isNodeLike(node) && (as('TypeName', node) ?? node)) || {}
    const words = nodes(body.names).map((one) => text(as('String', one)?.sval))
    const word = words.at(-1) ?? 'text'
    const sizes = nodes(body.typmods).map((one) => {
      const constant = as('A_Const', one)
      const number = constant && isNodeLike(constant.ival) ? constant.ival.ival : undefined
      return typeof number === 'number' ? number : 0
    })
    const dimensions = Array.isArray(body.arrayBounds) ? body.arrayBounds.length : 0
    const serial = serials[word]
    if (serial !== undefined) return { type: serial, isSerial: true }
    const base = typeWords[word]
    if (base === undefined) {
      if (enums.has(word))
        note(`Values of type ${word} are imported as text: a logical database has no types of its own.`)
      else note(`Column ${at} has the type ${words.join('.')}, and is imported as text.`)
      return { type: dimensions > 0 ? 'text[]' : 'text', isSerial: false }
    }
    if (dimensions > 1) {
      note(`Column ${at} is an array of arrays, and is imported as text.`)
      return { type: 'text', isSerial: false }
    }
    const [first, second] = sizes
    const size =
      base === 'varchar' && first !== undefined
        ? `(${first})`
        : base === 'numeric' && first !== undefined
          ? `(${first},${second ?? 0})`
          : ''
    const parsed = parseColumnType(`${base}${size}${dimensions === 1 ? '[]' : ''}`)
    return { type: parsed ? formatColumnType(parsed) : 'text', isSerial: false }
  }

  return {
    find,
    typeOf: (table, column) => tables.get(table)?.columns.find(({ source }) => source === column)?.type ?? 'text',
    columnsOf: (table) => tables.get(table)?.columns.map(({ source }) => source) ?? [],
    add({ kind, body }, source) {
      switch (kind) {
        case 'CreateStmt':
          createTable(body)
          return true
        case 'AlterTableStmt':
          alterTable(body)
          return true
        case 'CreateEnumStmt':
          enums.add(
            nodes(body.typeName)
              .map((one) => text(as('String', one)?.sval))
              .at(-1) ?? '',
          )
          return true
        case 'IndexStmt':
          addIndex(body)
          return true
        case 'ViewStmt':
          note('Views are not taken over.')
          return true
        case 'CreateFunctionStmt':
        case 'CreateTrigStmt':
          note('Functions and triggers are not taken over.')
          return true
        case 'CreatePolicyStmt':
          note('Policies are not taken over. Set the access rules of each table.')
          return true
        case 'CreateTableAsStmt':
          note(`"${source.slice(0, 60).replace(/\s+/g, ' ')}" is not carried out.`)
          return true
        default:
          return false
      }
    },
    finish: () => finish([...tables.values()], notes),
  }

  function addIndex(body: Node): void {
    const relation = isRelation(body.relation)
    const key = relation && find(relation.isNamed ? [relation.schema, relation.name] : [relation.name])
    const table = key === null ? undefined : tables.get(key)
    if (!table) return
    const names = nodes(body.indexParams).map((one) => text(as('IndexElem', one)?.name))
    if (body.unique === true && body.whereClause === undefined && names.every((name) => name !== '')) {
      const [only] = names
      const column = table.columns.find(({ source }) => source === only)
      if (names.length === 1 && column) column.unique = true
      else table.unique.push(names)
    } else if (body.unique === true) note('Unique indexes over expressions or a part of the rows are not taken over.')
    else note('Indexes are not taken over: the studio suggests them by what is asked.')
  }
}

function finish(
  drafts: readonly DraftTable[],
  notes: Map<string, number>,
): { readonly tables: readonly DumpTable[]; readonly notes: readonly string[] } {
  const note = (sentence: string) => void notes.set(sentence, (notes.get(sentence) ?? 0) + 1)
  const schemas = new Set(drafts.map(({ source }) => source.split('.')[0]))
  if (schemas.size > 1)
    note(
      `Tables of the schemas ${[...schemas].join(', ')} come into one: a logical database has no schemas of its own.`,
    )
  const names = columnNames(drafts.map(({ source }) => source.slice(source.indexOf('.') + 1)))
  const named = new Map(drafts.map(({ source }, at) => [source, names[at] ?? 'table']))
  const columnsOf = new Map(
    drafts.map((draft) => {
      const own = columnNames(draft.columns.map(({ source }) => source))
      return [draft.source, new Map(draft.columns.map(({ source }, at) => [source, own[at] ?? 'column']))] as const
    }),
  )
  const renamed = drafts.filter(({ source }) => named.get(source) !== source.slice(source.indexOf('.') + 1)).length
  const renamedColumns = [...columnsOf.values()]
    .flatMap((columns) => [...columns])
    .filter(([from, to]) => from !== to).length
  if (renamed + renamedColumns > 0)
    note(`${renamed + renamedColumns} names are written anew in small letters: "OrderDetails" is order_details here.`)
  const tables = drafts.map((draft): DumpTable => {
    const own = columnsOf.get(draft.source) ?? new Map<string, string>()
    const name = named.get(draft.source) ?? 'table'
    const columns = draft.columns.map((column): ColumnSchema => {
      const plain: ColumnSchema = {
        name: own.get(column.source) ?? column.source,
        type: column.type,
        ...(draft.key.includes(column.source) ? { primary_key: true } : {}),
        ...(column.unique && !(draft.key.length === 1 && draft.key[0] === column.source) ? { unique: true } : {}),
        ...(column.required && !draft.key.includes(column.source) ? { required: true } : {}),
        ...(column.default === undefined ? {} : { default: column.default }),
      }
      const reference = column.references && toReference(column.references, drafts, named, columnsOf)
      const isMisfit = columnDefault(plain).kind === 'misfit'
      if (isMisfit)
        note(`The default of ${draft.source}.${column.source} does not fit its type here, and is not taken over.`)
      const { default: _, ...bare } = plain
      return { ...(isMisfit ? bare : plain), ...(reference ? { references: reference } : {}) }
    })
    const unique = draft.unique
      .map((set) => set.map((source) => own.get(source) ?? source))
      .filter(
        (set, at, all) =>
          set.length > 1 && all.findIndex((other) => [...other].sort().join() === [...set].sort().join()) === at,
      )
    return { source: draft.source, columns: own, schema: { name, columns, ...(unique.length > 0 ? { unique } : {}) } }
  })
  const checked = tables.map((table) => withoutBadReferences(table, tables, note))
  const sentences = [...notes].map(([sentence, count]) =>
    count > 1 && !sentence.includes('names are') ? `${sentence.replace(/\.$/, '')} (${count} times).` : sentence,
  )
  return { tables: checked, notes: sentences }
}

function toReference(
  { table, column, onDelete }: NonNullable<DraftColumn['references']>,
  drafts: readonly DraftTable[],
  named: ReadonlyMap<string, string>,
  columnsOf: ReadonlyMap<string, ReadonlyMap<string, string>>,
): ColumnReference | undefined {
  const target = drafts.find(({ source }) => source === table)
  const key = column ?? (target?.key.length === 1 ? target.key[0] : undefined)
  const name = named.get(table)
  const keyName = key === undefined ? undefined : columnsOf.get(table)?.get(key)
  if (name === undefined || keyName === undefined) return undefined
  return { table: name, column: keyName, ...(onDelete === undefined ? {} : { on_delete: onDelete }) }
}

/** References that a logical database would refuse: to what is not unique, or of another type. */
function withoutBadReferences(
  table: DumpTable,
  all: readonly DumpTable[],
  note: (sentence: string) => void,
): DumpTable {
  const others = all.map(({ schema }) => schema)
  const columns = table.schema.columns.map((column) => {
    if (!column.references) return column
    try {
      checkTable(
        {
          name: table.schema.name,
          columns: [
            column,
            ...others.flatMap((other) =>
              other.name === table.schema.name
                ? other.columns.filter(({ name }) => name !== column.name).map(({ references: _, ...rest }) => rest)
                : [],
            ),
          ],
        },
        { tables: others },
      )
      return column
    } catch (error) {
      note(`A reference of ${table.source} is not taken over: ${error instanceof Error ? error.message : ''}`)
      const { references: _, ...rest } = column
      return rest
    }
  })
  return { ...table, schema: { ...table.schema, columns } }
}

/** A default that is a plain value, or one of the two functions that there are; `sequence` for a number of a sequence. */
function defaultOf(expression: unknown): string | 'sequence' | null {
  const cast = as('TypeCast', expression)
  if (cast) return defaultOf(cast.arg)
  const constant = as('A_Const', expression)
  if (constant) {
    if (isNodeLike(constant.sval)) return text(constant.sval.sval)
    if (isNodeLike(constant.ival)) return String(constant.ival.ival ?? 0)
    if (isNodeLike(constant.fval)) return text(constant.fval.fval)
    if (isNodeLike(constant.boolval)) return String(constant.boolval.boolval === true)
    return null
  }
  const call = as('FuncCall', expression)
  if (call) {
    const word = nodes(call.funcname)
      .map((one) => text(as('String', one)?.sval))
      .at(-1)
    if (word === 'nextval') return 'sequence'
    if (word === 'now' || word === 'transaction_timestamp' || word === 'clock_timestamp') return 'now()'
    return word === 'gen_random_uuid' || word === 'uuid_generate_v4' ? 'gen_random_uuid()' : null
  }
  const word = as('SQLValueFunction', expression)
  if (word && /CURRENT_(TIMESTAMP|DATE|TIME)|LOCALTIME/.test(text(word.op))) return 'now()'
  return null
}

function isRelation(
  value: unknown,
): { readonly schema: string; readonly name: string; readonly isNamed: boolean } | null {
  const body = isNodeLike(value) ? (as('RangeVar', value) ?? value) : null
  if (!body || text(body.relname) === '') return null
  return { schema: text(body.schemaname) || 'public', name: text(body.relname), isNamed: text(body.schemaname) !== '' }
}

function isWrapped(kind: string, value: unknown): Node | null {
  return as(kind, value)
}

function isNodeLike(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const serials: Readonly<Record<string, string>> = {
  serial: 'integer',
  serial4: 'integer',
  bigserial: 'bigint',
  serial8: 'bigint',
  smallserial: 'smallint',
  serial2: 'smallint',
}

const typeWords: Readonly<Record<string, string>> = {
  int2: 'smallint',
  smallint: 'smallint',
  int4: 'integer',
  int: 'integer',
  integer: 'integer',
  int8: 'bigint',
  bigint: 'bigint',
  numeric: 'numeric',
  decimal: 'numeric',
  float4: 'real',
  real: 'real',
  float8: 'double',
  text: 'text',
  citext: 'text',
  name: 'text',
  varchar: 'varchar',
  bpchar: 'varchar',
  char: 'varchar',
  bool: 'boolean',
  boolean: 'boolean',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
  interval: 'interval',
  uuid: 'uuid',
  json: 'jsonb',
  jsonb: 'jsonb',
  bytea: 'bytea',
}
