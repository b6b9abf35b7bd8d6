import { type ColumnDraft, draftsOf, isBlank, newColumn } from '@renderer/features/tables/column-draft'
import { changeDrafts, nextColumn } from '@renderer/features/tables/column-drafts'
import { asList, withDigits, withLength } from '@renderer/features/tables/column-types'
import {
  allowedName,
  problemsOfEdits,
  problemsOfTable,
  type TableDraft,
  toSchemaInput,
} from '@renderer/features/tables/draft-problems'
import { effectSentence, offersNull } from '@renderer/features/tables/effect-words'
import { planEdits } from '@renderer/features/tables/plan-edits'
import { planMoves } from '@renderer/features/tables/plan-moves'
import { referenceChoices } from '@renderer/features/tables/reference-choices'
import { applyEdit } from '@shared/domain/apply-edit'
import type { TableSchema } from '@shared/domain/table-schema'
import { usersTable } from '@shared/domain/users-table'
import { describe, expect, it } from 'vitest'

const orders: TableSchema = {
  name: 'orders',
  columns: [
    { name: 'id', type: 'uuid', primary_key: true, default: 'gen_random_uuid()' },
    { name: 'code', type: 'text', unique: true, required: true },
    { name: 'total', type: 'numeric(10,2)', default: '0' },
    { name: 'owner', type: 'uuid', references: { table: 'users', column: 'id', on_delete: 'set_null' } },
    { name: 'parent', type: 'uuid', references: { table: 'orders', column: 'id' } },
  ],
}
const schema = { tables: [usersTable, orders] }

/** The stored table with some columns changed, by name. */
function drafts(patches: Readonly<Record<string, Partial<ColumnDraft>>> = {}): readonly ColumnDraft[] {
  return draftsOf(orders).map((draft) => ({ ...draft, ...patches[draft.name] }))
}

/** The table after the planned edits, each checked by itself as the service does. */
function edited(columns: readonly ColumnDraft[]): TableSchema | undefined {
  let state: ReturnType<typeof applyEdit> = schema
  for (const { edit } of planEdits(orders, columns)) state = applyEdit(state, edit)
  return state.tables.find(({ name }) => name === 'orders')
}

const names = (columns: readonly ColumnDraft[]) => edited(columns)?.columns.map(({ name }) => name)

