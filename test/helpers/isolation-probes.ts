import type { ErrorCode } from '@shared/app-error'
import { idsOf, type TwoTenants, type World } from './two-tenants'

/** A call that an intruder could make, as data: it can be made through any carrier. */
export interface CallProbe {
  readonly name: string
  /** `tables.get` */
  readonly procedure: string
  readonly input: unknown
  readonly caller: 'intruder' | 'nobody' | { readonly token: string }
  /** The codes that are an answer; or `nothing`: it succeeds, and holds nothing of the victim's. */
  readonly expected: readonly ErrorCode[] | 'nothing'
  /** The answer repeats ids that the intruder sent, which tells them nothing. */
  readonly repeatsIds?: boolean
}

type Slot =
  | 'projectId'
  | 'databaseId'
  | 'tableId'
  | 'recordId'
  | 'sessionId'
  | 'operation'
  | 'viewId'
  | 'resultId'
  | 'queryId'
  | 'userId'
  | 'keyId'
type Ids = { readonly [S in Slot]?: string }

interface Attack {
  readonly procedure: string
  readonly slots: readonly Slot[]
  readonly input: (ids: Ids) => unknown
}

const edits = [{ type: 'renameTable', table: 'plans', name: 'taken' }]
const record = { title: 'taken' }
const noLayout = { tables: {}, areas: {}, notes: {} }
const query = { table: 'plans' }

const newcomer = { email: 'newcomer@example.org', password: 'correct horse' }
const authSettings = {
  signUps: false,
  confirmEmail: false,
  passwordLength: 8,
  tokenLifetime: 3600,
  bcryptCost: 10,
  siteUrl: null,
  redirectUrls: [],
  mail: { sender: null, server: null },
}

const detailed = (body?: object) => (ids: Ids) => ({
  params: { databaseId: ids.databaseId, recordId: ids.recordId },
  query,
  ...(body && { body }),
})
const plus = (more: object) => (ids: Ids) => ({ ...ids, ...more })
const bare = (ids: Ids) => ids
/** A file of nobody. */
const noFile = '7d444840-9dc0-41d1-b245-5ffdce74fad2'

/** An app's own sign-in, for anybody who knows the database; `test/contract/end-users-http.test.ts` tries them. */
export const appSignIn = ['endUsers.signup', 'endUsers.login', 'endUsers.refresh', 'endUsers.logout']

