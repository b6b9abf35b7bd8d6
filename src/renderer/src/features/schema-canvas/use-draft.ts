import { useTables } from '@renderer/app/current-project'
import type { Table } from '@shared/contract/tables.contract'
import type { DatabaseSchema } from '@shared/domain/schema-edit'
import { useEffect, useSyncExternalStore } from 'react'
import { emptyLayout } from './canvas-layout'
import { draftStorage } from './draft-storage'
import { type DraftState, DraftStore } from './draft-store'

const stores = new Map<string, DraftStore>()

/**
 * The draft store of a database, made when it is first asked for. `draftStore(databaseId).propose(edits, { title })` is
 * how the assistant shows what it suggests; see `DraftStore`.
 */
export function draftStore(databaseId: string, tables: readonly Table[]): DraftStore {
  const known = stores.get(databaseId)
  if (known) return known
  const storage = draftStorage(databaseId)
  const saved = storage.read()
  let writing = false
  const store = new DraftStore(schemaOf(tables), emptyLayout, (draft) => {
    writing = true
    storage.write(draft)
    writing = false
  })
  if (saved) store.restore(saved)
  // Another window of this machine has worked on the draft.
  storage.subscribe(() => {
    if (!writing) store.restore(storage.read())
  })
  stores.set(databaseId, store)
  return store
}

/** The store and its state; follows what others do to the server's schema. */
export function useDraft(databaseId: string): { readonly store: DraftStore; readonly state: DraftState } {
  const tables = useTables()
  const store = draftStore(databaseId, tables)
  useEffect(() => store.rebase(schemaOf(tables)), [store, tables])
  return { store, state: useSyncExternalStore(store.subscribe, store.state) }
}

export function schemaOf(tables: readonly Table[]): DatabaseSchema {
  return { tables: tables.map(({ schema_json }) => schema_json) }
}
