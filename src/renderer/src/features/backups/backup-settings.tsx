import { paths } from '@renderer/app/paths'
import { toAppError, useApi } from '@renderer/bridge/api'
import { Setting, SettingsGroup } from '@renderer/features/settings/setting'
import { Button } from '@renderer/ui/button'
import { ConfirmDialog } from '@renderer/ui/dialog'
import { countOf, formatBytes } from '@renderer/ui/figures'
import { Select } from '@renderer/ui/select'
import { Skeleton } from '@renderer/ui/skeleton'
import { TimeAgo } from '@renderer/ui/time-ago'
import { toast } from '@renderer/ui/toast'
import { useLast } from '@renderer/ui/use-last'
import type { Backup, BackupPlan } from '@shared/contract/backups.contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CircleAlert, History, ShieldCheck, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { TransferProgressView } from '../transfers/transfer-progress'
import { useLongWork } from '../transfers/use-long-work'
import { type Doing, Works } from '../transfers/works'
import { TakePlace } from './take-place'

/** Backups and restores, by the database. */
const backups = new Works<never>()

const intervals = [
  { value: 'off', label: 'Never' },
  { value: 'daily', label: 'Every day' },
  { value: 'weekly', label: 'Every week' },
] as const

const kept = [3, 7, 14, 30, 90]

/** Copies of the project on this machine, each tried by restoring it. */
export function BackupSettings({ databaseId }: { readonly databaseId: string }) {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const options = query.backups.list.queryOptions({ input: { databaseId } })
  const { data, error } = useQuery(options)
  const { progress, failure, run, cancel } = useLongWork(backups, databaseId)
  const isHere = useRef(true)
  useEffect(() => {
    isHere.current = true
    return () => {
      isHere.current = false
    }
  }, [])
  const [leaving, setLeaving] = useState<Backup | null>(null)
  const shown = useLast(leaving)
  const refresh = () => queryClient.invalidateQueries({ queryKey: options.queryKey })

  async function work(what: (doing: Doing) => Promise<void>) {
    await run('Beginning', async (doing) => {
      await what(doing)
      return undefined
    })
    await refresh()
  }

  const backUp = () =>
    work(async ({ signal, follow }) => {
      const made = await follow(await client.backups.create({ databaseId }, { signal }))
      if (made.problem === null)
        toast.success(`Backed up ${countOf(made.records, 'record')}, and proven by a test restore`)
    })

  const restore = (backup: Backup) =>
    work(async ({ signal, follow }) => {
      const call = { databaseId, backupId: backup.id }
      const { project } = await follow(await client.backups.restore(call, { signal }))
      await queryClient.invalidateQueries()
      toast.success(`Restored into “${project.name}”. Look at it; its settings let it take the place of this project.`)
      // Whoever has gone elsewhere meanwhile stays there.
      if (isHere.current) void navigate(paths.overview(project.id))
    })

  async function plan(next: BackupPlan) {
    try {
      await client.backups.setPlan({ databaseId, plan: next })
      await refresh()
    } catch (problem) {
      toast.error(toAppError(problem).message)
    }
  }

  if (data && !data.available)
    return (
      <SettingsGroup id="backups" title="Backups">
        <p className="px-4 py-3 text-text-muted">
          Whoever runs this server keeps its backups. To have a copy of your own, export the database as SQL.
        </p>
      </SettingsGroup>
    )
  return (
    <SettingsGroup id="backups" title="Backups">
      <Setting
        label="Back up now"
        hint="The whole project. Each backup is restored once, and counted, before it is called proven."
      >
        <Button variant="primary" disabled={progress !== null} onClick={() => void backUp()}>
          Back up now
        </Button>
      </Setting>
      {progress ? (
        <div className="px-4">
          <TransferProgressView progress={progress} onCancel={cancel} />
        </div>
      ) : null}
      {failure || error ? (
        <p role="alert" className="px-4 py-3 text-danger">
          {failure ?? toAppError(error).message}
        </p>
      ) : null}
      <Setting label="By itself" hint="While the studio runs on this machine.">
        {data ? (
          <>
            <Select
              aria-label="How often"
              className="w-32!"
              value={data.plan.every}
              options={intervals}
              onValueChange={(every) => void plan({ ...data.plan, every })}
            />
            {data.plan.every === 'off' ? null : (
              <Select
                aria-label="How many are kept"
                className="w-32!"
                value={String(data.plan.keep)}
                options={[...new Set([...kept, data.plan.keep])]
                  .sort((a, b) => a - b)
                  .map((keep) => ({ value: String(keep), label: `Keep ${keep}` }))}
                onValueChange={(keep) => void plan({ ...data.plan, keep: Number(keep) })}
              />
            )}
          </>
        ) : (
          <Skeleton className="h-7 w-32" />
        )}
      </Setting>
      {data?.restoredFrom ? <TakePlace databaseId={databaseId} former={data.restoredFrom} /> : null}
      {data?.backups.map((backup) => (
        <div key={backup.id} className="flex min-h-12 items-center justify-between gap-4 px-4 py-2">
          <div className="min-w-0">
            <p className="font-medium">
              <TimeAgo at={backup.created_at} />
              <span className="font-normal text-text-muted">
                {' '}
                · {countOf(backup.records, 'record')} · {formatBytes(backup.bytes)}
              </span>
            </p>
            {backup.problem === null ? (
              <p className="flex items-center gap-1.5 text-sm text-success">
                <ShieldCheck aria-hidden className="size-3.5" />
                Proven: {countOf(backup.tables, 'table')} restored and counted
              </p>
            ) : (
              <p className="flex items-center gap-1.5 text-sm text-danger">
                <CircleAlert aria-hidden className="size-3.5 shrink-0" />
                {backup.problem}
              </p>
            )}
          </div>
          <div className="flex shrink-0 gap-1">
            <Button icon={History} disabled={progress !== null} onClick={() => void restore(backup)}>
              Restore into a new project
            </Button>
            <Button icon={Trash2} variant="ghost" onClick={() => setLeaving(backup)}>
              Delete
            </Button>
          </div>
        </div>
      ))}
      {data && data.backups.length === 0 ? (
        <p className="px-4 py-3 text-text-muted">There are no backups yet.</p>
      ) : null}
      <ConfirmDialog
        open={leaving !== null}
        onOpenChange={(open) => !open && setLeaving(null)}
        title="Delete this backup?"
        description={`Its file of ${formatBytes(shown?.bytes ?? 0)} is removed for good. The project stays as it is.`}
        confirm="Delete backup"
        danger
        onConfirm={async () => {
          if (leaving) await client.backups.delete({ databaseId, backupId: leaving.id })
          await refresh()
        }}
      />
    </SettingsGroup>
  )
}
