import { toAppError, useApi } from '@renderer/bridge/api'
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
import { Field, TextArea, TextInput } from '@renderer/ui/field'
import { Select } from '@renderer/ui/select'
import type { Server, TlsMode } from '@shared/contract/servers.contract'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { factsText, firstUse, nameOfUrl, tlsOfUrl, tlsOptions } from './server-words'
import { useServers } from './use-servers'

interface ServerDialogProps {
  /** Null adds one. */
  readonly server: Server | null
  readonly onClose: () => void
  readonly onSaved?: (server: Server) => void
}

interface Said {
  readonly good: boolean
  readonly lines: readonly string[]
}

/** A server by its connection string. It is tried before it is kept. */
export function ServerDialog({ server, onClose, onSaved }: ServerDialogProps) {
  const { client } = useApi()
  const { refresh } = useServers()
  const [name, setName] = useState(server?.name ?? '')
  const [url, setUrl] = useState('')
  const [tls, setTls] = useState<TlsMode>(server?.tls ?? 'verified')
  // undefined keeps the one that is known.
  const [certificate, setCertificate] = useState<string | null | undefined>(server?.certificate ? undefined : '')
  const [busy, setBusy] = useState<'test' | 'save' | null>(null)
  const [said, setSaid] = useState<Said | null>(null)

  const suggested = nameOfUrl(url)
  const isMissing = server === null && url.trim() === ''
  const connection = {
    ...(server === null ? {} : { serverId: server.id }),
    ...(url.trim() === '' ? {} : { url: url.trim() }),
    tls,
    ...(certificate === undefined ? {} : { certificate: certificate?.trim() || null }),
  }

  async function run(what: 'test' | 'save', work: () => Promise<Said | null>) {
    setBusy(what)
    setSaid(null)
    try {
      setSaid(await work())
    } catch (error) {
      setSaid({ good: false, lines: [toAppError(error).message] })
    } finally {
      setBusy(null)
    }
  }

  const test = () =>
    run('test', async () => {
      const facts = await client.servers.test(connection)
      const more = firstUse(facts)
      return { good: true, lines: [factsText(facts), ...(more === null ? [] : [more])] }
    })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (busy !== null || isMissing) return
    void run('save', async () => {
      const saved = await client.servers.save({ ...connection, name: name.trim() || suggested })
      await refresh()
      onSaved?.(saved.server)
      onClose()
      return null
    })
  }

  function typeUrl(text: string) {
    setUrl(text)
    const meant = tlsOfUrl(text)
    if (meant !== null) setTls(meant)
  }

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent>
        <form onSubmit={submit} onChange={() => setSaid(null)} className="contents">
          <DialogHeader>
            <DialogTitle>{server === null ? 'Add a server' : `Edit “${server.name}”`}</DialogTitle>
            <DialogDescription>
              A Postgres 15 or newer, for a user who may make schemas and roles: your own, or one of a provider.
            </DialogDescription>
          </DialogHeader>
          <DialogBody>
            <div className="flex flex-col gap-4">
              <Field
                label="Connection string"
                aside={server === null ? undefined : 'Empty keeps the one that is known'}
                hint="Kept in this system’s keychain or an encrypted file, and not shown again."
              >
                <TextInput
                  mono
                  size="lg"
                  autoFocus
                  value={url}
                  placeholder={
                    server === null
                      ? 'postgres://user:password@host:5432/database'
                      : `postgres://${server.user}:…@${server.address}`
                  }
                  onChange={(event) => typeUrl(event.target.value)}
                />
              </Field>
              <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
                <Field label="Name">
                  <TextInput
                    size="lg"
                    value={name}
                    maxLength={60}
                    placeholder={suggested || 'Team'}
                    onChange={(event) => setName(event.target.value)}
                  />
                </Field>
                <Field label="TLS" hint={tlsOptions.find(({ value }) => value === tls)?.hint}>
                  <Select
                    size="lg"
                    value={tls}
                    options={tlsOptions.map(({ value, label }) => ({ value, label }))}
                    onValueChange={(next) => {
                      setTls(next)
                      setSaid(null)
                    }}
                  />
                </Field>
              </div>
              {tls !== 'verified' ? null : certificate === undefined ? (
                <div className="flex items-center justify-between gap-4">
                  <p className="text-text-muted">The certificate of the authority that was given is used.</p>
                  <Button type="button" onClick={() => setCertificate('')}>
                    Give another
                  </Button>
                </div>
              ) : (
                <Field
                  label="Certificate of the authority"
                  aside="Optional"
                  hint="Of a provider that has its own. Without it, those of this machine count."
                >
                  <TextArea
                    mono
                    rows={2}
                    value={certificate ?? ''}
                    placeholder="-----BEGIN CERTIFICATE-----"
                    onChange={(event) => setCertificate(event.target.value)}
                  />
                </Field>
              )}
            </div>
          </DialogBody>
          {said ? <Outcome said={said} /> : null}
          <DialogFooter>
            <Button
              size="lg"
              type="button"
              className="mr-auto"
              disabled={busy !== null || isMissing}
              onClick={() => void test()}
            >
              {busy === 'test' ? 'Testing' : 'Test'}
            </Button>
            <Button size="lg" type="button" onClick={onClose}>
              Cancel
            </Button>
            <Button size="lg" variant="primary" type="submit" disabled={busy !== null || isMissing}>
              {busy === 'save' ? 'Testing' : 'Test and save'}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

/** What a test has found: always in sight, however little of the form is. */
function Outcome({ said }: { readonly said: Said }) {
  const Icon = said.good ? CircleCheck : CircleAlert
  return (
    <div
      role={said.good ? 'status' : 'alert'}
      className={`mx-5 mb-4 flex shrink-0 gap-2 rounded-md px-3 py-2 ${said.good ? 'bg-success-subtle text-success' : 'bg-danger-subtle text-danger'}`}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0">
        {said.lines.map((line) => (
          <p key={line} className="break-words">
            {line}
          </p>
        ))}
      </div>
    </div>
  )
}
