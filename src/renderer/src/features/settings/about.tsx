import { useApi } from '@renderer/bridge/api'
import { ErrorState } from '@renderer/ui/error-state'
import { Skeleton } from '@renderer/ui/skeleton'
import { TimeAgo } from '@renderer/ui/time-ago'
import { useQuery } from '@tanstack/react-query'
import { CopyValue } from './copy-value'
import { Setting, SettingsGroup } from './setting'

const secretPlaces = {
  keychain: 'In the keychain of this system.',
  file: 'In an encrypted file in the data folder: this system has no keychain that the studio can use, so whoever can read that folder can read them.',
  environment: 'In the environment of the server.',
} as const

export function About() {
  const { query } = useApi()
  const { data, error, refetch } = useQuery(query.host.info.queryOptions())
  return (
    <SettingsGroup id="about" title="About">
      {error ? <ErrorState error={error} className="py-6" onRetry={() => void refetch()} /> : null}
      {data ? (
        <>
          <Setting label="Tessera Studio">
            <span className="tabular-nums">
              {data.version}, {data.host === 'desktop' ? 'desktop' : 'web host'}
            </span>
          </Setting>
          <Setting
            label="Server"
            hint={
              data.database.embedded
                ? 'Embedded: it starts and stops with the studio.'
                : data.database.chosen
                  ? 'Chosen among the servers above.'
                  : 'Named by DATABASE_URL.'
            }
          >
            <span className="truncate tabular-nums select-text" title={data.database.address}>
              Postgres {data.database.version}, {data.database.address}
            </span>
          </Setting>
          <Setting label="API address">
            <CopyValue label="API address" value={data.apiUrl} />
          </Setting>
          <Setting label="Secrets">
            <span className="text-right text-text-muted">{secretPlaces[data.secrets]}</span>
          </Setting>
          <Setting label="Running since">
            <TimeAgo at={data.startedAt} />
          </Setting>
        </>
      ) : error ? null : (
        [0, 1, 2, 3, 4].map((line) => (
          <div key={line} className="flex h-12 items-center justify-between px-4">
            <Skeleton className="h-4 w-24" />
            <Skeleton className="h-4 w-48" />
          </div>
        ))
      )}
    </SettingsGroup>
  )
}
