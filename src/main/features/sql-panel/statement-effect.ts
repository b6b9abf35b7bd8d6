import type { SqlDanger } from '@shared/contract/sql-panel.contract'
import { commandOf } from '../sql/command-of'
import { as, isNode, type Node, names, nodes, type ParsedStatement, text, walk } from '../sql/syntax'
import { constantOf, isFixed } from './constant-condition'

export type Effect = 'read' | 'write' | 'schema' | 'transaction' | 'setting' | 'refused'

export interface StatementEffect {
  /** DELETE, CREATE TABLE. */
  readonly command: string
  readonly effect: Effect
  readonly locks: boolean
  readonly reads: readonly string[]
  readonly writes: readonly string[]
  readonly dangers: readonly SqlDanger[]
}

/** What a statement does, wherever in it that stands. `functions` are those of Postgres; any other may do anything. */
export function effectOf({ kind, body }: ParsedStatement, functions: ReadonlySet<string>): StatementEffect {
  const found = { reads: new Set<string>(), writes: new Set<string>(), writing: false, locks: false, making: false }
  const dangers: SqlDanger[] = []
  // EXPLAIN alone runs nothing of what is in it.
  const isPlan = kind === 'ExplainStmt' && !runsWhatItExplains(body)
  walk(kind, body, ({ kind: inner, body: node, above }) => {
    if (inner === 'RangeVar') {
      const parent = above.at(-1)
      const name = text(node.relname)
      if (parent !== undefined && written.has(parent.kind) && parent.body.relation === node) found.writes.add(name)
      else if (!isCommonTable(name, node, above)) found.reads.add(name)
    }
    if (written.has(inner)) found.writing = true
    if (inner === 'LockingClause') found.locks = true
    if (inner === 'IntoClause') found.making = true
    if (inner === 'FuncCall' && writesByName(names(node.funcname), functions)) found.writing = true
    if (!isPlan) dangers.push(...dangersOf(inner, node))
    return undefined
  })
  const effect = isPlan ? 'read' : mainEffect(kind, found)
  return {
    command: commandOf(kind, body, found.making),
    effect,
    locks: found.locks && !isPlan,
    reads: [...found.reads],
    writes: isPlan ? [] : [...found.writes],
    dangers: effect === 'refused' ? [] : dangers,
  }
}

const written = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])

function mainEffect(kind: string, found: { readonly writing: boolean; readonly making: boolean }): Effect {
  if (kind === 'TransactionStmt') return 'transaction'
  if (kind === 'VariableSetStmt' || kind === 'VariableShowStmt') return 'setting'
  if (kind === 'TruncateStmt') return 'write'
  if (found.making || schemaKinds.test(kind)) return 'schema'
  if (kind === 'SelectStmt' || kind === 'ExplainStmt' || written.has(kind)) return found.writing ? 'write' : 'read'
  return 'refused'
}

/** What is of tables, columns, indexes and comments; roles, functions and the like are not looked at here. */
const schemaKinds =
  /^(CreateStmt|CreateTableAsStmt|ViewStmt|IndexStmt|AlterTableStmt|RenameStmt|DropStmt|CommentStmt|AlterObjectSchemaStmt|CreateSchemaStmt|CreateEnumStmt|CreateDomainStmt|CreateSeqStmt)$/

function runsWhatItExplains(body: Node): boolean {
  return nodes(body.options).some((option) => {
    const element = as('DefElem', option)
    if (text(element?.defname) !== 'analyze') return false
    const argument = isNode(element?.arg) ? element.arg : null
    const value = text(as('String', argument)?.sval).toLowerCase()
    const number = as('Integer', argument)
    return argument === null || (value !== '' ? ['true', 'on', '1'].includes(value) : Number(number?.ival ?? 0) !== 0)
  })
}

/** A name that WITH gives, here or further out. */
function isCommonTable(name: string, node: Node, above: readonly { readonly body: Node }[]): boolean {
  if (node.schemaname !== undefined) return false
  return above.some(({ body }) =>
    nodes(isNode(body.withClause) ? body.withClause.ctes : []).some(
      (cte) => text(as('CommonTableExpr', cte)?.ctename) === name,
    ),
  )
}

