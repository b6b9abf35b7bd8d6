import { paths } from '@renderer/app/paths'
import { useApi } from '@renderer/bridge/api'
import { TransferProgressView } from '@renderer/features/transfers/transfer-progress'
import { useLongWork } from '@renderer/features/transfers/use-long-work'
import { Works } from '@renderer/features/transfers/works'
import { Button } from '@renderer/ui/button'
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@renderer/ui/dialog'
import { Field, Switch, TextInput } from '@renderer/ui/field'
import type { Project } from '@shared/contract/projects.contract'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useNavigate } from 'react-router'

const duplicates = new Works<never>()

/** The same tables in a project of their own, with their records or without. */
export function DuplicateDialog({ project, onClose }: { readonly project: Project; readonly onClose: () => void }) {
  const { client } = useApi()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState(`${project.name} copy`.slice(0, 100))
  const [records, setRecords] = useState(true)
  const { progress, failure, run, cancel } = useLongWork(duplicates, project.id)

  function submit(event: FormEvent) {
    event.preventDefault()
    const databaseId = project.database_id
    if (progress !== null || databaseId === null) return
    void run('Beginning', async ({ signal, follow }) => {
      const call = { databaseId, name: name.trim(), records }
      const made = await follow(await client.backups.duplicate(call, { signal }))
      await queryClient.invalidateQueries()
      onClose()
      void navigate(paths.overview(made.project.id))
      return undefined
    })
  }

  function close() {
    cancel()
    onClose()
  }

  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent width="sm">
        <form onSubmit={submit} className="contents">
          <DialogHeader>
            <DialogTitle>Duplicate “{project.name}”</DialogTitle>
            <DialogDescription>A new project with the same tables, keys and references.</DialogDescription>
          </DialogHeader>
          <DialogBody>
            {progress ? (
              <TransferProgressView progress={progress} onCancel={cancel} />
            ) : (
              <div className="flex flex-col gap-4">
                <Field label="Name" error={failure}>
                  <TextInput size="lg" value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
                </Field>
                <Switch label="With all records" checked={records} onCheckedChange={setRecords} />
              </div>
            )}
          </DialogBody>
          <DialogFooter>
            <Button size="lg" onClick={close}>
              Cancel
            </Button>
            <Button size="lg" variant="primary" type="submit" disabled={progress !== null || name.trim() === ''}>
              Duplicate
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}
