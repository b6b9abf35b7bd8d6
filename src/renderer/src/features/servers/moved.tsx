import { paths } from '@renderer/app/paths'
import { toAppError, useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { DialogBody, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@renderer/ui/dialog'
import { Checkbox } from '@renderer/ui/field'
import { countOf, formatCount } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import type { Project } from '@shared/contract/projects.contract'
import type { MovedProject } from '@shared/contract/servers.contract'
import { useQueryClient } from '@tanstack/react-query'
import { CircleAlert } from 'lucide-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useSwitchServer } from './switch-server'
import { useServers } from './use-servers'

interface MovedProps {
  readonly project: Project
  readonly moved: MovedProject
  readonly to: string | null
  readonly onClose: () => void
}

/** What has come to the other server, and what becomes of the original. */
export function Moved({ project, moved, to, onClose }: MovedProps) {
  const { client } = useApi()
  const { nameOf } = useServers()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const { switchTo, opening } = useSwitchServer()
  const [leaves, setLeaves] = useState(false)
  const [busy, setBusy] = useState(false)
  const name = nameOf(to)
  const notes = [
    ...moved.notes,
    ...(moved.sameAddress
      ? []
      : [`Another project there has its address, so it is reached as /p/${moved.ref}. Apps need the new one.`]),
  ]

  async function end(then: () => void | Promise<void>) {
    setBusy(true)
    try {
      if (leaves && project.database_id !== null) {
        await client.servers.leave({ databaseId: project.database_id })
        await navigate(paths.projects)
        await queryClient.invalidateQueries()
        toast.success(`The original of “${project.name}” is in the bin`)
      }
      await then()
    } catch (error) {
      setBusy(false)
      toast.error(toAppError(error).message)
    }
  }

  return (
    <>
      <DialogHeader>
        <DialogTitle>
          “{moved.name}” is on “{name}”
        </DialogTitle>
        <DialogDescription>
          {countOf(moved.records, 'record')} in {countOf(moved.tables.length, 'table')}: every value there is the same.
        </DialogDescription>
      </DialogHeader>
      <DialogBody>
        <div className="flex flex-col gap-4">
          <ul
            aria-label="Tables that were copied"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is reached by the keyboard
            tabIndex={0}
            className="max-h-48 divide-y divide-border overflow-y-auto rounded-md border border-border"
          >
            {moved.tables.map(({ name: table, records }) => (
              <li key={table} className="flex h-8 items-center justify-between gap-4 px-3">
                <span className="truncate font-mono">{table}</span>
                <span className="text-text-muted tabular-nums">{formatCount(records)}</span>
              </li>
            ))}
          </ul>
          {notes.map((note) => (
            <p key={note} className="flex gap-2 rounded-md bg-warning-subtle px-3 py-2 text-warning">
              <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
              {note}
            </p>
          ))}
          <Checkbox
            label="Move the original to the bin, where it stays for 30 days"
            checked={leaves}
            onCheckedChange={(checked) => setLeaves(checked === true)}
          />
          <p className="text-text-muted">
            {to === null
              ? 'The built-in server has one owner, so nobody signs in there.'
              : `After switching you sign in to “${name}” with the account that the project belongs to there.`}
          </p>
        </div>
      </DialogBody>
      <DialogFooter>
        <Button size="lg" disabled={busy} onClick={() => void end(onClose)}>
          Stay on this server
        </Button>
        <Button size="lg" variant="primary" disabled={busy} onClick={() => void end(() => switchTo(to))}>
          Switch to “{name}”
        </Button>
      </DialogFooter>
      {opening}
    </>
  )
}
