import { useApi } from '@renderer/bridge/api'
import { Setting, SettingsGroup } from '@renderer/features/settings/setting'
import { Button } from '@renderer/ui/button'
import { errorFacts } from '@renderer/ui/error-state'
import { NumberInput, Switch, TextInput } from '@renderer/ui/field'
import { toast } from '@renderer/ui/toast'
import type { AuthSettings } from '@shared/contract/end-users.contract'
import { useMutation } from '@tanstack/react-query'

type Mail = AuthSettings['mail']

const firstServer = { host: '', port: 587, tls: false, user: null, hasPassword: false } as const

/** The mail server of the project; without one, mails are only shown in the studio. */
export function MailSettings(props: {
  readonly databaseId: string
  readonly mail: Mail
  readonly isSaved: boolean
  readonly onChange: (mail: Mail) => void
  /** The password as it was typed; undefined keeps the known one. */
  readonly password: string | undefined
  readonly onPassword: (password: string | undefined) => void
}) {
  const { mail, onChange } = props
  const { server } = mail
  const set = (part: Partial<NonNullable<Mail['server']>>) =>
    server && onChange({ ...mail, server: { ...server, ...part } })
  return (
    <SettingsGroup id="mail-server" title="Mail server">
      <Setting label="Send mails" hint="Otherwise they are only shown here, under Mails.">
        <Switch
          aria-label="Send mails"
          checked={server !== null}
          onCheckedChange={(on) => onChange({ ...mail, server: on ? firstServer : null })}
        />
      </Setting>
      {server ? (
        <>
          <Setting label="Sender">
            <TextInput
              aria-label="Sender"
              type="email"
              className="w-72!"
              placeholder="hello@example.org"
              value={mail.sender ?? ''}
              onChange={(event) => onChange({ ...mail, sender: event.target.value || null })}
            />
          </Setting>
          <Setting label="Host and port">
            <TextInput
              aria-label="Host"
              className="w-52!"
              placeholder="smtp.example.org"
              value={server.host}
              onChange={(event) => set({ host: event.target.value })}
            />
            <NumberInput
              aria-label="Port"
              className="w-19!"
              value={String(server.port)}
              onValueChange={(text) => set({ port: Number(text) })}
            />
          </Setting>
          <Setting label="TLS from the first byte" hint="Usually port 465. Otherwise the connection is upgraded.">
            <Switch aria-label="TLS from the first byte" checked={server.tls} onCheckedChange={(tls) => set({ tls })} />
          </Setting>
          <Setting label="User">
            <TextInput
              aria-label="User"
              className="w-72!"
              value={server.user ?? ''}
              onChange={(event) => set({ user: event.target.value || null })}
            />
          </Setting>
          <Setting label="Password" hint="Kept sealed; it is never shown again.">
            <TextInput
              aria-label="Password"
              type="password"
              autoComplete="new-password"
              className="w-72!"
              placeholder={server.hasPassword ? 'Unchanged' : ''}
              value={props.password ?? ''}
              onChange={(event) => props.onPassword(event.target.value || undefined)}
            />
          </Setting>
          <TestMail databaseId={props.databaseId} recipient={mail.sender} isSaved={props.isSaved} />
        </>
      ) : null}
    </SettingsGroup>
  )
}

function TestMail(props: {
  readonly databaseId: string
  readonly recipient: string | null
  readonly isSaved: boolean
}) {
  const { client } = useApi()
  const test = useMutation({
    mutationFn: (recipient: string) => client.endUsers.testMail({ databaseId: props.databaseId, recipient }),
    onSuccess: () => toast.success('The mail server took the test.'),
  })
  return (
    <Setting label="Test" hint={props.isSaved ? 'Sends a mail to the sender.' : 'Save the settings first.'}>
      <div className="flex flex-col items-end gap-1">
        <Button
          type="button"
          disabled={!props.isSaved || props.recipient === null || test.isPending}
          onClick={() => props.recipient !== null && test.mutate(props.recipient)}
        >
          Send a test
        </Button>
        {test.error ? (
          <p role="alert" className="text-right text-danger">
            {errorFacts(test.error).message}
          </p>
        ) : null}
      </div>
    </Setting>
  )
}
