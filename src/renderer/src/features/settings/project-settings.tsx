import type { CurrentProject } from '@renderer/app/current-project'
import { paths } from '@renderer/app/paths'
import { toAppError, useApi } from '@renderer/bridge/api'
import { BackupSettings } from '@renderer/features/backups/backup-settings'
import { useProjectActions } from '@renderer/features/projects/use-projects'
import { MoveSetting } from '@renderer/features/servers/move-setting'
import { Button } from '@renderer/ui/button'
import { Field, TextArea, TextInput } from '@renderer/ui/field'
import { toast } from '@renderer/ui/toast'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import { CopyValue } from './copy-value'
import { HistorySettings } from './history-settings'
import { Setting, SettingsGroup } from './setting'
import { SpaceSettings } from './space-settings'

export function ProjectSettings({ current }: { readonly current: CurrentProject }) {
  const { query } = useApi()
  const info = useQuery(query.host.info.queryOptions())
  const overview = useQuery(query.databases.get.queryOptions({ input: { databaseId: current.databaseId } }))
  return (
    <>
      <General current={current} />
      <SettingsGroup id="api" title="API">
        <Setting label="API address">
          <CopyValue label="API address" value={info.data?.apiUrl} />
        </Setting>
        <Setting label="Database id" hint="Names the database in every call.">
          <CopyValue label="database id" value={current.databaseId} />
        </Setting>
        <Setting label="Reference" hint="Names the project in addresses.">
          <CopyValue label="reference" value={overview.data?.database.ref} />
        </Setting>
      </SettingsGroup>
      <SpaceSettings databaseId={current.databaseId} />
      <HistorySettings databaseId={current.databaseId} />
      <BackupSettings databaseId={current.databaseId} />
      <MoveSetting project={current.project} />
      <DeleteProject current={current} />
    </>
  )
}

function General({ current: { project } }: { readonly current: CurrentProject }) {
  const { update } = useProjectActions()
  const [name, setName] = useState(project.name)
  const [description, setDescription] = useState(project.description ?? '')
  const save = useMutation({
    mutationFn: () => update(project.id, { name: name.trim(), description: description.trim() || null }),
    onSuccess: () => toast.success('The project is saved'),
  })
  const changed = name.trim() !== project.name || (description.trim() || null) !== (project.description || null)
  const missing = name.trim() === '' ? 'Give the project a name.' : null

  function submit(event: FormEvent) {
    event.preventDefault()
    if (changed && !missing && !save.isPending) save.mutate()
  }

  return (
    <SettingsGroup id="project" title="General">
      <form className="flex flex-col" onSubmit={submit}>
        <div className="flex flex-col gap-4 p-4">
          <Field label="Name" error={missing ?? (save.error ? toAppError(save.error).message : null)}>
            <TextInput size="lg" value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
          </Field>
          <Field label="Description" aside="Optional">
            <TextArea
              value={description}
              maxLength={2000}
              rows={2}
              onChange={(event) => setDescription(event.target.value)}
            />
          </Field>
        </div>
        <div className="flex justify-end gap-2 border-t border-border bg-bg-subtle px-4 py-2.5">
          <Button
            type="button"
            variant="ghost"
            disabled={!changed}
            onClick={() => {
              setName(project.name)
              setDescription(project.description ?? '')
            }}
          >
            Discard changes
          </Button>
          <Button type="submit" variant="primary" disabled={!changed || missing !== null || save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </SettingsGroup>
  )
}

function DeleteProject({ current: { project } }: { readonly current: CurrentProject }) {
  const { remove, restore } = useProjectActions()
  const navigate = useNavigate()
  const moveToBin = useMutation({
    async mutationFn() {
      await remove(project.id)
      await navigate(paths.projects)
      toast.success(`“${project.name}” is in the bin`, { undo: () => restore(project.id) })
    },
    onError: (error) => toast.error(toAppError(error).message),
  })
  return (
    <SettingsGroup id="delete" title="Danger zone">
      <Setting label="Move to bin" hint="It can be restored from the list of projects for 30 days.">
        <Button disabled={moveToBin.isPending} onClick={() => moveToBin.mutate()}>
          Move to bin
        </Button>
      </Setting>
    </SettingsGroup>
  )
}
