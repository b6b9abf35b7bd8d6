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
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useSettleUsers } from './use-users'

export function PasswordDialog(props: {
  readonly databaseId: string
  readonly userId: string
  readonly open: boolean
  readonly onClose: () => void
}) {
  return (
    <Dialog open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <DialogContent width="sm">
        <PasswordForm {...props} />
      </DialogContent>
    </Dialog>
  )
}

function PasswordForm(props: { readonly databaseId: string; readonly userId: string; readonly onClose: () => void }) {
  const { databaseId, userId, onClose } = props
  const { client } = useApi()
  const settle = useSettleUsers()
  const [password, setPassword] = useState('')
  const save = useMutation({
    mutationFn: () => client.endUsers.setPassword({ databaseId, userId, password }),
    async onSuccess() {
      await settle()
      onClose()
      toast.success('The password is set.')
    },
  })
  return (
    <form
      className="contents"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <DialogHeader>
        <DialogTitle>Set a password</DialogTitle>
        <DialogDescription>Their sign-ins end, and only the new password works.</DialogDescription>
      </DialogHeader>
      <DialogBody>
        <Field label="New password" error={save.error ? errorFacts(save.error).message : null}>
          <TextInput
            size="lg"
            type="password"
            autoComplete="new-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
      </DialogBody>
      <DialogFooter>
        <Button type="button" size="lg" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" size="lg" variant="primary" disabled={save.isPending}>
          Set password
        </Button>
      </DialogFooter>
    </form>
  )
}
