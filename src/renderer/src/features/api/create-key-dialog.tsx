import { useTables } from '@renderer/app/current-project'
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
import { Checkbox, Field, TextInput } from '@renderer/ui/field'
import { Segmented } from '@renderer/ui/segmented'
import { Select } from '@renderer/ui/select'
import { type Verb, verbs } from '@shared/domain/access-rule'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { CodeBlock } from './code-block'
import { verbNames } from './rules-sheet'

const lives = [
  { value: '', label: 'Does not expire' },
  { value: '7', label: 'In 7 days' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
] as const

const everything = '*'

export function CreateKeyDialog(props: {
  readonly databaseId: string
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly onMade: (secret: string) => void
}) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle>Create a key</DialogTitle>
          <DialogDescription>A key is shown once. What is kept of it cannot be turned back into it.</DialogDescription>
        </DialogHeader>
        <KeyForm {...props} />
      </DialogContent>
    </Dialog>
  )
}

function KeyForm(props: {
  readonly databaseId: string
  readonly onOpenChange: (open: boolean) => void
  readonly onMade: (secret: string) => void
}) {
  const { query } = useApi()
  const tables = useTables()
  const [name, setName] = useState('')
  const [kind, setKind] = useState<'publishable' | 'secret'>('publishable')
  const [table, setTable] = useState<string>(everything)
  const [allowed, setAllowed] = useState<readonly Verb[]>(verbs)
  const [life, setLife] = useState<(typeof lives)[number]['value']>('')
  const create = useMutation(query.keys.create.mutationOptions({ onSuccess: ({ secret }) => props.onMade(secret) }))
  const isLimited = table !== everything || allowed.length < verbs.length
  return (
    <form
      className="contents"
      onSubmit={(event) => {
        event.preventDefault()
        create.mutate({
          databaseId: props.databaseId,
          name,
          kind,
          scopes: isLimited ? [{ table, verbs: [...allowed] }] : null,
          expires_at: life === '' ? null : new Date(Date.now() + Number(life) * 86_400_000).toISOString(),
        })
      }}
    >
      <DialogBody className="flex flex-col gap-4">
        <Field label="Name" hint="Where it is used: “web app”, “nightly import”.">
          <TextInput
            autoFocus
            size="lg"
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field
          label="Kind"
          hint={
            kind === 'publishable'
              ? 'For browsers and apps: it opens only what the access rules open.'
              : 'For servers of your own: it passes the access rules. Keep it out of apps and repositories.'
          }
        >
          <Segmented
            aria-label="Kind"
            value={kind}
            onValueChange={setKind}
            options={[
              { value: 'publishable', label: 'Publishable' },
              { value: 'secret', label: 'Secret' },
            ]}
          />
        </Field>
        <div className="grid grid-cols-2 gap-4">
          <Field label="Table">
            <Select
              size="lg"
              value={table}
              options={[
                { value: everything, label: 'All tables' },
                ...tables.map(({ table_name }) => ({ value: table_name, label: table_name })),
              ]}
              onValueChange={setTable}
            />
          </Field>
          <Field label="Expires">
            <Select size="lg" value={life} options={lives} onValueChange={setLife} />
          </Field>
        </div>
        <fieldset className="flex flex-wrap gap-x-5 gap-y-2">
          <legend className="mb-1 font-medium">May</legend>
          {verbs.map((verb) => (
            <Checkbox
              key={verb}
              label={verbNames[verb]}
              checked={allowed.includes(verb)}
              onCheckedChange={(on) =>
                setAllowed(verbs.filter((one) => (one === verb ? on === true : allowed.includes(one))))
              }
            />
          ))}
        </fieldset>
        {create.error ? (
          <p role="alert" className="text-danger">
            {toAppError(create.error).message}
          </p>
        ) : null}
      </DialogBody>
      <DialogFooter>
        <Button size="lg" type="button" onClick={() => props.onOpenChange(false)}>
          Cancel
        </Button>
        <Button
          size="lg"
          type="submit"
          variant="primary"
          disabled={create.isPending || name.trim() === '' || allowed.length === 0}
        >
          Create key
        </Button>
      </DialogFooter>
    </form>
  )
}

/** The only time that a key is seen. */
export function ShowKeyDialog({ secret, onClose }: { readonly secret: string | null; readonly onClose: () => void }) {
  return (
    <Dialog open={secret !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle>The new key</DialogTitle>
          <DialogDescription>Copy it now. It is not shown again.</DialogDescription>
        </DialogHeader>
        <DialogBody>
          <CodeBlock text={secret ?? ''} label="Copy the key" />
        </DialogBody>
        <DialogFooter>
          <Button size="lg" variant="primary" onClick={onClose}>
            Done
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}