/** Functions of Postgres that change something: sequences, large objects, settings, the server. */
const writingFunctions =
  /^(nextval|setval|set_config|lo_.*|lowrite|loread|pg_notify|pg_(try_)?advisory_.*|pg_(terminate|cancel)_backend|pg_reload_conf|pg_rotate_logfile|pg_switch_wal|pg_create_.*|pg_drop_.*|pg_logical_.*|pg_replication_.*|pg_promote|pg_wal_replay_.*|pg_stat_reset.*|pg_stat_force.*|pg_file_.*|pg_import_system_collations|pg_log_.*|dblink.*|query_to_xml.*|table_to_xml.*|cursor_to_xml.*|schema_to_xml.*|database_to_xml.*|ts_stat|txid_current|pg_current_xact_id|brin_.*|gin_clean_pending_list)$/

function writesByName(path: readonly (string | null)[], functions: ReadonlySet<string>): boolean {
  const schema = path.length > 1 ? path.at(-2) : 'pg_catalog'
  const name = path.at(-1) ?? ''
  if (schema !== 'pg_catalog' && schema !== 'information_schema') return true
  return writingFunctions.test(name) || !functions.has(name)
}

function dangersOf(kind: string, node: Node): readonly SqlDanger[] {
  if (kind === 'UpdateStmt' || kind === 'DeleteStmt') {
    const isUpdate = kind === 'UpdateStmt'
    const why = unconditional(node.whereClause)
    if (why === null) return []
    const table = text(isNode(node.relation) ? node.relation.relname : '')
    const verb = isUpdate ? 'Changes' : 'Deletes'
    return [
      { kind: isUpdate ? 'updateAll' : 'deleteAll', table, sentence: `${verb} every record of ${table}: ${why}.` },
    ]
  }
  if (kind === 'MergeStmt') return mergeDangers(node)
  if (kind === 'TruncateStmt')
    return nodes(node.relations).map((relation) => {
      const table = text(as('RangeVar', relation)?.relname)
      return { kind: 'truncate', table, sentence: `Deletes every record of ${table}.` }
    })
  if (kind === 'DropStmt') return dropDangers(node)
  if (kind === 'AlterTableStmt') return columnDangers(node)
  return []
}

/** Why a condition holds for every record, as the end of a sentence; null when it may not. */
function unconditional(where: unknown): string | null {
  if (!isNode(where)) return 'it has no WHERE'
  return whyAll(where, 'WHERE')
}

function whyAll(condition: Node, place: 'WHERE' | 'ON'): string | null {
  const known = constantOf(condition)
  if (known === true) return `its ${place} holds for all of them`
  if (known === false) return null
  if (isFixed(condition)) return `its ${place} names no column, so it leaves none of them out`
  const either = as('BoolExpr', condition)
  if (either === null || text(either.boolop) !== 'OR_EXPR') return null
  return (
    nodes(either.args)
      .map((part) => whyAll(part, place))
      .find((why) => why !== null) ?? null
  )
}

function mergeDangers(node: Node): readonly SqlDanger[] {
  const why = isNode(node.joinCondition) ? whyAll(node.joinCondition, 'ON') : null
  const changing = nodes(node.mergeWhenClauses).flatMap((clause) => {
    const command = text(as('MergeWhenClause', clause)?.commandType)
    return command === 'CMD_UPDATE' || command === 'CMD_DELETE' ? [command] : []
  })
  if (why === null || changing.length === 0) return []
  const table = text(isNode(node.relation) ? node.relation.relname : '')
  const isDelete = changing.includes('CMD_DELETE')
  return [
    {
      kind: isDelete ? 'deleteAll' : 'updateAll',
      table,
      sentence: `${isDelete ? 'Deletes' : 'Changes'} every record of ${table}: ${why}.`,
    },
  ]
}

function dropDangers(node: Node): readonly SqlDanger[] {
  if (node.removeType !== 'OBJECT_TABLE') return []
  return nodes(node.objects).map((object) => {
    const name = names(as('List', object)?.items).at(-1) ?? ''
    return { kind: 'dropTable', table: name, sentence: `Drops the table ${name} with all its records.` }
  })
}

function columnDangers(node: Node): readonly SqlDanger[] {
  const table = text(isNode(node.relation) ? node.relation.relname : '')
  return nodes(node.cmds).flatMap((command): readonly SqlDanger[] => {
    const step = as('AlterTableCmd', command)
    if (text(step?.subtype) !== 'AT_DropColumn') return []
    const sentence = `Drops the column ${text(step?.name)} of ${table} with its values.`
    return [{ kind: 'dropColumn', table, sentence }]
  })
}
