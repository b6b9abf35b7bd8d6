import { useApi } from '@renderer/bridge/api'
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
import { errorFacts } from '@renderer/ui/error-state'
import { Field, TextInput } from '@renderer/ui/field'
import { toast } from '@renderer/ui/toast'
import { useLast } from '@renderer/ui/use-last'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useSettleUsers } from './use-users'

/** Makes a user who can sign in at once, or invites one, who chooses a password by the link of a mail. */
export function NewUserDialog(props: {
  readonly databaseId: string
  readonly making: 'create' | 'invite' | null
  readonly onClose: () => void
  readonly onMade: (userId: string) => void
}) {
  const how = useLast(props.making) ?? 'create'
  return (
    <Dialog open={props.making !== null} onOpenChange={(open) => !open && props.onClose()}>
      <DialogContent width="sm">
        <NewUserForm databaseId={props.databaseId} how={how} onClose={props.onClose} onMade={props.onMade} />
      </DialogContent>
    </Dialog>
  )
}

function NewUserForm(props: {
  readonly databaseId: string
  readonly how: 'create' | 'invite'
  readonly onClose: () => void
  readonly onMade: (userId: string) => void
}) {
  const { databaseId, how } = props
  const { client } = useApi()
  const settle = useSettleUsers()
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const make = useMutation({
    async mutationFn() {
      const named = { databaseId, email, ...(name.trim() === '' ? {} : { full_name: name.trim() }) }
      if (how === 'create') return { ...(await client.endUsers.create({ ...named, password })), delivered: null }
      return client.endUsers.invite(named)
    },
    async onSuccess({ user, delivered }) {
      await settle()
      props.onClose()
      props.onMade(user.id)
      if (delivered === null) toast.success(`${user.email} can sign in now.`)
      else if (delivered) toast.success(`${user.email} is invited.`)
      else toast.success('The invitation is under Mails: there is no mail server that sends it.')
    },
  })
  function submit(event: FormEvent) {
    event.preventDefault()
    make.mutate()
  }
  return (
    <form onSubmit={submit} className="contents">
      <DialogHeader>
        <DialogTitle>{how === 'create' ? 'Create a user' : 'Invite a user'}</DialogTitle>
        <DialogDescription>
          {how === 'create'
            ? 'They can sign in at once with this address and password.'
            : 'They get a mail with a link, and choose a password there.'}
        </DialogDescription>
      </DialogHeader>
      <DialogBody className="flex flex-col gap-4">
        <Field label="E-mail address">
          <TextInput size="lg" type="email" required value={email} onChange={(event) => setEmail(event.target.value)} />
        </Field>
        <Field label="Full name" aside="Optional">
          <TextInput size="lg" value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        {how === 'create' ? (
          <Field label="Password" hint="At least 8 characters.">
            <TextInput
              size="lg"
              type="password"
              autoComplete="new-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
        ) : null}
        {make.error ? (
          <p role="alert" className="text-danger">
            {errorFacts(make.error).message}
          </p>
        ) : null}
      </DialogBody>
      <DialogFooter>
        <Button type="button" size="lg" onClick={props.onClose}>
          Cancel
        </Button>
        <Button type="submit" size="lg" variant="primary" disabled={make.isPending}>
          {how === 'create' ? 'Create user' : 'Send invitation'}
        </Button>
      </DialogFooter>
    </form>
  )
}