/** Every procedure that takes an id. `test/db/isolation.test.ts` fails when the contract has one that is not here. */
export const attacks: readonly Attack[] = [
  { procedure: 'projects.get', slots: ['projectId'], input: bare },
  { procedure: 'projects.update', slots: ['projectId'], input: plus({ name: 'taken' }) },
  { procedure: 'projects.delete', slots: ['projectId'], input: bare },
  { procedure: 'projects.restore', slots: ['projectId'], input: bare },
  { procedure: 'backups.list', slots: ['databaseId'], input: bare },
  { procedure: 'backups.create', slots: ['databaseId'], input: bare },
  { procedure: 'backups.delete', slots: ['databaseId'], input: plus({ backupId: noFile }) },
  { procedure: 'backups.setPlan', slots: ['databaseId'], input: plus({ plan: { every: 'daily', keep: 1 } }) },
  { procedure: 'backups.restore', slots: ['databaseId'], input: plus({ backupId: noFile }) },
  { procedure: 'backups.takePlace', slots: ['databaseId'], input: bare },
  { procedure: 'backups.duplicate', slots: ['databaseId'], input: plus({ name: 'planted', records: true }) },
  { procedure: 'servers.move', slots: ['databaseId'], input: plus({ to: null, account: null }) },
  { procedure: 'servers.leave', slots: ['databaseId'], input: bare },
  { procedure: 'transfers.begin', slots: ['databaseId'], input: plus({ name: 'planted.csv' }) },
  { procedure: 'transfers.send', slots: ['databaseId'], input: plus({ file: noFile, offset: 0, data: '' }) },
  { procedure: 'transfers.read', slots: ['databaseId'], input: plus({ file: noFile, offset: 0 }) },
  { procedure: 'transfers.discard', slots: ['databaseId'], input: plus({ file: noFile }) },
  { procedure: 'transfers.inspect', slots: ['databaseId'], input: plus({ file: noFile, options: {} }) },
  {
    procedure: 'transfers.import',
    slots: ['databaseId'],
    input: plus({ file: noFile, options: {}, target: { kind: 'database' }, onReject: 'skip' }),
  },
  {
    procedure: 'transfers.export',
    slots: ['databaseId'],
    input: plus({ format: 'sql', scope: { kind: 'database' } }),
  },
  { procedure: 'databases.create', slots: ['projectId'], input: bare },
  { procedure: 'databases.get', slots: ['databaseId'], input: bare },
  { procedure: 'databases.space', slots: ['databaseId'], input: bare },
  { procedure: 'databases.audit', slots: ['databaseId'], input: bare },
  { procedure: 'databases.watch', slots: ['databaseId'], input: bare },
  { procedure: 'tables.list', slots: ['databaseId'], input: bare },
  {
    procedure: 'tables.create',
    slots: ['databaseId'],
    input: plus({ schemaJson: { name: 'planted', columns: [] } }),
  },
  { procedure: 'tables.get', slots: ['databaseId', 'tableId'], input: bare },
  { procedure: 'tables.update', slots: ['databaseId', 'tableId'], input: plus({ edits }) },
  { procedure: 'tables.preview', slots: ['databaseId', 'tableId'], input: plus({ edits }) },
  { procedure: 'tables.delete', slots: ['databaseId', 'tableId'], input: bare },
  { procedure: 'tables.restore', slots: ['databaseId', 'tableId'], input: bare },
  { procedure: 'records.create', slots: ['databaseId'], input: plus({ tableName: 'plans', record }) },
  { procedure: 'records.query', slots: ['databaseId'], input: plus({ tableName: 'plans', count: 'exact' }) },
  { procedure: 'records.deleteMany', slots: ['databaseId'], input: plus({ tableName: 'plans', filters: {} }) },
  { procedure: 'records.saveMany', slots: ['databaseId'], input: plus({ tableName: 'plans', create: [{ record }] }) },
  {
    procedure: 'records.updateMany',
    slots: ['databaseId'],
    input: plus({ tableName: 'plans', filters: {}, record }),
  },
  { procedure: 'records.summary', slots: ['databaseId'], input: plus({ tableName: 'plans' }) },
  { procedure: 'records.distribution', slots: ['databaseId'], input: plus({ tableName: 'plans', column: 'title' }) },
  { procedure: 'records.values', slots: ['databaseId'], input: plus({ tableName: 'plans', column: 'title' }) },
  { procedure: 'records.references', slots: ['databaseId'], input: plus({ tableName: 'plans', column: 'owner' }) },
  { procedure: 'records.find', slots: ['databaseId'], input: plus({ tableName: 'plans', text: 'e' }) },
  { procedure: 'records.count', slots: ['databaseId'], input: plus({ tableName: 'plans' }) },
  { procedure: 'records.get', slots: ['databaseId', 'recordId'], input: detailed() },
  { procedure: 'records.replace', slots: ['databaseId', 'recordId'], input: detailed({ record }) },
  { procedure: 'records.update', slots: ['databaseId', 'recordId'], input: detailed({ record }) },
  { procedure: 'records.delete', slots: ['databaseId', 'recordId'], input: detailed() },
  { procedure: 'schema.get', slots: ['databaseId'], input: bare },
  { procedure: 'schema.apply', slots: ['databaseId'], input: plus({ edits }) },
  { procedure: 'schema.versions', slots: ['databaseId'], input: bare },
  { procedure: 'schema.version', slots: ['databaseId'], input: plus({ number: 1 }) },
  { procedure: 'schema.renameVersion', slots: ['databaseId'], input: plus({ number: 1, name: 'taken' }) },
  { procedure: 'schema.diff', slots: ['databaseId'], input: plus({ from: 1, to: 2 }) },
  { procedure: 'schema.fromSql', slots: ['databaseId'], input: plus({ sql: 'drop table plans' }) },
  { procedure: 'schema.applyTemplate', slots: ['databaseId'], input: plus({ template: 'blog' }) },
  { procedure: 'schema.layout', slots: ['databaseId'], input: bare },
  { procedure: 'schema.saveLayout', slots: ['databaseId'], input: plus({ layout: noLayout, revision: 1 }) },
  { procedure: 'views.list', slots: ['databaseId', 'tableId'], input: bare },
  { procedure: 'views.create', slots: ['databaseId', 'tableId'], input: plus({ name: 'planted' }) },
  { procedure: 'views.update', slots: ['databaseId', 'tableId', 'viewId'], input: plus({ name: 'taken' }) },
  { procedure: 'views.delete', slots: ['databaseId', 'tableId', 'viewId'], input: bare },
  { procedure: 'indexes.list', slots: ['databaseId', 'tableId'], input: bare },
  { procedure: 'indexes.create', slots: ['databaseId', 'tableId'], input: plus({ columns: ['title'] }) },
  { procedure: 'indexes.drop', slots: ['databaseId', 'tableId'], input: plus({ index: 'any' }) },
  { procedure: 'indexes.setStorage', slots: ['databaseId', 'tableId'], input: plus({ tier: 'dedicated' }) },
  { procedure: 'changes.history', slots: ['databaseId', 'recordId'], input: detailed() },
  { procedure: 'changes.restore', slots: ['databaseId', 'recordId'], input: detailed({ change: '1' }) },
  { procedure: 'changes.undo', slots: ['databaseId', 'operation'], input: plus({ force: true }) },
  {
    procedure: 'changes.previewMoment',
    slots: ['databaseId'],
    input: plus({ tableName: 'plans', moment: new Date().toISOString() }),
  },
  {
    procedure: 'changes.restoreMoment',
    slots: ['databaseId'],
    input: plus({ tableName: 'plans', moment: new Date().toISOString() }),
  },
  { procedure: 'changes.retention', slots: ['databaseId'], input: bare },
  { procedure: 'changes.setRetention', slots: ['databaseId'], input: plus({ days: 1 }) },
  { procedure: 'sql.run', slots: ['databaseId'], input: plus({ query: 'delete from plans returning *' }) },
  { procedure: 'assistant.generateSchema', slots: ['databaseId'], input: plus({ description: 'A blog' }) },
  { procedure: 'assistant.describe', slots: ['databaseId'], input: plus({ description: 'A blog' }) },
  { procedure: 'assistant.generateSql', slots: ['databaseId'], input: plus({ question: 'All plans' }) },
  { procedure: 'assistant.ask', slots: ['databaseId'], input: plus({ question: 'All plans' }) },
  { procedure: 'assistant.fix', slots: ['databaseId'], input: plus({ sql: 'select', error: 'syntax error' }) },
  { procedure: 'assistant.explain', slots: ['databaseId'], input: plus({ sql: 'select * from plans' }) },
  { procedure: 'assistant.nameQuery', slots: ['databaseId'], input: plus({ sql: 'select * from plans' }) },
  { procedure: 'assistant.complete', slots: ['databaseId'], input: plus({ before: 'select * from ', after: '' }) },
  { procedure: 'assistant.filter', slots: ['databaseId'], input: plus({ tableName: 'plans', sentence: 'open' }) },
  {
    procedure: 'assistant.chart',
    slots: ['databaseId'],
    input: plus({ columns: [{ name: 'title', type: 'text' }] }),
  },
  ...panelAttacks(),
  { procedure: 'connection.get', slots: ['databaseId'], input: bare },
  { procedure: 'connection.create', slots: ['databaseId'], input: bare },
  { procedure: 'connection.rotate', slots: ['databaseId'], input: bare },
  { procedure: 'connection.revoke', slots: ['databaseId'], input: bare },
  { procedure: 'endUsers.list', slots: ['databaseId'], input: bare },
  { procedure: 'endUsers.get', slots: ['databaseId', 'userId'], input: bare },
  { procedure: 'endUsers.create', slots: ['databaseId'], input: plus(newcomer) },
  { procedure: 'endUsers.invite', slots: ['databaseId'], input: plus({ email: newcomer.email }) },
  { procedure: 'endUsers.sendReset', slots: ['databaseId', 'userId'], input: bare },
  { procedure: 'endUsers.setPassword', slots: ['databaseId', 'userId'], input: plus({ password: newcomer.password }) },
  { procedure: 'endUsers.setBan', slots: ['databaseId', 'userId'], input: plus({ banned: true }) },
  { procedure: 'endUsers.endSessions', slots: ['databaseId', 'userId'], input: bare },
  { procedure: 'endUsers.references', slots: ['databaseId', 'userId'], input: bare },
  { procedure: 'endUsers.delete', slots: ['databaseId', 'userId'], input: bare },
  { procedure: 'endUsers.settings', slots: ['databaseId'], input: bare },
  { procedure: 'endUsers.updateSettings', slots: ['databaseId'], input: plus({ settings: authSettings }) },
  { procedure: 'endUsers.testMail', slots: ['databaseId'], input: plus({ recipient: newcomer.email }) },
  { procedure: 'endUsers.mails', slots: ['databaseId'], input: bare },
  { procedure: 'keys.list', slots: ['databaseId'], input: bare },
  { procedure: 'keys.create', slots: ['databaseId'], input: plus({ name: 'planted', kind: 'secret' }) },
  {
    procedure: 'keys.revokeNamed',
    slots: ['databaseId', 'keyId'],
    input: (ids) => ({ params: { databaseId: ids.databaseId }, query: {}, body: { id: ids.keyId } }),
  },
  { procedure: 'keys.revoke', slots: ['databaseId', 'keyId'], input: bare },
  { procedure: 'keys.rotate', slots: ['databaseId', 'keyId'], input: plus({ overlap: 0 }) },
  { procedure: 'keys.snippet', slots: ['databaseId'], input: bare },
  { procedure: 'rules.get', slots: ['databaseId', 'tableId'], input: bare },
  { procedure: 'rules.list', slots: ['databaseId'], input: bare },
  { procedure: 'rules.test', slots: ['databaseId', 'tableId'], input: plus({ verb: 'select', as: 'anonymous' }) },
  { procedure: 'api.settings', slots: ['databaseId'], input: bare },
  { procedure: 'api.setSettings', slots: ['databaseId'], input: plus({ origins: [] }) },
  { procedure: 'api.requests', slots: ['databaseId'], input: bare },
  { procedure: 'api.traffic', slots: ['databaseId'], input: plus({ span: 'hour' }) },
  {
    procedure: 'api.tryCall',
    slots: ['databaseId'],
    input: plus({ method: 'GET', tableName: 'plans', search: '', as: 'secret' }),
  },
  { procedure: 'api.document', slots: ['databaseId'], input: plus({ format: 'openapi' }) },
  { procedure: 'rules.set', slots: ['databaseId', 'tableId'], input: plus({ select: 'public' }) },
  { procedure: 'session.revoke', slots: ['sessionId'], input: bare },
]

