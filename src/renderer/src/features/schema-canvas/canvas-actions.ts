import type { ColumnPatch } from '@renderer/features/tables/column-draft'
import { toast } from '@renderer/ui/toast'
import { applyEdit, findColumn, findTable } from '@shared/domain/apply-edit'
import { uniqueSetKey } from '@shared/domain/check-table'
import type { BaseType } from '@shared/domain/column-type'
import { describeEdits } from '@shared/domain/describe-edit'
import { diffSchemas } from '@shared/domain/diff-schemas'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import type { ColumnSchema, TableSchema } from '@shared/domain/table-schema'
import { createContext, useContext } from 'react'
import { nodeIds, parseNodeId } from './canvas-graph'
import type { Area, LayoutPatch, Note, Place } from './canvas-layout'
import type { CanvasUi, SchemaSpot, Where } from './canvas-ui'
import { columnEdits } from './column-edits'
import type { DraftStep } from './draft-history'
import type { DraftStore } from './draft-store'
import { makeRoom } from './make-room'
import { isBlock, placeNew } from './place-block'
import { type Point, snap } from './place-tables'
import { freeColumn, freeTable } from './relation-rules'

/** What people do on the canvas, in the outline and by keys: each is one step of the draft, or says why it cannot be. */
export class CanvasActions {
  constructor(
    readonly store: DraftStore,
    readonly ui: CanvasUi,
  ) {}

  get schema(): DatabaseSchema {
    return this.store.state().schema
  }

