import { emptyLayout } from '@renderer/features/schema-canvas/canvas-layout'
import type { SavedDraft } from '@renderer/features/schema-canvas/draft-storage'
import { DraftStore } from '@renderer/features/schema-canvas/draft-store'
import type { DatabaseSchema } from '@shared/domain/schema-edit'
import { usersTable } from '@shared/domain/users-table'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const base: DatabaseSchema = { tables: [usersTable] }
const posts = { name: 'posts', columns: [{ name: 'title', type: 'text' }] } as const

function open(schema = base) {
  const saved: (SavedDraft | null)[] = []
  return { store: new DraftStore(schema, emptyLayout, (draft) => saved.push(draft)), saved }
}

describe('the draft', () => {
  it('takes back and does again each step, with its layout', () => {
    const { store } = open()
    store.commit([{ type: 'addTable', table: posts }], { layout: { tables: { posts: { x: 8, y: 16 } } } })
    store.arrange('Move posts', { tables: { posts: { x: 80, y: 0 } } })
    store.commit([{ type: 'renameTable', table: 'posts', name: 'articles' }])
    expect(store.state().layout.tables).toEqual({ articles: { x: 80, y: 0 } })
    expect(store.state().undo).toBe('Renames table "posts" to "articles"')
    store.undo()
    expect(store.state().layout.tables).toEqual({ posts: { x: 80, y: 0 } })
    store.undo()
    expect(store.state().layout.tables).toEqual({ posts: { x: 8, y: 16 } })
    store.undo()
    expect(store.state().schema).toEqual(base)
    expect(store.state().undo).toBeNull()
    store.redo()
    store.redo()
    store.redo()
    expect(store.state().schema.tables.map(({ name }) => name)).toEqual(['users', 'articles'])
    expect(store.state().made).toHaveLength(2)
    expect(store.state().edits).toMatchObject([{ type: 'addTable', table: { name: 'articles' } }])
  })

  it('is as it was when an edit cannot be', () => {
    const { store } = open()
    store.commit([{ type: 'addTable', table: posts }])
    const before = store.state()
    expect(() =>
      store.commit([
        { type: 'addColumn', table: 'posts', column: { name: 'body', type: 'text' } },
        { type: 'addColumn', table: 'nowhere', column: { name: 'body', type: 'text' } },
      ]),
    ).toThrow('There is no table "nowhere".')
    expect(store.state()).toBe(before)
  })

  it('makes one step of a group', () => {
    const { store } = open()
    store.commit([{ type: 'addTable', table: posts }])
    store.commit([{ type: 'renameTable', table: 'posts', name: 'post' }], { group: 'text' })
    store.commit([{ type: 'renameTable', table: 'post', name: 'notes' }], { group: 'text' })
    store.undo()
    expect(store.state().schema.tables[1]?.name).toBe('posts')
    store.redo()
    expect(store.state().schema.tables[1]?.name).toBe('notes')
  })

  it('goes on after a reload, undo and redo included', () => {
    const { store, saved } = open()
    store.commit([{ type: 'addTable', table: posts }])
    store.commit([{ type: 'dropColumn', table: 'posts', column: 'title' }])
    store.undo()
    const kept = saved.at(-1) ?? null
    const other = open().store
    other.restore(JSON.parse(JSON.stringify(kept)))
    expect(other.state().schema).toEqual(store.state().schema)
    other.redo()
    store.redo()
    expect(other.state().schema).toEqual(store.state().schema)
  })

  it('moves onto a schema that others have changed, and says what no longer fits', () => {
    const { store } = open()
    store.commit([{ type: 'addTable', table: posts }])
    store.commit([{ type: 'addColumn', table: 'users', column: { name: 'age', type: 'integer' } }])
    const theirs = {
      tables: [{ ...usersTable, columns: [...usersTable.columns, { name: 'age', type: 'text' }] }],
    }
    store.rebase(theirs)
    expect(store.state().schema.tables.map(({ name }) => name)).toEqual(['users', 'posts'])
    expect(store.state().left).toEqual(['Table "users" already has a column "age". Choose another name.'])
  })

  it('gives up its edits and keeps the layout; that can be taken back', () => {
    const { store } = open()
    store.arrange('Move users', { tables: { users: { x: 40, y: 40 } } })
    store.commit([{ type: 'addTable', table: posts }])
    const restore = store.discard()
    expect(store.state()).toMatchObject({ schema: base, edits: [], layout: { tables: { users: { x: 40, y: 40 } } } })
    restore()
    expect(store.state().schema.tables).toHaveLength(2)
  })

  it('undone to the last step, is the same for any sequence of edits', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'title')
    const edit = fc.oneof(
      fc.record({ type: fc.constant('addTable' as const), table: name.map((text) => ({ ...posts, name: text })) }),
      fc.record({ type: fc.constant('dropTable' as const), table: name }),
      fc.record({ type: fc.constant('renameTable' as const), table: name, name }),
      fc.record({ type: fc.constant('renameColumn' as const), table: name, column: name, name }),
      fc.record({ type: fc.constant('dropColumn' as const), table: name, column: name }),
      fc.record({ type: fc.constant('setUnique' as const), table: name, column: name, unique: fc.boolean() }),
    )
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 30 }), (edits) => {
        const { store } = open()
        const seen = [store.state().schema]
        for (const one of edits) {
          try {
            store.commit([one], { layout: { tables: { users: { x: seen.length, y: 0 } } } })
            seen.push(store.state().schema)
          } catch {
            // An edit that makes no sense leaves no trace.
          }
        }
        for (const schema of [...seen].reverse()) {
          expect(store.state().schema).toEqual(schema)
          store.undo()
        }
        for (const schema of seen) {
          expect(store.state().schema).toEqual(schema)
          store.redo()
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('a proposal', () => {
  const edits = [
    { type: 'addTable', table: posts },
    { type: 'addColumn', table: 'posts', column: { name: 'body', type: 'text' } },
    {
      type: 'addColumn',
      table: 'posts',
      column: { name: 'author', type: 'uuid', references: { table: 'users', column: 'id' } },
    },
    { type: 'dropColumn', table: 'users', column: 'nothing' },
  ] as const

  it('is seen and not in the draft; what cannot be says why', () => {
    const { store } = open()
    store.propose(edits, { title: 'A blog' })
    const { schema, proposal } = store.state()
    expect(schema).toEqual(base)
    expect(proposal?.schema.tables.map(({ name }) => name)).toEqual(['users', 'posts'])
    expect([...(proposal?.problems.values() ?? [])]).toEqual(['Table "users" has no column "nothing".'])
    expect(proposal?.places.posts).toBeDefined()
  })

  it('accepted singly takes along only what a change needs', () => {
    const { store } = open()
    store.propose(edits, { title: 'A blog' })
    const ids = store.state().proposal?.changes.map(({ id }) => id) ?? []
    store.accept(ids[2] ?? '')
    expect(store.state().edits).toEqual([edits[0], edits[2]])
    store.refuse(ids[1] ?? '')
    store.refuse(ids[3] ?? '')
    expect(store.state().proposal).toBeNull()
    store.undo()
    expect(store.state().schema).toEqual(base)
  })

  it('accepted as a whole is one step', () => {
    const { store } = open()
    store.propose(edits, { title: 'A blog' })
    store.acceptAll()
    expect(store.state().edits).toHaveLength(3)
    expect(store.state().proposal?.changes.filter(({ state }) => state === 'open')).toHaveLength(1)
    store.refuseAll()
    store.undo()
    expect(store.state().schema).toEqual(base)
    expect(store.state().undo).toBeNull()
  })
})