function panelAttacks(): readonly Attack[] {
  const someId = '7d444840-9dc0-41d1-b245-5ffdce74fad2'
  const query = 'delete from plans returning *'
  const draft = { id: someId, place: 0, name: 'planted', text: 'planted', queryId: null, results: null, editedAt: 1 }
  const ofDatabase: Readonly<Record<string, object>> = {
    analyse: { query },
    preview: { query },
    run: { query, confirmed: true },
    functions: {},
    begin: {},
    commit: { transactionId: someId },
    rollback: { transactionId: someId },
    transactions: {},
    history: {},
    clearHistory: {},
    drafts: {},
    saveDraft: { draft },
    deleteDraft: { draftId: someId },
    savedQueries: {},
    createQuery: { name: 'planted', text: 'planted' },
    forget: { resultIds: [someId] },
    readExport: { exportId: someId, offset: 0 },
  }
  const ofResult: Readonly<Record<string, object>> = {
    page: { offset: 0, limit: 10 },
    cell: { row: 0, column: 0 },
    export: { format: 'csv' },
  }
  const ofQuery: Readonly<Record<string, object>> = { updateQuery: { name: 'taken' }, deleteQuery: {} }
  return [
    ...Object.entries(ofDatabase).map(([name, more]) => attack(name, ['databaseId'], more)),
    ...Object.entries(ofResult).map(([name, more]) => attack(name, ['databaseId', 'resultId'], more)),
    ...Object.entries(ofQuery).map(([name, more]) => attack(name, ['databaseId', 'queryId'], more)),
  ]
}

