import { useCurrentProject } from '@renderer/app/current-project'
import { Segmented } from '@renderer/ui/segmented'
import { useEffect } from 'react'
import { useSearchParams } from 'react-router'
import { ApiDocs } from './api-docs'
import { ApiKeys } from './api-keys'
import { ApiLimits } from './api-limits'
import { ApiRequests } from './api-requests'
import { ApiRules } from './api-rules'

const tabs = [
  { value: 'docs', label: 'Documentation' },
  { value: 'keys', label: 'Keys' },
  { value: 'rules', label: 'Access rules' },
  { value: 'requests', label: 'Requests' },
  { value: 'limits', label: 'Limits' },
] as const
type Tab = (typeof tabs)[number]['value']

/** How apps reach the project: what to write, with which key, what they may, and what they asked. */
export function ApiPage() {
  const { project, databaseId } = useCurrentProject()
  const [search, setSearch] = useSearchParams()
  const tab: Tab = tabs.find(({ value }) => value === search.get('tab'))?.value ?? 'docs'
  useEffect(() => {
    document.title = `API · ${project.name} · Tessera Studio`
  }, [project.name])
  return (
    <div className="mx-auto flex max-w-280 flex-col gap-5 px-8 py-8 max-sm:px-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h1 className="text-xl font-semibold">API</h1>
          <p className="text-text-muted">
            Build an app on this project without a backend: @supabase/supabase-js works with it unchanged.
          </p>
        </div>
        <Segmented
          aria-label="Part of the API"
          value={tab}
          onValueChange={(value) => setSearch({ tab: value }, { replace: true })}
          options={tabs}
        />
      </div>
      {tab === 'docs' ? <ApiDocs databaseId={databaseId} /> : null}
      {tab === 'keys' ? <ApiKeys databaseId={databaseId} /> : null}
      {tab === 'rules' ? <ApiRules databaseId={databaseId} /> : null}
      {tab === 'limits' ? <ApiLimits databaseId={databaseId} /> : null}
      {tab === 'requests' ? <ApiRequests databaseId={databaseId} /> : null}
    </div>
  )
}
