import type { DatabaseSchema } from '@shared/domain/schema-edit'
import type { JsonValue } from '@shared/json'
import { partsOf } from './answer-parts'
import { describeAgain } from './describe-again'
import { type DesignedTable, designTable } from './designed-table'
import { type CheckedEdit, createDraftPlay, type DraftBase, type DraftPlay } from './draft-play'
import { type LooseTable, readTable } from './loose-table'
import { sameName, snakeCase, tableNameOf } from './names'
import { addInOrder } from './order-tables'
import { editKind, readEdit } from './read-edit'
import { createRemarks, type Remarks } from './remarks'
import { resolveReferences, type Targets } from './resolve-references'
import { fitSamples, type LooseSamples, type SampleRecords } from './samples'

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
  const play = createDraftPlay(base, remarks)
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

/** Adds what is new, and changes what is described once more. Answers the names that the model's names became. */
function addTables(
  loose: readonly LooseTable[],
  play: DraftPlay,
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
