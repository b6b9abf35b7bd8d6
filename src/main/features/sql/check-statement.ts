import { AppError } from '@shared/app-error'
import { as, names, nodes, type ParsedStatement, text, walk } from './syntax'

/** What a statement does, as far as running it has to know. */
export interface StatementFacts {
  /** Writes records, by itself or in a CTE. */
  readonly writes: boolean
  /** Locks records. */
  readonly locks: boolean
  /** Can be explained. */
  readonly isQuery: boolean
  /** Has a GROUP BY somewhere. */
  readonly groups: boolean
  /** Names that stand where tables do, also those of WITH. */
  readonly relations: ReadonlySet<string>
  /** The highest number of its parameters. */
  readonly params: number
}

/** Answers what the statement does; FORBIDDEN or VALIDATION with a sentence when SQL may not do it here. */
export function checkStatement(statement: ParsedStatement): StatementFacts {
  const { kind, body } = statement
  if (kind === 'VariableSetStmt') checkSetting(text(body.kind), text(body.name))
  else if (kind === 'ExplainStmt') checkExplained(body.query)
  else if (!queries.has(kind) && kind !== 'VariableShowStmt') throw refusal(kind)
  const facts = { writes: false, locks: false, groups: false, relations: new Set<string>(), params: 0 }
  walk(kind, body, (each) => {
    if (each.kind === 'IntoClause') throw refusal('CreateTableAsStmt')
    if (writing.has(each.kind)) facts.writes = true
    if (each.kind === 'LockingClause') facts.locks = true
    if (each.kind === 'SelectStmt' && nodes(each.body.groupClause).length > 0) facts.groups = true
    if (each.kind === 'RangeVar') facts.relations.add(text(each.body.relname))
    if (each.kind === 'ParamRef') facts.params = Math.max(facts.params, Number(each.body.number ?? 0))
    if (each.kind === 'FuncCall') checkFunction(names(each.body.funcname))
    return undefined
  })
  return { ...facts, isQuery: queries.has(kind) }
}

const queries = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])
const writing = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])

function checkExplained(query: unknown): void {
  if (![...queries].some((kind) => as(kind, query) !== null))
    throw new AppError('VALIDATION', 'Only SELECT, INSERT, UPDATE, DELETE and MERGE can be explained.')
}

/** The settings that help a query and change nothing about how its values are read. */
const settings =
  /^(statement_timeout|lock_timeout|idle_in_transaction_session_timeout|client_min_messages|check_function_bodies|row_security|xmloption|default_table_access_method|enable_\w+|from_collapse_limit|join_collapse_limit|geqo|random_page_cost|seq_page_cost)$/

function checkSetting(kind: string, name: string): void {
  if (kind === 'VAR_SET_MULTI') throw refusal('TransactionStmt')
  if (name === 'role' || name === 'session_authorization')
    throw new AppError('FORBIDDEN', 'SQL runs as the login of this database and cannot change to another role.')
  if (kind === 'VAR_RESET_ALL' || settings.test(name)) return
  throw new AppError(
    'FORBIDDEN',
    `The setting "${name}" cannot be changed here. Times are in UTC, and names are looked up in this database only.`,
  )
}

/**
 * The server refuses these to the login by itself where the studio may see to it (it is superuser of the built-in one);
 * on other servers this list is what keeps the studio's own runs from them.
 */
const functions: readonly (readonly [RegExp, string])[] = [
  [
    /^(query|table|cursor|schema|database)_to_xml|^(ts_stat|dblink|pg_execute_server_program)|^dblink_/,
    'runs SQL or reads tables that the studio cannot see',
  ],
  [/^(lo_|loread$|lowrite$)/, 'works with large objects, which are not part of this database'],
  [/^pg_(try_)?advisory_/, 'takes a lock that the studio itself uses'],
  [
    /^(set_config|pg_notify|pg_reload_conf|pg_rotate_logfile|pg_log_backend_memory_contexts)$/,
    'changes the session or the server',
  ],
  [
    /^pg_(read_|ls_|stat_file|current_logfile|logical_|replication_|create_|drop_|switch_wal|promote|wal_|backup_|export_snapshot)/,
    'works on the server',
  ],
  [/^pg_stat_(reset|force)/, 'changes the statistics of the server'],
]