describe('A new table', () => {
  const draft: TableDraft = {
    name: 'invoices',
    timestamps: false,
    columns: [
      newColumn({ name: 'number', type: 'varchar(20)', required: true, unique: true }),
      newColumn({ name: 'paid', type: 'boolean', default: 'false' }),
      newColumn({
        name: 'owner',
        type: 'uuid',
        references: { table: 'users', column: 'id', on_delete: 'cascade' },
      }),
      newColumn({ name: 'previous', type: 'uuid', references: { table: null, column: 'id', on_delete: 'restrict' } }),
      newColumn(),
    ],
    sets: [],
  }

  it('says only what was said, and leaves blank columns out', () => {
    expect(toSchemaInput(draft)).toEqual({
      name: 'invoices',
      timestamps: false,
      columns: [
        { name: 'number', type: 'varchar(20)', required: true, unique: true },
        { name: 'paid', type: 'boolean', default: 'false' },
        { name: 'owner', type: 'uuid', references: { table: 'users', column: 'id', on_delete: 'cascade' } },
        { name: 'previous', type: 'uuid', references: { table: 'invoices', column: 'id', on_delete: 'restrict' } },
      ],
    })
    expect(problemsOfTable(draft, schema)).toEqual([])
  })

  it('may have a key of its own, of several columns, and then an "id" that is part of it', () => {
    const columns = [
      newColumn({ name: 'shop', type: 'text', inKey: true }),
      newColumn({ name: 'id', type: 'bigint', inKey: true, required: true }),
      newColumn({ name: 'pieces', type: 'integer' }),
    ]
    expect(problemsOfTable({ ...draft, columns }, schema)).toEqual([])
    expect(toSchemaInput({ ...draft, columns }).columns).toEqual([
      { name: 'shop', type: 'text', primary_key: true },
      { name: 'id', type: 'bigint', primary_key: true },
      { name: 'pieces', type: 'integer' },
    ])
    expect(isBlank(newColumn({ inKey: true }))).toBe(false)
  })

  it('points at the column that is wrong', () => {
    const [number, paid] = draft.columns
    const wrong = (column: Partial<ColumnDraft>) =>
      problemsOfTable({ ...draft, columns: number ? [{ ...number, ...column }] : [] }, schema)
    expect(wrong({ name: 'Invoice No' })).toMatchObject([{ key: number?.key, field: 'name', missing: false }])
    expect(wrong({ name: '' })).toMatchObject([{ key: number?.key, field: 'name', missing: true }])
    expect(wrong({ name: 'id' })).toMatchObject([{ key: number?.key, field: 'name' }])
    expect(wrong({ type: 'strin' })).toMatchObject([{ key: number?.key, field: 'type' }])
    expect(wrong({ type: 'integer', default: 'many' })).toMatchObject([{ key: number?.key, field: 'other' }])
    const twice = draft.columns.map((column) => (column === paid ? { ...column, name: 'number' } : column))
    expect(problemsOfTable({ ...draft, columns: twice }, schema)).toMatchObject([{ key: paid?.key, field: 'name' }])
  })

  it('needs a name that is free', () => {
    expect(problemsOfTable({ ...draft, name: '' }, schema)).toMatchObject([{ key: null, missing: true }])
    expect(problemsOfTable({ ...draft, name: 'orders' }, schema)).toMatchObject([{ key: null, missing: false }])
  })

  it.each([
    ['First name', 'first_name'],
    ['customerId', 'customer_id'],
    ['Größe (cm)', 'gro_e_cm'],
    ['2nd', 'nd'],
  ])('suggests a name for %s', (typed, allowed) => expect(allowedName(typed)).toBe(allowed))

  it('suggests nothing when nothing is left', () => expect(allowedName('__ 12 __')).toBeNull())
})

describe('Edits of a table', () => {
  it('are none when nothing changed', () => expect(planEdits(orders, drafts())).toEqual([]))

  it('keep a rename a rename', () => {
    const edits = planEdits(orders, drafts({ total: { name: 'amount' } }))
    expect(edits).toEqual([
      {
        key: 'was:total',
        step: false,
        edit: { type: 'renameColumn', table: 'orders', column: 'total', name: 'amount' },
      },
    ])
  })

  it('swap two names by way of a third', () => {
    const swapped = drafts({ code: { name: 'total' }, total: { name: 'code' } })
    expect(names(swapped)).toEqual(['id', 'total', 'code', 'owner', 'parent'])
    expect(edited(swapped)?.columns[1]).toMatchObject({ name: 'total', type: 'text', unique: true })
    expect(planEdits(orders, swapped).filter(({ step }) => !step)).toHaveLength(2)
  })

  it('take over the name of a dropped column', () => {
    const columns = drafts({ code: { dropped: true }, total: { name: 'code' } })
    expect(edited(columns)?.columns.map(({ name, type }) => [name, type])).toContainEqual(['code', 'numeric(10,2)'])
  })

  it('change type and default together, though each alone would not fit', () => {
    const columns = drafts({ total: { type: 'boolean', default: 'true', unfit: 'null' } })
    expect(edited(columns)?.columns[2]).toEqual({ name: 'total', type: 'boolean', default: 'true' })
    const edits = planEdits(orders, columns)
    expect(edits.map(({ edit, step }) => [edit.type, step])).toEqual([
      ['setDefault', true],
      ['changeType', false],
      ['setDefault', false],
    ])
    expect(edits[1]?.edit).toMatchObject({ to: 'boolean', unfit: 'null' })
  })

  it('tighten a reference and make its column required', () => {
    const columns = drafts({
      owner: { required: true, references: { table: 'users', column: 'id', on_delete: 'cascade' } },
    })
    expect(edited(columns)?.columns[3]).toMatchObject({
      required: true,
      references: { table: 'users', column: 'id', on_delete: 'cascade' },
    })
  })

  it('point a reference to a column of another type', () => {
    const columns = drafts({
      owner: { type: 'text', references: { table: 'users', column: 'email', on_delete: 'restrict' } },
    })
    expect(edited(columns)?.columns[3]).toMatchObject({ type: 'text', references: { column: 'email' } })
  })

  it('refer to a column of the same table that is renamed meanwhile', () => {
    const columns = drafts({
      code: { name: 'number' },
      parent: { type: 'text', references: { table: null, column: 'code', on_delete: 'restrict' } },
    })
    expect(edited(columns)?.columns[4]).toMatchObject({
      type: 'text',
      references: { table: 'orders', column: 'number' },
    })
  })

  it('add columns where they stand, and move as few as possible', () => {
    const [id, code, total, owner, parent] = drafts()
    if (!id || !code || !total || !owner || !parent) throw new Error('The table has five columns')
    const columns = [id, newColumn({ name: 'note' }), parent, code, { ...total, dropped: true }, owner, newColumn()]
    expect(names(columns)).toEqual(['id', 'note', 'parent', 'code', 'owner'])
    expect(planEdits(orders, columns).filter(({ edit }) => edit.type === 'moveColumn')).toHaveLength(1)
  })

  it('say which column cannot be so', () => {
    const id = drafts({ id: { dropped: true } })
    expect(problemsOfEdits(id, planEdits(orders, id), schema)).toMatchObject([{ key: 'was:id', field: 'other' }])
    const owner = drafts({ owner: { required: true } })
    expect(problemsOfEdits(owner, planEdits(orders, owner), schema)).toMatchObject([{ key: 'was:owner' }])
    expect(problemsOfEdits(drafts(), [], schema)).toEqual([])
  })
})

