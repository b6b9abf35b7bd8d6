import { toAppError, useApi } from '@renderer/bridge/api'
import { toast } from '@renderer/ui/toast'
import type { TableRecord } from '@shared/contract/records.contract'
import type { Sort } from '@shared/domain/filter'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import { fitWidth } from '../fit-width'
import { firstWidth, type GridColumn, narrowestColumn } from '../grid-column'
import type { RecordPages } from '../record-pages'
import type { ColumnActions } from './column-actions'
import type { ColumnSettings } from './use-column-settings'

export interface ColumnActionsInput {
  readonly databaseId: string
  readonly tableId: string
  readonly settings: ColumnSettings
  readonly sort: readonly Sort[]
  readonly pages: RecordPages<TableRecord>
  readonly onSort: (sort: readonly Sort[]) => void
  readonly onFilter: (column: GridColumn) => void
  readonly onStatistics: (column: GridColumn) => void
  readonly onEdit: (column: GridColumn | 'new') => void
  readonly onRemove: (column: GridColumn) => void
}

/** What headers and menus do; always the same object, so that the header is drawn anew only when its columns change. */
export function useColumnActions(input: ColumnActionsInput): ColumnActions {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const latest = useRef(input)
  latest.current = input
  return useMemo<ColumnActions>(() => {
    const now = () => latest.current
    const change: ColumnSettings['change'] = (next) => now().settings.change(next)
    const resize = ({ name }: GridColumn, width: number) => change({ kind: 'width', column: name, width })
    return {
      sortTo(column, direction) {
        const others = now().sort.filter((one) => one.column !== column.name)
        now().onSort(direction === null ? others : [...others, { column: column.name, direction }])
      },
      filterBy: (column) => now().onFilter(column),
      showStatistics: (column) => now().onStatistics(column),
      pin: ({ name }, pinned) => change({ kind: 'pinned', column: name, pinned }),
      hide({ name }) {
        change({ kind: 'hidden', column: name, hidden: true })
        toast.success(`${name} is hidden.`, {
          undo: () => change({ kind: 'hidden', column: name, hidden: false }),
        })
      },
      move(column, by) {
        const { shown } = now().settings
        const over = shown[shown.findIndex(({ name }) => name === column.name) + by]
        if (over) change({ kind: 'move', column: column.name, over: over.name })
      },
      drop: (column, over) => change({ kind: 'move', column, over }),
      resize,
      widen(column, by) {
        const width = now().settings.widths[column.name] ?? firstWidth(column)
        resize(column, Math.max(narrowestColumn, width + by))
      },
      fit: (column) => resize(column, fitWidth(column, now().pages)),
      edit: (column) => now().onEdit(column),
      async addIndex({ name }) {
        const { databaseId, tableId } = now()
        try {
          const { index } = await client.indexes.create({ databaseId, tableId, columns: [name] })
          toast.success(index.state === 'ready' ? `${name} has an index.` : `The index on ${name} is being built.`)
          void queryClient.invalidateQueries({ queryKey: query.indexes.key() })
        } catch (error) {
          toast.error(toAppError(error).message)
        }
      },
      remove: (column) => now().onRemove(column),
      add: () => now().onEdit('new'),
    }
  }, [client, query, queryClient])
}