function checkFunction(path: readonly (string | null)[]): void {
  const name = path.at(-1) ?? ''
  const [, why] = functions.find(([pattern]) => pattern.test(name)) ?? []
  if (why !== undefined) throw new AppError('FORBIDDEN', `The function ${name} cannot be used here: it ${why}.`)
}

function refusal(kind: string): AppError {
  const [, code, sentence] = refusals.find(([pattern]) => pattern.test(kind)) ?? [null, 'FORBIDDEN', '']
  return new AppError(
    code,
    sentence === ''
      ? `SQL can read and change records here (SELECT, INSERT, UPDATE, DELETE, MERGE), and nothing else.`
      : sentence,
  )
}

const refusals: readonly (readonly [RegExp, 'FORBIDDEN' | 'VALIDATION', string])[] = [
  [
    /^TransactionStmt$/,
    'VALIDATION',
    'All statements of a run are one transaction already: leave out BEGIN, COMMIT, ROLLBACK and savepoints.',
  ],
  [
    /^CopyStmt$/,
    'FORBIDDEN',
    'COPY is not run here. Use import and export, or COPY in psql with the connection string.',
  ],
  [/^(Listen|Unlisten|Notify)Stmt$/, 'FORBIDDEN', 'LISTEN and NOTIFY do not work here: no session stays open to hear.'],
  [
    /^LockStmt$/,
    'FORBIDDEN',
    'LOCK is not allowed here: it would keep others waiting. Lock rows with SELECT ... FOR UPDATE.',
  ],
  [/^TruncateStmt$/, 'VALIDATION', 'TRUNCATE does not work on these tables. Use DELETE FROM.'],
  [
    /^(Prepare|Execute|Deallocate)Stmt$/,
    'VALIDATION',
    'Prepared statements end with the run. Send the statement itself, with params.',
  ],
  [
    /^(DeclareCursor|Fetch|ClosePortal)Stmt$/,
    'VALIDATION',
    'Cursors end with the run. Send the query itself; limit says how many rows come back.',
  ],
  [
    /^(DoStmt|CallStmt|CreateFunctionStmt|AlterFunctionStmt|CreatePLangStmt)$/,
    'FORBIDDEN',
    'Code cannot be run in the database: DO, CALL and CREATE FUNCTION are not allowed.',
  ],
  [
    /^(Vacuum|Cluster|Reindex|CheckPoint|Discard|Load)Stmt$/,
    'FORBIDDEN',
    'The studio looks after storage by itself; this command is not allowed here.',
  ],
  [
    /Role|^Grant|^AlterDefaultPrivileges|^ReassignOwned|^DropOwned|Policy|^SecLabel/,
    'FORBIDDEN',
    'Roles and rights are looked after by the studio. The connection of the database can be made, rotated and revoked on its Overview page.',
  ],
  [
    /^(CreateStmt|IndexStmt|CommentStmt|AlterTableStmt|RenameStmt|DropStmt|CreateEnumStmt|CreateDomainStmt)$/,
    'VALIDATION',
    'A change of the schema is kept as a version of its own. Run it apart from what reads and writes records.',
  ],
  [
    /^(CreateTableAsStmt|ViewStmt|RefreshMatViewStmt)$/,
    'FORBIDDEN',
    'A database here has tables, and no views or tables that are made from a query. Make the table by its columns, then insert into it.',
  ],
  [
    /^(Create|Alter|Drop|Comment|Define|Composite|Rule|Import)/,
    'FORBIDDEN',
    'SQL can make, change and drop tables, columns, indexes and comments here, and nothing else of a schema.',
  ],
]
