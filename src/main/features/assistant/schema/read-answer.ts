import { AppError } from '@shared/app-error'
import { type EditEffect, schemaEdit } from '@shared/contract/tables.contract'
import { applyEdit, findColumn, findTable } from '@shared/domain/apply-edit'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import { hasSecretColumn, isSecretColumn } from '@shared/domain/secret-column'
import type { TableSchema } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { describeAgain, pairs } from './describe-again'
import { type DesignedTable, designTable } from './designed-table'
import { schemaViolations } from './json-schema'
import { entries, isObject, type LooseObject, member, textMember } from './loose'
import { type LooseTable, readTable } from './loose-table'
import { sameName, snakeCase, tableNameOf } from './names'
import { addInOrder } from './order-tables'
import { editKind, readEdit } from './read-edit'
import { createRemarks, type Remarks } from './remarks'
import { resolveReferences, type Targets } from './resolve-references'
import { fitSamples, type LooseSamples, readSamples, type SampleRecords } from './samples'

export interface DraftBase {
  /** What the answer is about: the draft, or the tables that are there. */
  readonly schema: DatabaseSchema
  /** Names of tables in it that exist. */
  readonly real: ReadonlySet<string>
  /** The person's words ask for something to go. */
  readonly mayDrop: boolean
}

/** An edit as the contract takes it. */
export type CheckedEdit = EditEffect['edit']

/** What an answer comes to. Every edit has been applied in this order to the base, and the draft is the outcome. */
export interface SchemaAnswer {
  readonly reply: string
  readonly edits: readonly CheckedEdit[]
  readonly draft: DatabaseSchema
  /** What was understood differently from how it was written. */
  readonly notes: readonly string[]
  /** What could not be taken, and why. */
  readonly problems: readonly string[]
  /** Taken, but a better answer would not have it. */
  readonly doubts: readonly string[]
  readonly samples: readonly SampleRecords[]
  readonly indexes: readonly { readonly table: string; readonly columns: readonly string[] }[]
}

/** Tables that one answer may add: what can still be looked through. */
const mostTables = 200
const mostEdits = 2_000

/** Reads `{"tables": [...]}`, `{"edits": [...]}`, both, or a bare table or list. Total: whatever comes, it answers. */
export function readSchemaAnswer(value: JsonValue, base: DraftBase): SchemaAnswer {
  const remarks = createRemarks()
  const { tables, edits, samples, reply, isAnswer } = partsOf(value)
  const play = createPlay(base, remarks)
  const rest: JsonValue[] = []
  const added: JsonValue[] = []
  for (const edit of edits.slice(0, mostEdits)) {
    const kind = editKind(edit)
    if (kind === 'addTable') added.push(edit)
    else if (kind === 'renameTable') play.attempt(() => readEdit(edit, play.place()))
    else rest.push(edit)
  }
  const loose = [...tables, ...added].slice(0, mostTables).flatMap((each) => {
    const table = readTable(each)
    if (table === null) play.refuse(`A table has no name: ${JSON.stringify(each).slice(0, 100)}.`)
    return table === null ? [] : [table]
  })
  if (tables.length + added.length > mostTables || edits.length > mostEdits)
    play.refuse(
      `The answer has more than ${mostTables} tables or ${mostEdits.toLocaleString('en')} edits; the rest was left out.`,
    )
  const names = addTables(loose, play, base, remarks)
  play.attemptAll(rest)
  if (!isAnswer) play.refuse('The answer holds neither tables nor edits.')
  const draft = play.schema()
  const own = loose.flatMap(({ name, records }): readonly LooseSamples[] => [
    { table: names.get(name) ?? name, rows: records, columns: [] },
  ])
  const named = samples.map((each) => ({
    ...each,
    table: names.get(each.table) ?? snakeCase(each.table, 'table') ?? each.table,
  }))
  return {
    reply,
    edits: play.edits(),
    draft,
    notes: remarks.notes,
    problems: play.problems(),
    doubts: remarks.doubts,
    samples: fitSamples(
      draft,
      [...named, ...own].filter(({ rows }) => rows.length > 0),
    ),
    indexes: loose.flatMap(({ name, indexes }) => indexesOf(draft, names.get(name) ?? '', indexes)),
  }
}

interface Parts {
  readonly tables: readonly JsonValue[]
  readonly edits: readonly JsonValue[]
  readonly samples: readonly LooseSamples[]
  readonly reply: string
  readonly isAnswer: boolean
}

