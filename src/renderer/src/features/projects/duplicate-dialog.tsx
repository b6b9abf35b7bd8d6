import { paths } from '@renderer/app/paths'
import { isAbort, toAppError, useApi } from '@renderer/bridge/api'
import { followWork } from '@renderer/features/backups/follow-work'
import { type ShownProgress, TransferProgressView } from '@renderer/features/transfers/transfer-progress'
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
import { type FormEvent, useRef, useState } from 'react'
import { useNavigate } from 'react-router'

/** The same tables in a project of their own, with their records or without. */
export function DuplicateDialog({ project, onClose }: { readonly project: Project; readonly onClose: () => void }) {
  const { client } = useApi()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState(`${project.name} copy`.slice(0, 100))
  const [records, setRecords] = useState(true)
  const [progress, setProgress] = useState<ShownProgress | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const running = useRef<AbortController | null>(null)

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (progress !== null || project.database_id === null) return
    const controller = new AbortController()
    running.current = controller
    setFailure(null)
    setProgress({ step: 'Beginning', part: null, rows: 0, rate: 0 })
    try {
      const call = { databaseId: project.database_id, name: name.trim(), records }
      const made = await followWork(await client.backups.duplicate(call, { signal: controller.signal }), setProgress)
      await queryClient.invalidateQueries()
      onClose()
      void navigate(paths.overview(made.project.id))
    } catch (error) {
      if (!isAbort(error) && !controller.signal.aborted) setFailure(toAppError(error).message)
    } finally {
      setProgress(null)
    }
  }

  function close() {
    running.current?.abort()
    onClose()
  }

  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent width="sm">
        <form onSubmit={(event) => void submit(event)} className="contents">
          <DialogHeader>
            <DialogTitle>Duplicate “{project.name}”</DialogTitle>
            <DialogDescription>A new project with the same tables, keys and references.</DialogDescription>
          </DialogHeader>
          <DialogBody>
            {progress ? (
              <TransferProgressView progress={progress} onCancel={() => running.current?.abort()} />
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