describe('Moves', () => {
  it.each([
    ['abcd', 'abcd', 0],
    ['dabc', 'abcd', 1],
    ['bcda', 'abcd', 1],
    ['dcba', 'abcd', 3],
    ['cadb', 'abcd', 2],
  ])('lead to %s from %s in %i', (to, from, count) => {
    const moves = planMoves([...to], [...from])
    let order = [...from]
    for (const { key, position } of moves) {
      order = order.filter((other) => other !== key)
      order.splice(position, 0, key)
    }
    expect(order.join('')).toBe(to)
    expect(moves).toHaveLength(count)
  })
})

describe('The list of columns', () => {
  it('forgets a new column and strikes a stored one', () => {
    const added = newColumn({ name: 'note' })
    const columns = changeDrafts(drafts(), { type: 'add', column: added, after: 'was:code' })
    expect(columns[2]).toBe(added)
    expect(changeDrafts(columns, { type: 'remove', key: added.key })).toEqual(drafts())
    const struck = changeDrafts(columns, { type: 'remove', key: 'was:code' })
    expect(struck[1]).toMatchObject({ name: 'code', dropped: true })
    expect(changeDrafts(struck, { type: 'keep', key: 'was:code' })[1]).toMatchObject({ dropped: false })
  })

  it.each([
    ['was:id', 'was:total', ['code', 'total', 'id', 'owner', 'parent']],
    ['was:owner', 'was:code', ['id', 'owner', 'code', 'total', 'parent']],
  ])('moves %s to the place of %s', (key, over, expected) => {
    expect(changeDrafts(drafts(), { type: 'move', key, over }).map(({ name }) => name)).toEqual(expected)
  })

  it('goes on in the blank column that follows, before it makes another', () => {
    const [first, blank] = [newColumn({ name: 'a' }), newColumn()]
    expect(nextColumn([first, blank], first.key)).toBe(blank)
    expect(isBlank(nextColumn([blank, first], blank.key))).toBe(true)
  })
})

describe('Types', () => {
  it('take and lose a length', () => {
    expect(withLength('varchar', '80')).toBe('varchar(80)')
    expect(withLength('varchar(80)[]', '')).toBe('varchar[]')
    expect(withDigits('numeric', '10', '2')).toBe('numeric(10,2)')
    expect(withDigits('numeric(4,2)', '1', '2')).toBe('numeric(1,1)')
    expect(withDigits('numeric(10,2)', '', '2')).toBe('numeric')
    expect(asList('numeric(10,2)', true)).toBe('numeric(10,2)[]')
    expect(asList('text[]', false)).toBe('text')
  })
})

