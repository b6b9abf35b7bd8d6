import { useEffect, useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { lastView } from './grid-preferences'
import { type TableView, viewFromParams, viewToParams } from './view-params'

/** Filters and order of a table, from the address; an address without any takes those of the last visit. */
export function useTableView(tableId: string): readonly [TableView, (view: TableView) => void] {
  const [params, setParams] = useSearchParams()
  const search = params.toString()
  const remembered = useMemo(() => lastView.read(tableId), [tableId])
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the table is opened
  useEffect(() => {
    if (search === '' && remembered !== '') setParams(new URLSearchParams(remembered), { replace: true })
    else if (search !== '') lastView.write(tableId, search)
  }, [tableId])
  const view = useMemo(() => viewFromParams(new URLSearchParams(search)), [search])
  function setView(next: TableView) {
    const wanted = viewToParams(next)
    lastView.write(tableId, wanted.toString())
    setParams(wanted)
  }
  return [view, setView]
}