function partsOf(value: JsonValue): Parts {
  if (Array.isArray(value)) {
    const isEdits = value.some((each: JsonValue) => editKind(each) !== null)
    return {
      tables: isEdits ? [] : value,
      edits: isEdits ? value : [],
      samples: [],
      reply: '',
      isAnswer: value.length > 0,
    }
  }
  if (!isObject(value)) return { tables: [], edits: [], samples: [], reply: '', isAnswer: false }
  const reply = (textMember(value, 'reply', 'summary', 'message', 'explanation', 'notes') ?? '').slice(0, 4_000)
  const [tables, edits] = [member(value, 'tables', 'new_tables'), member(value, 'edits', 'changes', 'operations')]
  if (tables === undefined && edits === undefined) {
    const inner = member(value, 'schema', 'database', 'data', 'result', 'answer', 'draft')
    if (inner !== undefined && typeof inner === 'object')
      return { ...partsOf(inner), ...(reply === '' ? {} : { reply }) }
    if (editKind(value) !== null) return { tables: [], edits: [value], samples: [], reply, isAnswer: true }
    const isTable = isBareTable(value)
    return { tables: isTable ? [value] : [], edits: [], samples: [], reply, isAnswer: isTable || reply !== '' }
  }
  return {
    tables: entries(tables),
    edits: Array.isArray(edits) ? edits : isObject(edits) ? [edits] : [],
    samples: readSamples(member(value, 'samples', 'sample_records', 'sample_data')),
    reply,
    isAnswer: reply !== '' || entries(tables).length > 0 || (Array.isArray(edits) && edits.length > 0),
  }
}

function isBareTable(value: LooseObject): boolean {
  return member(value, 'columns', 'fields') !== undefined || isObject(member(value, 'table'))
}

/** Adds what is new, and changes what is described once more. Answers the names that the model's names became. */
function addTables(
  loose: readonly LooseTable[],
  play: Play,
  { real }: DraftBase,
  remarks: Remarks,
): ReadonlyMap<string, string> {
  const known = play.schema().tables
  const knownNames = known.map(({ name }) => name)
  const aliases = new Map<string, string>()
  const designed = new Map<string, DesignedTable>()
  for (const table of loose) {
    const named = tableNameOf(table.name)
    if (named === null) {
      play.refuse(`A table is named ${JSON.stringify(table.name.slice(0, 60))}, which holds no letter.`)
      continue
    }
    const name = sameName(snakeCase(table.name, 'table') ?? named, knownNames) ?? sameName(named, knownNames) ?? named
    if (name !== table.name && !knownNames.includes(name))
      remarks.add(renamedTables, `"${table.name.slice(0, 60)}" to ${name}`)
    aliases.set(table.name, name)
    if (designed.has(name)) remarks.add(duplicateTables, name)
    else designed.set(name, designTable(name, table, remarks))
  }
  const targets: Targets = { designed: [...designed.values()], known, aliases }
  const resolved = resolveReferences(targets, remarks)
  const fresh = resolved.filter(({ name }) => !knownNames.includes(name))
  const { edits, circles } = addInOrder(fresh.filter((table) => play.isSound(table)))
  for (const place of circles) remarks.add(circular, place)
  for (const edit of edits) play.attempt(() => edit)
  for (const described of resolved) {
    const table = known.find(({ name }) => name === described.name)
    if (table !== undefined) play.attemptEach(describeAgain(table, described, real.has(table.name), remarks))
  }
  return aliases
}

type Play = ReturnType<typeof createPlay>

/** Applies edits one by one to the base, and keeps those that can be: whatever it answers is valid. */
function createPlay(base: DraftBase, remarks: Remarks) {
  let schema = base.schema
  let real = new Set(base.real)
  let edits: CheckedEdit[] = []
  const problems = new Set<string>()
  const place = () => ({ schema, isReal: (table: string) => real.has(table), remarks })

  function apply(edit: SchemaEdit): void {
    refuseUnasked(edit, base, schema, real)
    // The contract's own gate: what it would not take from a person it does not take from a model.
    const checked = schemaEdit.safeParse(edit)
    if (!checked.success)
      throw new AppError('VALIDATION', sentenceOf(edit, checked.error.issues[0]?.message ?? 'is not valid'))
    const next = applyEdit(schema, checked.data)
    const violations = next.tables.filter((table) => !schema.tables.includes(table)).flatMap(schemaViolations)
    if (violations[0] !== undefined) throw new AppError('VALIDATION', violations[0])
    schema = next
    edits.push(checked.data)
    if (edit.type === 'renameTable' && real.has(edit.table))
      real = new Set([...real].map((name) => (name === edit.table ? edit.name : name)))
  }
  /** False when it cannot be applied yet. */
  function isApplied(read: () => SchemaEdit): string | null {
    try {
      apply(read())
      return null
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return error.message
    }
  }
  function attemptInAnyOrder(reads: readonly (() => SchemaEdit)[]): void {
    let waiting = reads.map((read) => ({ read, reason: '' }))
    for (let before = -1; waiting.length > 0 && waiting.length !== before; ) {
      before = waiting.length
      waiting = waiting.flatMap(({ read }) => {
        const reason = isApplied(read)
        return reason === null ? [] : [{ read, reason }]
      })
    }
    for (const { reason } of waiting) problems.add(reason)
  }

  return {
    place,
    schema: () => schema,
    edits: () => edits,
    problems: () => [...problems],
    refuse: (sentence: string) => void problems.add(sentence),
    isSound(table: TableSchema): boolean {
      const violations = schemaViolations(table)
      for (const sentence of violations.slice(0, 5)) problems.add(sentence)
      return violations.length === 0
    },
    attempt(read: () => SchemaEdit): void {
      const reason = isApplied(read)
      if (reason !== null) problems.add(reason)
    },
    attemptEach: (list: readonly SchemaEdit[]) => attemptInAnyOrder(list.map((edit) => () => edit)),
    /** A column that is dropped and added again under another name is renamed: only so its values stay. */
    attemptAll(list: readonly JsonValue[]): void {
      const start = { schema, edits: [...edits], problems: [...problems], real }
      attemptInAnyOrder(list.map((each) => () => readEdit(each, place())))
      const joined = withRenames(edits.slice(start.edits.length), start.schema)
      if (joined === null) return
      schema = start.schema
      edits = start.edits
      real = start.real
      for (const { from, to } of joined.renames) remarks.add(keptByRename, `${from} as ${to}`)
      attemptInAnyOrder(joined.edits.map((edit) => () => edit))
    },
  }
}

