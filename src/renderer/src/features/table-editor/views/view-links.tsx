import { useCurrentProject } from '@renderer/app/current-project'
import { paths } from '@renderer/app/paths'
import { cn } from '@renderer/ui/cn'
import type { Table } from '@shared/contract/tables.contract'
import { Bookmark } from 'lucide-react'
import { Link, useSearchParams } from 'react-router'
import { viewToParams } from '../view-params'
import { useSavedViews } from './use-saved-views'
import { viewOf } from './view-of'

/** Under a table in the sidebar: its saved views. */
export function ViewLinks({ table, current }: { readonly table: Table; readonly current: boolean }) {
  const { project, databaseId } = useCurrentProject()
  const { views } = useSavedViews({ databaseId, tableId: table.id })
  const [params] = useSearchParams()
  const open = current ? params.get('view') : null
  if (views.length === 0) return null
  return (
    <li>
      <ul aria-label={`Views of ${table.table_name}`} className="flex flex-col gap-px pl-5">
        {views.map((view) => {
          const search = viewToParams(viewOf(view, table.schema_json.columns)).toString()
          return (
            <li key={view.id}>
              <Link
                to={`${paths.table(project.id, table.table_name)}?${search}`}
                title={view.name}
                tabIndex={open === view.id ? 0 : -1}
                aria-current={open === view.id ? 'page' : undefined}
                className={cn(
                  'flex h-6.5 items-center gap-2 rounded-md px-2 focus-visible:-outline-offset-2',
                  open === view.id ? 'bg-bg-active font-medium' : 'text-text-muted hover:bg-bg-hover hover:text-text',
                )}
              >
                <Bookmark aria-hidden className={cn('size-3 shrink-0', open === view.id && 'text-accent-text')} />
                <span className="truncate">{view.name}</span>
              </Link>
            </li>
          )
        })}
      </ul>
    </li>
  )
}
