import { useEffect, useMemo, useRef } from 'react'
import { useSearchParams } from 'react-router'
import { lastView } from './grid-preferences'
import { type TableView, viewFromParams, viewToParams } from './view-params'

/** Filters and order of a table, from the address; an address without any takes those of the last visit. */
export function useTableView(tableId: string): readonly [TableView, (view: TableView) => void] {
  const [params, setParams] = useSearchParams()
  const search = params.toString()
  const remembered = useMemo(() => lastView.read(tableId), [tableId])
  const restoring = useRef(search === '' && remembered !== '')
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the table is opened
  useEffect(() => {
    if (restoring.current) setParams(new URLSearchParams(remembered), { replace: true })
  }, [tableId])
  useEffect(() => {
    if (search !== '') restoring.current = false
    if (!restoring.current) lastView.write(tableId, search)
  }, [tableId, search])
  const view = useMemo(() => viewFromParams(new URLSearchParams(search)), [search])
  function setView(next: TableView) {
    restoring.current = false
    setParams(viewToParams(next))
  }
  return [view, setView]
}
