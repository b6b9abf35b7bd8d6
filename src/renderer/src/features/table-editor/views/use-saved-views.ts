import { useApi } from '@renderer/bridge/api'
import type { SavedView } from '@shared/contract/views.contract'
import type { Filter } from '@shared/domain/filter'
import { useQuery, useQueryClient } from '@tanstack/react-query'

export interface ViewDefinition {
  /** Null shows all records. */
  readonly filters: Filter | null
  readonly sort: SavedView['sort']
  readonly columns: SavedView['columns']
}

/** The saved views of a table, by name, and what changes them. */
export function useSavedViews(table: { readonly databaseId: string; readonly tableId: string }) {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const options = query.views.list.queryOptions({ input: table })
  const { data } = useQuery(options)
  const refresh = () => queryClient.invalidateQueries({ queryKey: query.views.key() })
  const put = (view: SavedView) =>
    queryClient.setQueryData(options.queryKey, (old) => {
      const others = (old?.views ?? []).filter(({ id }) => id !== view.id)
      return { views: [...others, view].sort((a, b) => a.name.localeCompare(b.name)) }
    })
  return {
    views: data?.views ?? none,
    loaded: data !== undefined,
    async create(name: string, definition: ViewDefinition): Promise<SavedView> {
      const { view } = await client.views.create({ ...table, name, ...sent(definition) })
      put(view)
      void refresh()
      return view
    },
    async update(viewId: string, change: Partial<ViewDefinition> & { readonly name?: string }): Promise<void> {
      const { view } = await client.views.update({
        ...table,
        viewId,
        ...(change.name === undefined ? {} : { name: change.name }),
        ...sent(change),
      })
      put(view)
      void refresh()
    },
    async remove(viewId: string): Promise<void> {
      await client.views.delete({ ...table, viewId })
      await refresh()
    },
  }
}

const none: readonly SavedView[] = []

/** As the call takes it: its arrays are not readonly. */
function sent({ filters, sort, columns }: Partial<ViewDefinition>) {
  return {
    ...(filters === undefined ? {} : { filters }),
    ...(sort === undefined ? {} : { sort: [...sort] }),
    ...(columns === undefined ? {} : { columns: columns.map((column) => ({ ...column })) }),
  }
}

export type SavedViews = ReturnType<typeof useSavedViews>