  /** The reason when the edits cannot be, null when they are in the draft. */
  try(edits: readonly SchemaEdit[], options: Partial<Omit<DraftStep, 'edits'>> = {}): string | null {
    if (edits.length === 0) return null
    try {
      this.store.commit(edits, options)
      return null
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  /** The same, for what has no place of its own for a reason. */
  do(edits: readonly SchemaEdit[], options: Partial<Omit<DraftStep, 'edits'>> = {}): boolean {
    const problem = this.try(edits, options)
    if (problem !== null) toast.error(problem)
    return problem === null
  }

  /** A new table around that point, its name ready to be typed. */
  addTable(near: Point, columns: readonly ColumnSchema[] = []): void {
    const name = freeTable(this.schema, 'new_table')
    if (this.addTables([{ name, columns }], near))
      this.ui.set({ renaming: { table: name, column: null, where: 'canvas' } })
  }

  /** Tables with places beside what they refer to, or around the point; they are selected. */
  addTables(tables: readonly TableSchema[], near?: Point): boolean {
    const edits = tables.map((table): SchemaEdit => ({ type: 'addTable', table }))
    return this.addByEdits(edits, near)
  }

  addByEdits(edits: readonly SchemaEdit[], near?: Point, label = describeEdits(edits)): boolean {
    const { schema, layout } = this.store.state()
    const known = new Set(schema.tables.map(({ name }) => name))
    let next = schema
    try {
      for (const edit of edits) next = applyEdit(next, edit)
    } catch (error) {
      toast.error(error instanceof Error ? error.message : String(error))
      return false
    }
    const tables = placeNew(next.tables, layout.tables, near)
    if (!this.do(edits, { label, layout: { tables } })) return false
    const added = next.tables.filter(({ name }) => !known.has(name))
    const names = added.map(({ name }) => name)
    // What was dropped at a place is where people look; many lie beside everything else.
    const arrived = near && !isBlock(names.length) ? [] : names
    this.ui.set({ selected: names.map(nodeIds.table), column: null, arrived })
    return true
  }

  addColumn(
    table: string,
    column: { readonly name: string; readonly type: BaseType },
    { position, where = 'canvas' }: { readonly position?: number; readonly where?: Where } = {},
  ): void {
    const found = findTable(this.schema, table)
    const name = freeColumn(found, column.name)
    const { schema, layout } = this.store.state()
    const edit: SchemaEdit = { type: 'addColumn', table, column: { name, type: column.type }, position }
    const tables = makeRoom(schema.tables, applyEdit(schema, edit).tables, layout)
    if (!this.do([edit], { layout: { tables } })) return
    const spot = { table, column: name }
    this.ui.set({ column: spot, renaming: { ...spot, where }, selected: [nodeIds.table(table)] })
  }

  rename({ table, column }: SchemaSpot, name: string): string | null {
    const problem = this.try(
      column === null ? [{ type: 'renameTable', table, name }] : [{ type: 'renameColumn', table, column, name }],
    )
    if (problem !== null) return problem
    const { column: chosen, selected, details } = this.ui.now()
    const moved = (spot: SchemaSpot | null): SchemaSpot | null => {
      if (spot === null || spot.table !== table) return spot
      if (column === null) return { ...spot, table: name }
      return spot.column === column ? { table, column: name } : spot
    }
    const id = nodeIds.table(table)
    this.ui.set({
      column: moved(chosen),
      details: moved(details),
      selected: column === null ? selected.map((other) => (other === id ? nodeIds.table(name) : other)) : selected,
    })
    return null
  }

  change({ table, column }: { readonly table: string; readonly column: string }, patch: ColumnPatch): string | null {
    const found = findTable(this.schema, table)
    // Typing a default, or a length, is one step.
    const group = `change ${table}.${column} ${Object.keys(patch).join(' ')}`
    return this.try(columnEdits(found, findColumn(found, column), patch), { group })
  }

  changeOrSay(spot: { readonly table: string; readonly column: string }, patch: ColumnPatch): void {
    const problem = this.change(spot, patch)
    if (problem !== null) toast.error(problem)
  }

  /** Of a table, or of a column; typing it is one step. */
  comment({ table, column }: SchemaSpot, text: string): string | null {
    const comment = text.trim() === '' ? null : text
    const edit: SchemaEdit = { type: 'setComment', table, ...(column === null ? {} : { column }), comment }
    return this.try([edit], { group: `comment ${table}.${column ?? ''}` })
  }

  /** Sets of columns by their names, whose values together are there once. */
  setUniqueSets(table: string, sets: readonly (readonly string[])[]): string | null {
    const before = findTable(this.schema, table).unique ?? []
    const [had, has] = [before, sets].map((all) => new Set(all.map(uniqueSetKey)))
    const gone = before.filter((set) => !has?.has(uniqueSetKey(set)))
    const come = sets.filter((set) => !had?.has(uniqueSetKey(set)))
    return this.try([
      ...gone.map((columns): SchemaEdit => ({ type: 'dropUnique', table, columns })),
      ...come.map((columns): SchemaEdit => ({ type: 'addUnique', table, columns })),
    ])
  }

  /** Whether the key can still be chosen: the table is of this draft, and has no records. */
  choosesKey(table: string): boolean {
    return !this.store.state().base.tables.some(({ name }) => name === table)
  }

  /** A key is of the table from its beginning, so the table is made again with the other one. */
  setKey(table: string, column: string, inKey: boolean): string | null {
    const { schema, layout } = this.store.state()
    const tables = schema.tables.map((other) => (other.name === table ? withKey(other, column, inKey) : other))
    const place = layout.tables[table]
    return this.try(diffSchemas(schema, { tables }), {
      label: inKey ? `Put ${table}.${column} into the key` : `Take ${table}.${column} out of the key`,
      ...(place ? { layout: { tables: { [table]: place } } } : {}),
    })
  }

  /** To the place that it would have with the line shown before `index`. */
  moveColumn(table: string, column: string, index: number): void {
    const { columns } = findTable(this.schema, table)
    const from = columns.findIndex(({ name }) => name === column)
    const position = Math.max(0, Math.min(index > from ? index - 1 : index, columns.length - 1))
    if (from < 0 || position === from) return
    this.do([{ type: 'moveColumn', table, column, position }])
  }

  remove({ table, column }: SchemaSpot): void {
    const done = this.do([column === null ? { type: 'dropTable', table } : { type: 'dropColumn', table, column }])
    if (done) this.ui.set({ column: null, details: null })
  }

  /** Everything that is selected, as one step: the column if one is, else relation, tables, areas and notes. */
  removeSelected(): void {
    const { selected, column, relation } = this.ui.now()
    if (relation !== null) {
      this.removeRelation(relation)
      return
    }
    if (column?.column) {
      this.remove(column)
      return
    }
    const chosen = selected.map(parseNodeId)
    const names = chosen.filter(({ kind }) => kind === 'table').map(({ key }) => key)
    const layout: LayoutPatch = {
      areas: Object.fromEntries(chosen.filter(({ kind }) => kind === 'area').map(({ key }) => [key, null])),
      notes: Object.fromEntries(chosen.filter(({ kind }) => kind === 'note').map(({ key }) => [key, null])),
    }
    if (chosen.length === 0) return
    if (names.length === 0) {
      this.store.arrange(chosen.length === 1 ? `Delete ${chosen[0]?.kind}` : 'Delete areas and notes', layout)
      this.ui.set({ selected: [] })
      return
    }
    if (this.do(dropTables(this.schema, names), { layout, label: dropLabel(names) }))
      this.ui.set({ selected: [], column: null })
  }

  removeRelation(id: string): void {
    const spot = this.spotOfRelation(id)
    if (spot && this.do([{ type: 'setReference', ...spot, references: null }])) this.ui.set({ relation: null })
  }

  spotOfRelation(id: string): { readonly table: string; readonly column: string } | null {
    const [table = '', column = ''] = id.split('.')
    const found = this.schema.tables.find(({ name }) => name === table)?.columns.find(({ name }) => name === column)
    return found?.references ? { table, column } : null
  }

  addArea(at: Point, area: Partial<Area> = {}): void {
    const id = crypto.randomUUID()
    const made: Area = { name: 'Area', width: 640, height: 420, hue: 'blue', x: snap(at.x), y: snap(at.y), ...area }
    this.store.arrange('Add an area', { areas: { [id]: made } })
    this.ui.set({ selected: [nodeIds.area(id)] })
  }

  addNote(at: Point): void {
    const id = crypto.randomUUID()
    const made: Note = { text: '', x: snap(at.x), y: snap(at.y), width: 224, height: 128 }
    this.store.arrange('Add a note', { notes: { [id]: made } })
    this.ui.set({ selected: [nodeIds.note(id)] })
  }

  changeArea(id: string, change: Partial<Area>, label: string): void {
    const area = this.store.state().layout.areas[id]
    if (area) this.store.arrange(label, { areas: { [id]: { ...area, ...change } } })
  }

  changeNote(id: string, change: Partial<Note>, label: string): void {
    const note = this.store.state().layout.notes[id]
    if (note) this.store.arrange(label, { notes: { [id]: { ...note, ...change } } })
  }

  /** Pinned tables stay when the rest is arranged. */
  pin(table: string, pinned: boolean, place: Place): void {
    const { x, y } = place
    const next = pinned ? { x, y, pinned } : { x, y }
    this.store.arrange(`${pinned ? 'Pin' : 'Unpin'} ${table}`, { tables: { [table]: next } })
  }
}

/** References between and to the dropped tables go first, or none of them could go. */
export function dropTables(schema: DatabaseSchema, names: readonly string[]): readonly SchemaEdit[] {
  const going = new Set(names)
  const references = schema.tables.flatMap((table) =>
    table.columns.flatMap((column): SchemaEdit[] =>
      column.references && going.has(column.references.table) && column.references.table !== table.name
        ? [{ type: 'setReference', table: table.name, column: column.name, references: null }]
        : [],
    ),
  )
  return [...references, ...names.map((table): SchemaEdit => ({ type: 'dropTable', table }))]
}

function withKey(table: TableSchema, name: string, inKey: boolean): TableSchema {
  const columns = table.columns.map((column): ColumnSchema => {
    if (column.name !== name) return column
    const { primary_key: _, required: __, unique: ___, ...rest } = column
    return inKey ? { ...rest, primary_key: true } : rest
  })
  return { ...table, columns }
}

function dropLabel(names: readonly string[]): string {
  return names.length === 1 ? `Delete table ${names[0]}` : `Delete ${names.length} tables`
}

export const CanvasActionsContext = createContext<CanvasActions | null>(null)

export function useActions(): CanvasActions {
  const actions = useContext(CanvasActionsContext)
  if (actions === null) throw new Error('useActions needs the schema page around it')
  return actions
}