function withRenames(edits: readonly SchemaEdit[], schema: DatabaseSchema) {
  const renames: { from: string; to: string; drop: SchemaEdit; add: SchemaEdit; edit: SchemaEdit }[] = []
  for (const table of schema.tables) {
    const drops = edits.filter((edit) => edit.type === 'dropColumn' && edit.table === table.name)
    const adds = edits.filter((edit) => edit.type === 'addColumn' && edit.table === table.name)
    const dropped = drops.flatMap((edit) =>
      table.columns.filter(({ name }) => edit.type === 'dropColumn' && name === edit.column),
    )
    for (const [from, to] of pairs(
      dropped,
      adds.flatMap((edit) => (edit.type === 'addColumn' ? [edit.column] : [])),
    )) {
      const drop = drops.find((edit) => edit.type === 'dropColumn' && edit.column === from.name)
      const add = adds.find((edit) => edit.type === 'addColumn' && edit.column === to)
      if (drop && add)
        renames.push({
          from: `${table.name}.${from.name}`,
          to: to.name,
          drop,
          add,
          edit: { type: 'renameColumn', table: table.name, column: from.name, name: to.name },
        })
    }
  }
  if (renames.length === 0) return null
  const kept = edits.flatMap((edit): readonly SchemaEdit[] => {
    if (renames.some(({ add }) => add === edit)) return []
    const rename = renames.find(({ drop }) => drop === edit)
    return rename === undefined ? [edit] : [rename.edit]
  })
  return { renames, edits: kept }
}

/** A table or column that exists goes only when the person's words ask for something to go; what people sign in with never. */
function refuseUnasked(
  edit: SchemaEdit,
  { mayDrop }: DraftBase,
  schema: DatabaseSchema,
  real: ReadonlySet<string>,
): void {
  if (edit.type !== 'dropTable' && edit.type !== 'dropColumn') return
  const table = findTable(schema, edit.table)
  const what =
    edit.type === 'dropTable'
      ? `the table "${table.name}"`
      : `column "${findColumn(table, edit.column).name}" of the table "${table.name}"`
  if (edit.type === 'dropTable' ? hasSecretColumn(table) : isSecretColumn(table.name, edit.column))
    throw new AppError('VALIDATION', `The answer would drop ${what}, which people sign in with.`)
  if (!mayDrop && real.has(table.name))
    throw new AppError('VALIDATION', `The answer would drop ${what}, which exists, and that was not asked for.`)
}

function sentenceOf(edit: SchemaEdit, message: string): string {
  const table = typeof edit.table === 'string' ? edit.table : edit.table.name
  return `An edit of table "${table.slice(0, 60)}" is not valid: ${message}`
}

function indexesOf(draft: DatabaseSchema, name: string, indexes: LooseTable['indexes']): SchemaAnswer['indexes'] {
  const table = draft.tables.find((each) => each.name === name)
  if (table === undefined) return []
  return indexes.flatMap((raw) => {
    const columns = raw.map((each) => snakeCase(each, 'column') ?? '')
    return columns.every((each) => table.columns.some((column) => column.name === each))
      ? [{ table: name, columns }]
      : []
  })
}

const renamedTables = (places: string) => `Renamed ${places}: names of tables are in snake_case, and no words of SQL.`
const duplicateTables = (places: string) => `Described twice and taken once: ${places}.`
const circular = (places: string) =>
  `Set last, and not required, because these tables reference each other in a circle: ${places}.`
const keptByRename = (places: string) =>
  `Renamed instead of dropped and added again, so that its values stay: ${places}.`
