import { toAppError } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { Dialog, DialogBody, DialogContent, DialogFooter, DialogHeader, DialogTitle } from '@renderer/ui/dialog'
import { Field, TextInput } from '@renderer/ui/field'
import { type FormEvent, useState } from 'react'

export interface ViewNameDialogProps {
  /** What is named; null is closed. */
  readonly naming: { readonly title: string; readonly action: string; readonly name: string } | null
  readonly onClose: () => void
  readonly onName: (name: string) => Promise<void>
}

/** Asks what a view is called. */
export function ViewNameDialog({ naming, onClose, onName }: ViewNameDialogProps) {
  return (
    <Dialog open={naming !== null} onOpenChange={(open) => !open && onClose()}>
      <DialogContent width="sm">
        {naming ? <NameForm naming={naming} onClose={onClose} onName={onName} /> : null}
      </DialogContent>
    </Dialog>
  )
}

function NameForm(props: ViewNameDialogProps & { readonly naming: NonNullable<ViewNameDialogProps['naming']> }) {
  const { naming, onClose, onName } = props
  const [name, setName] = useState(naming.name)
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  async function save(event: FormEvent) {
    event.preventDefault()
    event.stopPropagation()
    if (busy) return
    if (name.trim() === '') return setFailure('Give the view a name.')
    setBusy(true)
    try {
      await onName(name.trim())
      onClose()
    } catch (error) {
      setFailure(toAppError(error).message)
      setBusy(false)
    }
  }
  return (
    <form className="contents" onSubmit={(event) => void save(event)}>
      <DialogHeader>
        <DialogTitle>{naming.title}</DialogTitle>
      </DialogHeader>
      <DialogBody>
        <Field label="Name" error={failure} hint="It keeps filters, order and columns, for everybody in the project.">
          <TextInput
            size="lg"
            autoFocus
            value={name}
            maxLength={100}
            placeholder="Open orders"
            onChange={(event) => {
              setName(event.target.value)
              setFailure(null)
            }}
          />
        </Field>
      </DialogBody>
      <DialogFooter>
        <Button size="lg" onClick={onClose}>
          Cancel
        </Button>
        <Button size="lg" variant="primary" type="submit" disabled={busy}>
          {naming.action}
        </Button>
      </DialogFooter>
    </form>
  )
}