function attack(name: string, slots: readonly Slot[], more: object): Attack {
  return { procedure: `sqlPanel.${name}`, slots, input: plus(more) }
}

/**
 * Every attack with the victim's ids in every position, alone and together with the intruder's own, also ids of the
 * wrong kind; the same by nobody; lists and values that reach for the victim's; and bad tokens.
 */
export function callProbes({ victim, intruder }: TwoTenants, badTokens: ReadonlyMap<string, string>): CallProbe[] {
  return [
    ...attacks.flatMap((attack) => foreignIds(attack, victim, intruder)),
    ...attacks.map(
      ({ procedure, input }): CallProbe => ({
        name: `${procedure} by nobody`,
        procedure,
        input: input(slotsOf(victim)),
        caller: 'nobody',
        expected: ['UNAUTHENTICATED'],
      }),
    ),
    ...reachingInput(victim, intruder),
    ...[...badTokens].flatMap(([kind, token]) => withToken(kind, token, victim)),
  ]
}

function foreignIds({ procedure, slots, input }: Attack, victim: World, intruder: World): CallProbe[] {
  const own = slotsOf(intruder)
  const mixes: { name: string; ids: Ids }[] = []
  for (const slot of slots)
    for (const [kind, id] of Object.entries(idsOf(victim)))
      mixes.push({ name: `${slot}=${kind} of the victim, the rest own`, ids: { ...own, [slot]: id } })
  if (slots.length > 1) {
    const theirs = slotsOf(victim)
    mixes.push({ name: 'all of the victim', ids: theirs })
    for (const [kind, id] of Object.entries(idsOf(victim)))
      mixes.push({ name: `${slots[1]}=${kind} in the victim's database`, ids: { ...theirs, [slots[1] ?? '']: id } })
  }
  return mixes.map(({ name, ids }) => ({
    name: `${procedure} ${name}`,
    procedure,
    input: input(Object.fromEntries(slots.map((slot) => [slot, ids[slot]]))),
    caller: 'intruder',
    expected: ['NOT_FOUND'],
  }))
}

