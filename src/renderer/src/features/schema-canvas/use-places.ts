import { useEffect } from 'react'
import { useActions } from './canvas-actions'
import type { DraftState } from './draft-store'
import { firstLayout } from './first-layout'
import { placeTables } from './place-tables'

/** Whether every table has a place; gives one to those that have none. */
export function usePlaces({ schema, layout }: DraftState, layoutKnown: boolean): boolean {
  const { store } = useActions()
  const missing = schema.tables.filter(({ name }) => !layout.tables[name])
  const placed = missing.length === 0
  const nothingLies = missing.length === schema.tables.length
  useEffect(() => {
    if (!layoutKnown || placed) return
    store.place(nothingLies ? firstLayout(schema.tables) : placeTables(schema.tables, layout.tables))
  }, [store, schema, layout, layoutKnown, placed, nothingLies])
  return placed && layoutKnown
}
