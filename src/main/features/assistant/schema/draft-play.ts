import { AppError } from '@shared/app-error'
import { type EditEffect, schemaEdit } from '@shared/contract/tables.contract'
import { applyEdit, findColumn, findTable } from '@shared/domain/apply-edit'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import { hasSecretColumn, isSecretColumn } from '@shared/domain/secret-column'
import type { TableSchema } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { pairs } from './describe-again'
import { schemaViolations } from './json-schema'
import { readEdit } from './read-edit'
import type { Remarks } from './remarks'

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

export type DraftPlay = ReturnType<typeof createDraftPlay>

/** Applies edits one by one to the base, and keeps those that can be: whatever it answers is valid. */
export function createDraftPlay(base: DraftBase, remarks: Remarks) {
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

const keptByRename = (places: string) =>
  `Renamed instead of dropped and added again, so that its values stay: ${places}.`
