import { AppError } from '@shared/app-error'
import { name as nameField } from '@shared/contract/fields'
import { applyEdit } from '@shared/domain/apply-edit'
import { parseColumnType } from '@shared/domain/column-type'
import type { DatabaseSchema } from '@shared/domain/schema-edit'
import type { TableSchemaInput } from '@shared/domain/table-schema'
import { type ColumnDraft, isBlank, toColumn } from './column-draft'
import type { PlannedEdit } from './plan-edits'
import { liveSets, namesOf, type UniqueSet } from './unique-sets'

export interface DraftProblem {
  /** Null when it concerns the table. */
  readonly key: string | null
  readonly field: 'name' | 'type' | 'other'
  readonly sentence: string
  /** Nothing was typed yet: said only when somebody wants to go on. */
  readonly missing: boolean
}

export interface TableDraft {
  readonly name: string
  readonly timestamps: boolean
  readonly columns: readonly ColumnDraft[]
  readonly sets: readonly UniqueSet[]
}

/** What `tables.create` takes. Columns about which nothing was said are left out. */
export function toSchemaInput(draft: TableDraft): TableSchemaInput {
  const sets = liveSets(draft.sets, draft.columns).map((set) => namesOf(set, draft.columns))
  return {
    name: draft.name,
    columns: draft.columns.filter((column) => !isBlank(column)).map((column) => toColumn(column, draft.name)),
    ...(sets.length > 0 ? { unique: sets } : {}),
    timestamps: draft.timestamps,
  }
}

/** What keeps the table from being made; nothing when it can be. */
export function problemsOfTable(draft: TableDraft, schema: DatabaseSchema): readonly DraftProblem[] {
  const problems: DraftProblem[] = []
  if (draft.name === '') problems.push({ key: null, field: 'name', sentence: 'Give the table a name.', missing: true })
  else {
    const sentence = nameProblem(draft.name)
    if (sentence) problems.push({ key: null, field: 'name', sentence, missing: false })
    else if (schema.tables.some(({ name }) => name === draft.name))
      problems.push({
        key: null,
        field: 'name',
        sentence: `There is already a table “${draft.name}”. Choose another name.`,
        missing: false,
      })
  }
  problems.push(...problemsOfColumns(draft.columns))
  const ownKey = draft.columns.some(({ inKey }) => inKey)
  for (const { key, name } of draft.columns)
    if (name === 'id' && !ownKey)
      problems.push({ key, field: 'name', sentence: 'The column “id” is added automatically.', missing: false })
  if (problems.length > 0) return problems
  try {
    applyEdit(schema, { type: 'addTable', table: toSchemaInput(draft) })
    return []
  } catch (error) {
    return [problemOf(error, (column) => draft.columns.find(({ name }) => name === column)?.key ?? null)]
  }
}

/** What keeps the edits from being made, apart from the records that exist. */
export function problemsOfEdits(
  columns: readonly ColumnDraft[],
  edits: readonly PlannedEdit[],
  schema: DatabaseSchema,
): readonly DraftProblem[] {
  const problems = problemsOfColumns(columns)
  if (problems.length > 0) return problems
  let state = schema
  for (const { key, edit } of edits)
    try {
      state = applyEdit(state, edit)
    } catch (error) {
      return [problemOf(error, () => key)]
    }
  return []
}

export function nameProblem(name: string): string | null {
  const parsed = nameField.safeParse(name)
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? null)
}

/** The nearest name that is allowed: “First name” becomes first_name. Null when nothing is left of it. */
export function allowedName(name: string): string | null {
  const allowed = name
    .trim()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 63)
  return nameProblem(allowed) === null ? allowed : null
}

function problemsOfColumns(columns: readonly ColumnDraft[]): DraftProblem[] {
  const problems: DraftProblem[] = []
  const seen = new Set<string>()
  for (const column of columns) {
    if (column.dropped || isBlank(column)) continue
    const { key, name, type } = column
    const say = (field: DraftProblem['field'], sentence: string, missing = false) =>
      problems.push({ key, field, sentence, missing })
    const wrong = nameProblem(name)
    if (name === '') say('name', 'Give the column a name.', true)
    else if (wrong) say('name', wrong)
    else if (seen.has(name)) say('name', `There are two columns “${name}”. Rename one of them.`)
    seen.add(name)
    if (!parseColumnType(type)) say('type', `“${type}” is not a column type. Choose one from the list.`)
  }
  return problems
}

function problemOf(error: unknown, keyOf: (column: string) => string | null): DraftProblem {
  if (!(error instanceof AppError)) throw error
  const { details } = error
  const column =
    typeof details === 'object' && details !== null && 'column' in details && typeof details.column === 'string'
      ? details.column
      : ''
  return { key: keyOf(column), field: 'other', sentence: error.message, missing: false }
}