function slotsOf(world: World): { readonly [S in Slot]: string } {
  const { projectId, databaseId, plansTableId: tableId, recordId, sessionId, operation, viewId, userRecordId } = world
  const { resultId, queryId } = world
  const ids = { projectId, databaseId, tableId, recordId, sessionId, operation, viewId, resultId, queryId }
  return { ...ids, userId: userRecordId, keyId: world.keyId }
}

/** Calls that succeed or fail by what they say, and reach for the victim's in filters, values and cursors. */
function reachingInput(victim: World, intruder: World): CallProbe[] {
  const { databaseId } = intruder
  const theirs = Object.values(idsOf(victim))
  const query = (more: object) => ({ databaseId, tableName: 'plans', ...more })
  const calm = (name: string, procedure: string, input: unknown, repeatsIds = false): CallProbe => ({
    name,
    procedure,
    input,
    caller: 'intruder',
    expected: 'nothing',
    repeatsIds,
  })
  const refused = (name: string, procedure: string, input: unknown, expected: readonly ErrorCode[]): CallProbe => ({
    name,
    procedure,
    input,
    caller: 'intruder',
    expected,
  })
  const ids = { column: 'id', op: 'in', value: theirs }
  const everything = { not: { column: 'id', op: 'is', value: null } }
  return [
    calm('projects.list', 'projects.list', {}),
    calm('projects.list of the bin', 'projects.list', { deleted: true }),
    calm('session.list', 'session.list', undefined),
    calm('own overview', 'databases.get', { databaseId }),
    calm('own log', 'databases.audit', { databaseId }),
    calm('own log from the cursor of the victim', 'databases.audit', { databaseId, cursor: victim.activityCursor }),
    calm('own tables', 'tables.list', { databaseId }),
    calm('own schema', 'schema.get', { databaseId }),
    calm('own versions', 'schema.versions', { databaseId }),
    calm('own first version', 'schema.version', { databaseId, number: 1 }),
    calm('own layout', 'schema.layout', { databaseId }),
    refused(
      'a reference to a table of the victim, by its id',
      'schema.apply',
      {
        databaseId,
        edits: [{ type: 'dropTable', table: `t_${victim.plansTableId.replaceAll('-', '')}` }],
      },
      ['NOT_FOUND'],
    ),
    calm('own views', 'views.list', { databaseId, tableId: intruder.plansTableId }),
    calm('own runs of SQL', 'sqlPanel.history', { databaseId }),
    calm('own drafts', 'sqlPanel.drafts', { databaseId }),
    calm('own saved queries', 'sqlPanel.savedQueries', { databaseId }),
    calm('own open transactions', 'sqlPanel.transactions', { databaseId }),
    calm('results of the victim, forgotten', 'sqlPanel.forget', { databaseId, resultIds: [victim.resultId] }),
    calm('own records, all', 'records.query', query({ filters: everything, limit: 1000, count: 'exact' })),
    calm('own records, with the ids of the victim', 'records.query', query({ filters: ids, count: 'estimated' })),
    calm(
      'own records, owned by a user of the victim',
      'records.query',
      query({ filters: { owner: victim.userRecordId } }),
    ),
    calm('own records, deleted by the ids of the victim', 'records.deleteMany', query({ filters: ids })),
    calm('own records of the dedicated tier, all', 'records.query', {
      ...query({ filters: everything, limit: 1000, count: 'exact' }),
      tableName: 'invoices',
    }),
    calm('own tables, by SQL', 'sql.run', { databaseId, query: 'select * from plans; select * from invoices' }),
    ...['plans', 'invoices'].flatMap((table) => [
      refused(
        `${table} of the victim, by SQL`,
        'sql.run',
        { databaseId, query: `select * from ${victim.schema}.${table}` },
        ['FORBIDDEN', 'NOT_FOUND', 'VALIDATION'],
      ),
      refused(
        `${table} of the victim, written by SQL`,
        'sql.run',
        { databaseId, query: `delete from ${victim.schema}.${table}` },
        ['FORBIDDEN', 'NOT_FOUND', 'VALIDATION'],
      ),
    ]),
    ...[
      'studio.project_data',
      'studio.projects',
      `studio_rows.${victim.relation}`,
      `studio_data.${victim.relation}`,
    ].map((relation) =>
      refused(`${relation}, by SQL`, 'sql.run', { databaseId, query: `select * from ${relation}` }, [
        'FORBIDDEN',
        'NOT_FOUND',
        'VALIDATION',
      ]),
    ),
    ...['plans', 'invoices'].flatMap((tableName) => [
      calm(`own ${tableName}, summed up`, 'records.summary', { databaseId, tableName }),
      calm(`own ${tableName}, by value`, 'records.distribution', { databaseId, tableName, column: 'title' }),
      calm(`own ${tableName}, completed`, 'records.values', { databaseId, tableName, column: 'title' }),
      calm(`own ${tableName}, found`, 'records.find', { databaseId, tableName, text: '-' }),
    ]),
    calm('own people, to choose from', 'records.references', query({ column: 'owner' })),
    calm(
      'a record with the id of one of the victim',
      'records.create',
      query({ record: { id: victim.recordId } }),
      true,
    ),
    calm(
      'a save with the operation of the victim as its key',
      'records.saveMany',
      query({ key: victim.operation, create: [{ record }] }),
      true,
    ),
    refused(
      'a save of a record of the victim',
      'records.saveMany',
      query({ update: [{ id: victim.recordId, record }], delete: [{ id: victim.recordId }] }),
      ['VALIDATION'],
    ),
    refused(
      'a save that changes a record of the victim',
      'records.saveMany',
      query({ update: [{ id: victim.recordId, revision: 9, record, base: record }] }),
      ['CONFLICT'],
    ),
    refused('the cursor of the victim', 'records.query', query({ cursor: victim.recordCursor }), ['VALIDATION']),
    refused(
      'a reference to a user of the victim',
      'records.create',
      query({ record: { owner: victim.userRecordId } }),
      ['CONSTRAINT'],
    ),
    refused(
      'a reference to a user of the victim, in an update',
      'records.update',
      {
        params: { databaseId, recordId: intruder.recordId },
        query: { table: 'plans' },
        body: { record: { owner: victim.userRecordId } },
      },
      ['CONSTRAINT'],
    ),
  ]
}

function withToken(kind: string, token: string, victim: World): CallProbe[] {
  const { projectId, databaseId, recordId } = victim
  const calls: readonly (readonly [string, unknown])[] = [
    ['projects.list', {}],
    ['projects.get', { projectId }],
    ['projects.delete', { projectId }],
    ['databases.get', { databaseId }],
    ['tables.list', { databaseId }],
    ['records.query', { databaseId, tableName: 'plans' }],
    ['changes.history', { params: { databaseId, recordId }, query: { table: 'plans' } }],
    ['sql.run', { databaseId, query: 'select * from plans' }],
    ['connection.get', { databaseId }],
    ['records.delete', { params: { databaseId, recordId }, query: { table: 'plans' } }],
    ['auth.logout', { everywhere: true }],
  ]
  return calls.map(([procedure, input]) => ({
    name: `${procedure} with ${kind}`,
    procedure,
    input,
    caller: { token },
    expected: ['UNAUTHENTICATED'],
  }))
}
