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
import { Checkbox, Field, TextArea, TextInput } from '@renderer/ui/field'
import { countOf } from '@renderer/ui/figures'
import { Segmented } from '@renderer/ui/segmented'
import { Select } from '@renderer/ui/select'
import { TypeMark } from '@renderer/ui/type-mark'
import type { Filter } from '@shared/domain/filter'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { readInput } from '../edit-input'
import type { GridColumn } from '../grid-column'

export interface BulkEditDialogProps {
  readonly open: boolean
  readonly databaseId: string
  readonly tableName: string
  readonly columns: readonly GridColumn[]
  /** The same predicate is counted with and written with. */
  readonly filters: Filter
  /** "every record that matches the filter" */
  readonly what: string
  readonly onClose: () => void
  readonly onDone: (done: BulkEditDone) => void
}

export interface BulkEditDone {
  readonly what: string
  readonly updated: number
  /** By which it is undone. */
  readonly operation?: string | undefined
}

/** Sets one field in everything a filter matches: how many that are is known before anything is written. */
export function BulkEditDialog(props: BulkEditDialogProps) {
  return (
    <Dialog open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <DialogContent>
        <BulkEdit {...props} />
      </DialogContent>
    </Dialog>
  )
}

function BulkEdit(props: BulkEditDialogProps) {
  const { databaseId, tableName, filters } = props
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const columns = props.columns.filter(({ fixed, secret }) => fixed === null && !secret)
  const [name, setName] = useState(columns[0]?.name ?? '')
  const [text, setText] = useState('')
  const [isNull, setIsNull] = useState(false)
  /** Nothing is set to nothing by a click alone. */
  const [touched, setTouched] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const column = columns.find((one) => one.name === name)
  const options = query.records.count.queryOptions({ input: { databaseId, tableName, filters, mode: 'exact' } })
  const counted = useQuery({ ...options, staleTime: 0, gcTime: 0, retry: false })
  const count = counted.isFetching ? null : (counted.data?.count ?? null)
  if (!column) return <p className="p-5">No column of {tableName} can be edited.</p>
  const input = readInput(column, isNull ? null : text)
  const records = count === null ? 'records' : countOf(count, 'record')

  function put(next: string) {
    setText(next)
    setTouched(true)
  }

  async function apply(event: FormEvent) {
    event.preventDefault()
    if (busy || !touched || input.kind !== 'value' || count === null || count === 0) return
    setBusy(true)
    setFailure(null)
    try {
      const done = await client.records.updateMany({
        databaseId,
        tableName,
        filters,
        record: { [name]: input.value },
        expected: count,
      })
      props.onDone({ what: `Edit of ${name} in ${countOf(done.updated, 'record')}`, ...done })
      props.onClose()
    } catch (error) {
      const { code, message } = toAppError(error)
      setFailure(message)
      // Others wrote meanwhile: the number is counted anew, and has to be agreed to anew.
      if (code === 'CONFLICT') void counted.refetch()
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className="contents" onSubmit={(event) => void apply(event)}>
      <DialogHeader>
        <DialogTitle>Edit {records}</DialogTitle>
        <DialogDescription>Sets one field in {props.what}. It can be undone.</DialogDescription>
      </DialogHeader>
      <DialogBody className="flex flex-col gap-4">
        <Field label="Column">
          <Select
            size="lg"
            value={name}
            options={columns.map((one) => ({
              value: one.name,
              label: one.name,
              hint: one.schema.type,
              icon: <TypeMark base={one.type.base} />,
            }))}
            onValueChange={(next) => {
              setName(next)
              setText('')
              setIsNull(false)
              setTouched(false)
            }}
          />
        </Field>
        <Field label="New value" error={!isNull && input.kind === 'unfit' && touched ? input.reason : null}>
          <ValueInput column={column} text={text} disabled={isNull} onText={put} />
        </Field>
        {column.nullable ? (
          <Checkbox
            label="Set to NULL"
            checked={isNull}
            onCheckedChange={(on) => {
              setIsNull(on === true)
              setTouched(on === true || text !== '')
            }}
          />
        ) : null}
        <div role="status" className="flex min-h-9 items-center gap-2 rounded-md bg-bg-subtle px-3 py-2">
          {counted.isFetching ? (
            <>
              <span className="flex-1 text-text-muted">Counting the records that match.</span>
              <Button size="sm" onClick={() => void queryClient.cancelQueries({ queryKey: options.queryKey })}>
                Cancel
              </Button>
            </>
          ) : count === null ? (
            <>
              <span className="flex-1">
                {counted.error ? toAppError(counted.error).message : 'They were not counted.'}
              </span>
              <Button size="sm" onClick={() => void counted.refetch()}>
                Count again
              </Button>
            </>
          ) : (
            <span>
              Exactly <strong className="font-semibold tabular-nums">{records}</strong>{' '}
              {count === 1 ? 'matches' : 'match'} now. If that changes before you apply it, nothing is written.
            </span>
          )}
        </div>
        {failure ? (
          <p role="alert" className="text-danger">
            {failure}
          </p>
        ) : null}
      </DialogBody>
      <DialogFooter>
        <Button size="lg" onClick={props.onClose}>
          Cancel
        </Button>
        <Button
          size="lg"
          variant="primary"
          type="submit"
          disabled={busy || !touched || count === null || count === 0 || input.kind !== 'value'}
        >
          Set {name} in {records}
        </Button>
      </DialogFooter>
    </form>
  )
}

function ValueInput(props: {
  readonly column: GridColumn
  readonly text: string
  readonly disabled: boolean
  readonly onText: (text: string) => void
}) {
  const { column, text } = props
  const { base, array } = column.type
  if (base === 'boolean' && !array)
    return (
      <Segmented
        aria-label="New value"
        value={text}
        options={[
          { value: 'true', label: 'true' },
          { value: 'false', label: 'false' },
        ]}
        onValueChange={props.onText}
      />
    )
  if (array || base === 'jsonb')
    return (
      <TextArea mono value={text} disabled={props.disabled} onChange={(event) => props.onText(event.target.value)} />
    )
  return (
    <TextInput
      mono
      size="lg"
      value={text}
      disabled={props.disabled}
      onChange={(event) => props.onText(event.target.value)}
    />
  )
}
