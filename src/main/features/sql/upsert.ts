import { AppError } from '@shared/app-error'
import { typeOf } from '@shared/domain/check-table'
import { sqlTypeName } from '@shared/domain/column-type'
import { isRecordId } from '../tables/column.sql'
import { keyRulesOf } from '../tables/key-rule'
import type { StoredTable } from '../tables/stored-table'
import type { Parser, Token } from './postgres-parser'
import type { Splice } from './splice'
import { as, isNode, location, type Node, names, nodes, type ParsedStatement, quoted, text, walk } from './syntax'
import type { ByteOffsets } from './text-offsets'

/** Where in the text the parts of an insert stand. */
interface Parts {
  readonly insert: Token
  /** Behind the table's name and alias. */
  readonly target: number
  readonly source: number
  /** `on conflict`, and with it the end of the source. */
  readonly conflict: Token
  /** The assignments of DO UPDATE; null of DO NOTHING. */
  readonly set: { readonly start: number; readonly end: number } | null
  readonly where: { readonly start: number; readonly end: number } | null
  readonly end: number
}

/**
 * `insert ... on conflict` names a unique index, and a view has none; the same is written as `merge`, whose row-by-row
 * work the functions behind the views do. Answers nothing to put in for any other statement; VALIDATION for a conflict
 * that is no unique rule of the table, and for the forms that merge does not know.
 */
export function upsertAsMerge(
  statement: ParsedStatement,
  query: string,
  offsets: ByteOffsets,
  parser: Parser,
  tables: readonly StoredTable[],
): readonly Splice[] {
  const { kind, body } = statement
  const clause = kind === 'InsertStmt' && isNode(body.onConflictClause) ? body.onConflictClause : null
  if (clause === null) {
    refuseNested(statement)
    return []
  }
  const relation = isNode(body.relation) ? body.relation : {}
  const table = tables.find(({ schema }) => schema.name === text(relation.relname))
  // Postgres says that there is no such table.
  if (!table) return []
  const columns = insertedColumns(body, table)
  const parts = partsOf(statement, query, offsets, parser, body, clause)
  const alias = quoted(isNode(relation.alias) ? text(relation.alias.aliasname) : table.schema.name)
  const list = columns.map(quoted).join(', ')
  const values = columns.map((name) => `excluded.${quoted(name)}`).join(', ')
  const casts = columns.map((name) => `${quoted(name)}::${looseType(table, name)} as ${quoted(name)}`).join(', ')
  const insert = `when not matched then insert (${list}) values (${values}) `
  const condition = conflictCondition(clause, table, columns, alias)
  const where = parts.where === null ? '' : ` and (${query.slice(parts.where.start, parts.where.end)})`
  const head = `) as source (${list})) as excluded on (${condition}) `
  const tail: readonly Splice[] =
    parts.set === null
      ? [{ at: parts.conflict.start, remove: parts.end - parts.conflict.start, insert: head + insert }]
      : [
          {
            at: parts.conflict.start,
            remove: parts.set.start - parts.conflict.start,
            insert: `${head}when matched${where} then update set `,
          },
          { at: parts.set.end, remove: parts.end - parts.set.end, insert: ` ${insert}` },
        ]
  return [
    { at: parts.insert.start, remove: parts.insert.end - parts.insert.start, insert: 'merge' },
    { at: parts.target, remove: parts.source - parts.target, insert: ` using (select ${casts} from (` },
    ...tail,
    ...returningSplices(body, offsets, alias),
  ]
}

function partsOf(
  { start, end }: ParsedStatement,
  query: string,
  offsets: ByteOffsets,
  parser: Parser,
  body: Node,
  clause: Node,
): Parts {
  const all = parser.scan(query).filter((token) => token.start >= start && token.start < end)
  const tokens = atTop(all)
  const word = (from: number, wanted: string): number =>
    tokens.findIndex((token, index) => index >= from && token.text.toLowerCase() === wanted)
  const insertAt = word(0, 'insert')
  const conflictAt = tokens.findIndex((token) => token.start === offsets.toText(location(clause)))
  const insert = tokens[insertAt]
  const conflict = tokens[conflictAt]
  const relation = isNode(body.relation) ? body.relation : {}
  if (!insert || !conflict) throw unsupported('This INSERT ... ON CONFLICT cannot be read. Write it as MERGE.')

  // insert into [schema .] name [[as] alias] [( columns )] source on conflict ...
  let at = insertAt + 2
  while (tokens[at + 1]?.text === '.') at += 2
  if (tokens[at + 1]?.text.toLowerCase() === 'as') at += 2
  else if (isNode(relation.alias)) at += 1
  const target = tokens[at]?.end ?? insert.end
  const hasColumns = nodes(body.cols).length > 0
  const source = hasColumns ? closing(all, target) : target
  const next = tokens.find((token) => token.start >= source)
  if (next?.text.toLowerCase() === 'overriding' || next?.text.toLowerCase() === 'default')
    throw unsupported('ON CONFLICT goes with values or a query here. Name the columns and write their values.')

  const returningAt = word(conflictAt, 'returning')
  const partEnd = tokens[returningAt]?.start ?? end
  if (text(clause.action) !== 'ONCONFLICT_UPDATE')
    return { insert, target, source, conflict, set: null, where: null, end: partEnd }
  const setAt = word(conflictAt, 'set')
  const whereAt = word(setAt, 'where')
  const whereToken = tokens[whereAt]
  return {
    insert,
    target,
    source,
    conflict,
    set: { start: tokens[setAt]?.end ?? conflict.end, end: whereToken?.start ?? partEnd },
    where: whereToken ? { start: whereToken.end, end: partEnd } : null,
    end: partEnd,
  }
}

