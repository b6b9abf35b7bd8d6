import { useApi } from '@renderer/bridge/api'
import { TransferProgressView } from '@renderer/features/transfers/transfer-progress'
import { useLongWork } from '@renderer/features/transfers/use-long-work'
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
import { Field, TextInput } from '@renderer/ui/field'
import { Segmented } from '@renderer/ui/segmented'
import { Select } from '@renderer/ui/select'
import type { Project } from '@shared/contract/projects.contract'
import { Plus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Moved } from './moved'
import { moves } from './moves'
import { ServerDialog } from './server-dialog'
import { useServers } from './use-servers'

/** Of the select: ids of servers are never so. */
const here = 'built-in'

/** Copies a project to another server, tells what came there, and offers to open it. */
export function MoveDialog({ project, onClose }: { readonly project: Project; readonly onClose: () => void }) {
  const { client } = useApi()
  const { data, nameOf } = useServers()
  const [chosen, setChosen] = useState<string | null>(null)
  const [adding, setAdding] = useState(false)
  const [isNew, setNew] = useState(false)
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const { progress, failure, result, run, cancel } = useLongWork(moves, project.id)

  const places = data
    ? [null, ...data.servers.map(({ id }) => id)].filter((id) => id !== data.current).map((id) => id ?? here)
    : []
  const place = chosen ?? places[0] ?? null
  const to = place === here ? null : place
  const needsAccount = place !== null && to !== null
  const isReady = place !== null && (!needsAccount || (email.trim() !== '' && password !== ''))

  function submit(event: FormEvent) {
    event.preventDefault()
    const databaseId = project.database_id
    if (progress !== null || !isReady || databaseId === null) return
    const account = needsAccount ? { email: email.trim(), password, isNew } : null
    void run('Connecting to the server', async ({ signal, follow }) => ({
      moved: await follow(await client.servers.move({ databaseId, to, account }, { signal })),
      to,
    }))
  }

  /** What runs goes on, and the settings tell of it. */
  function close() {
    if (progress === null) cancel()
    onClose()
  }

  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent onInteractOutside={(event) => progress !== null && event.preventDefault()}>
        {result ? (
          <Moved project={project} {...result} onClose={close} />
        ) : (
          <form noValidate onSubmit={submit} className="contents">
            <DialogHeader>
              <DialogTitle>Move “{project.name}” to another server</DialogTitle>
              <DialogDescription>
                It is copied, and every value is compared there. The original stays until you remove it.
              </DialogDescription>
            </DialogHeader>
            <DialogBody>
              {progress ? (
                <TransferProgressView progress={progress} onCancel={cancel} />
              ) : (
                <div className="flex flex-col gap-4">
                  <div className="flex items-end gap-2">
                    {place === null ? (
                      <p className="flex-1 text-text-muted">
                        No other server is known yet. Add the one that it should move to.
                      </p>
                    ) : (
                      <Field label="Server" className="flex-1">
                        <Select
                          size="lg"
                          value={place}
                          options={places.map((value) => ({ value, label: nameOf(value === here ? null : value) }))}
                          onValueChange={setChosen}
                        />
                      </Field>
                    )}
                    <Button size="lg" type="button" icon={Plus} onClick={() => setAdding(true)}>
                      Add server
                    </Button>
                  </div>
                  {needsAccount ? (
                    <AccountFields server={nameOf(to)} {...{ isNew, setNew, email, setEmail, password, setPassword }} />
                  ) : null}
                  {failure ? (
                    <p role="alert" className="rounded-md bg-danger-subtle px-3 py-2 text-danger">
                      {failure}
                    </p>
                  ) : null}
                  <div className="flex flex-col gap-1.5 border-t border-border pt-4 text-text-muted">
                    <p>
                      <span className="font-medium text-text">Goes along: </span>
                      tables, records, indexes and rules, keys, people with their passwords and sign-ins, saved views
                      and queries, the canvas, settings, versions of the schema, the history of records and who did
                      what.
                    </p>
                    <p>
                      <span className="font-medium text-text">Stays with the original: </span>
                      backups, the log of requests, and the ways back to before the move for a whole table or a large
                      import.
                    </p>
                  </div>
                </div>
              )}
            </DialogBody>
            <DialogFooter>
              <Button size="lg" type="button" onClick={close}>
                {progress ? 'Go on in the background' : 'Cancel'}
              </Button>
              {progress ? null : (
                <Button size="lg" variant="primary" type="submit" disabled={!isReady}>
                  {place === null ? 'Move project' : `Move to “${nameOf(to)}”`}
                </Button>
              )}
            </DialogFooter>
          </form>
        )}
      </DialogContent>
      {adding ? (
        <ServerDialog server={null} onClose={() => setAdding(false)} onSaved={({ id }) => setChosen(id)} />
      ) : null}
    </Dialog>
  )
}

function AccountFields(props: {
  readonly server: string
  readonly isNew: boolean
  readonly setNew: (isNew: boolean) => void
  readonly email: string
  readonly setEmail: (email: string) => void
  readonly password: string
  readonly setPassword: (password: string) => void
}) {
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="sr-only">Account on {props.server}</legend>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="font-medium">Whose it is on “{props.server}”</p>
        <Segmented
          aria-label="Account"
          value={props.isNew ? 'new' : 'known'}
          options={[
            { value: 'known', label: 'I have an account' },
            { value: 'new', label: 'New account' },
          ]}
          onValueChange={(value) => props.setNew(value === 'new')}
        />
      </div>
      <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
        <Field label="E-mail address">
          <TextInput
            size="lg"
            type="email"
            autoComplete="username"
            value={props.email}
            onChange={(event) => props.setEmail(event.target.value)}
          />
        </Field>
        <Field label="Password" hint={props.isNew ? 'At least 8 characters.' : undefined}>
          <TextInput
            size="lg"
            type="password"
            autoComplete={props.isNew ? 'new-password' : 'current-password'}
            value={props.password}
            onChange={(event) => props.setPassword(event.target.value)}
          />
        </Field>
      </div>
    </fieldset>
  )
}