describe('What can be referred to', () => {
  it('is a key or unique, but no password', () => {
    const own = { name: '', columns: [{ name: 'id', type: 'uuid', primary_key: true }] }
    const secret = {
      ...usersTable,
      columns: usersTable.columns.map((column) =>
        column.name === 'password_hash' ? { ...column, unique: true } : column,
      ),
    }
    expect(referenceChoices([secret, orders], own).map(({ value }) => value)).toEqual([
      'users.id',
      'users.email',
      'orders.id',
      'orders.code',
      '.id',
    ])
  })
})

describe('The words of an effect', () => {
  const base = { affected: 1, refused: true, examples: ['"x"'], lost: null }
  const edit = { type: 'changeType', table: 'orders', column: 'code', to: 'integer' } as const

  it('leave out what only a program can do', () => {
    const sentence =
      '1 of 2 values does not fit integer and would become NULL: "x". Allow that with "unfit": "null", or correct it first.'
    const effect = { ...base, edit, sentence }
    expect(effectSentence(effect)).toBe('1 of 2 values does not fit integer and would become NULL: "x".')
    expect(offersNull(effect)).toBe(true)
  })

  it('offer nothing when NULL is no way out', () => {
    const sentence =
      '1 of 2 values does not fit integer and would become NULL: "x", which the required column does not allow. Correct it first.'
    expect(offersNull({ ...base, edit, sentence })).toBe(false)
  })
})

describe('Columns that are unique together', () => {
  const stock: TableSchema = {
    name: 'stock',
    columns: [
      { name: 'shop', type: 'text' },
      { name: 'code', type: 'text' },
      { name: 'day', type: 'date' },
    ],
    unique: [['shop', 'code']],
  }
  const [shop, code, day] = draftsOf(stock)
  if (!shop || !code || !day) throw new Error('The table has three columns')
  const plan = (columns: readonly ColumnDraft[], sets: readonly (readonly string[])[]) => {
    const edits = planEdits(stock, columns, sets).map(({ edit }) => edit)
    let state: ReturnType<typeof applyEdit> = { tables: [stock] }
    for (const edit of edits) state = applyEdit(state, edit)
    return { edits, unique: state.tables[0]?.unique }
  }

  it('stay so when nothing is said about them', () => {
    expect(planEdits(stock, [shop, code, day])).toEqual([])
    expect(plan([shop, code, day], [[code.key, shop.key]]).edits).toEqual([])
  })

  it('are added and dropped by the names of then and now', () => {
    const renamed = [{ ...shop, name: 'branch' }, code, day]
    expect(plan(renamed, [[shop.key, day.key]])).toEqual({
      edits: [
        { type: 'dropUnique', table: 'stock', columns: ['shop', 'code'] },
        { type: 'renameColumn', table: 'stock', column: 'shop', name: 'branch' },
        { type: 'addUnique', table: 'stock', columns: ['branch', 'day'] },
      ],
      unique: [['branch', 'day']],
    })
    expect(plan([{ ...shop, name: 'branch' }, code, day], [[shop.key, code.key]]).unique).toEqual([['branch', 'code']])
  })

  it('may be new ones, and go with a column', () => {
    const note = newColumn({ name: 'note' })
    expect(
      plan(
        [shop, { ...code, dropped: true }, day, note],
        [
          [shop.key, code.key],
          [day.key, note.key],
        ],
      ),
    ).toEqual({
      edits: [
        { type: 'dropColumn', table: 'stock', column: 'code' },
        expect.objectContaining({ type: 'addColumn' }),
        { type: 'addUnique', table: 'stock', columns: ['day', 'note'] },
      ],
      unique: [['day', 'note']],
    })
  })

  it('are part of a new table', () => {
    const columns = [newColumn({ name: 'shop' }), newColumn({ name: 'code' })]
    const sets = [columns.map(({ key }) => key)]
    const draft = { name: 'stock', timestamps: false, columns, sets }
    expect(toSchemaInput(draft)).toMatchObject({ unique: [['shop', 'code']] })
    expect(toSchemaInput({ ...draft, columns: columns.slice(1) })).not.toHaveProperty('unique')
  })
})