/** Tokens that stand in no parentheses; those of a pair stay. */
function atTop(tokens: readonly Token[]): readonly Token[] {
  let depth = 0
  return tokens.filter(({ text: word }) => {
    if (word === ')' || word === ']') depth -= 1
    const isTop = depth === 0
    if (word === '(' || word === '[') depth += 1
    return isTop
  })
}

/** Behind the parenthesis that closes the first one after `from`. */
function closing(tokens: readonly Token[], from: number): number {
  let depth = 0
  for (const token of tokens) {
    if (token.start < from) continue
    if (token.text === '(') depth += 1
    if (token.text === ')') depth -= 1
    if (depth === 0) return token.end
  }
  return from
}

/** As listed, or the first ones of the table, as many as there are values. */
function insertedColumns(body: Node, table: StoredTable): readonly string[] {
  const listed = nodes(body.cols).map((column) => text(as('ResTarget', column)?.name))
  const select = as('SelectStmt', body.selectStmt)
  if (select === null)
    throw unsupported('ON CONFLICT goes with values or a query here. Name the columns and write their values.')
  const rows = nodes(select.valuesLists).map((row) => nodes(as('List', row)?.items))
  if (rows.some((row) => row.some((value) => Object.hasOwn(value, 'SetToDefault'))))
    throw unsupported(
      'With ON CONFLICT, DEFAULT cannot stand among the values here. Leave the column out to get its default.',
    )
  if (listed.length > 0) return listed
  const [first] = rows
  const all = table.schema.columns.map(({ name }) => name)
  if (first) return all.slice(0, first.length)
  const targets = nodes(select.targetList)
  const hasStar = targets.some((target) => names(as('ColumnRef', as('ResTarget', target)?.val)?.fields).includes(null))
  if (hasStar || targets.length === 0)
    throw unsupported('With ON CONFLICT, name the columns that the query fills: insert into table (a, b) select ...')
  return all.slice(0, targets.length)
}

/** True of a record that stands in the way of the new one. */
function conflictCondition(clause: Node, table: StoredTable, columns: readonly string[], alias: string): string {
  const own = table.schema.columns.find((column) => isRecordId(table, column))
  const rules = [...(own ? [[own.name]] : []), ...keyRulesOf(table).map((rule) => rule.columns.map(({ name }) => name))]
  const infer = isNode(clause.infer) ? clause.infer : null
  const meant = infer === null ? rules : [inferred(infer, rules, table)]
  const conditions = meant
    // A column that is left out is new by its default, or NULL, which is equal to nothing.
    .filter((rule) => rule.every((name) => columns.includes(name)))
    .map((rule) => rule.map((name) => `${alias}.${quoted(name)} = excluded.${quoted(name)}`).join(' and '))
  return conditions.length === 0 ? 'false' : conditions.map((condition) => `(${condition})`).join(' or ')
}

function inferred(infer: Node, rules: readonly (readonly string[])[], table: StoredTable): readonly string[] {
  if (text(infer.conname) !== '')
    throw unsupported('ON CONFLICT ON CONSTRAINT is not known here. Name the columns: on conflict (a, b).')
  if (infer.whereClause !== undefined)
    throw unsupported('ON CONFLICT takes no WHERE behind its columns here: unique rules hold for all records.')
  const wanted = nodes(infer.indexElems).map((element) => text(as('IndexElem', element)?.name))
  const rule = rules.find((each) => each.length === wanted.length && each.every((name) => wanted.includes(name)))
  if (rule) return rule
  const known = rules.map((each) => `(${each.join(', ')})`).join(', ')
  throw new AppError(
    'VALIDATION',
    `Nothing keeps (${wanted.join(', ')}) unique in table "${table.schema.name}", so nothing can conflict there. ${known === '' ? 'It has no unique columns.' : `Unique are ${known}.`}`,
    { details: { table: table.schema.name, columns: wanted } },
  )
}

/** Both sides of a merge have the columns; RETURNING means those of the table. */
function returningSplices(body: Node, offsets: ByteOffsets, alias: string): readonly Splice[] {
  const clause = isNode(body.returningClause) ? body.returningClause : {}
  const targets = [...nodes(body.returningList), ...nodes(clause.exprs)]
  const splices: Splice[] = []
  for (const target of targets) {
    const node = as('ResTarget', target)
    if (node === null) continue
    walk('ResTarget', node, ({ kind, body: inner }) => {
      if (kind === 'SelectStmt') return false
      if (kind === 'ColumnRef' && nodes(inner.fields).length === 1)
        splices.push({ at: offsets.toText(location(inner)), remove: 0, insert: `${alias}.` })
      return undefined
    })
  }
  return splices
}

function refuseNested({ kind, body }: ParsedStatement): void {
  walk(kind, body, (each) => {
    if (each.kind === 'InsertStmt' && isNode(each.body.onConflictClause))
      throw unsupported('ON CONFLICT works here in a statement of its own, not within WITH. Run it as one.')
    return undefined
  })
}

/** Without its size: a cast would cut what the column refuses. */
function looseType(table: StoredTable, name: string): string {
  const column = table.schema.columns.find((each) => each.name === name)
  if (!column) return 'text'
  const { base, array } = typeOf(column)
  return sqlTypeName({ base: base === 'varchar' ? 'text' : base, array })
}

function unsupported(sentence: string): AppError {
  return new AppError('VALIDATION', sentence)
}
