import { isAbort, toAppError, useApi } from '@renderer/bridge/api'
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
import { countOf, formatCount } from '@renderer/ui/figures'
import { Skeleton } from '@renderer/ui/skeleton'
import { toast } from '@renderer/ui/toast'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

const steps = [
  { label: '10 minutes ago', minutes: 10 },
  { label: '1 hour ago', minutes: 60 },
  { label: '1 day ago', minutes: 24 * 60 },
  { label: '1 week ago', minutes: 7 * 24 * 60 },
] as const

/** Takes the records of a table back to a moment: what that would do is counted before it is done. */
export function MomentDialog(props: {
  readonly databaseId: string
  readonly tableName: string
  /** There is nothing of the table before. */
  readonly createdAt: string
  readonly onClose: () => void
}) {
  const { databaseId, tableName, onClose } = props
  const created = Date.parse(props.createdAt)
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const [text, setText] = useState(() => localText(new Date(Math.max(Date.now() - 60 * 60_000, firstMoment(created)))))
  const [failure, setFailure] = useState<string | null>(null)
  const [working, setWorking] = useState(false)
  const date = new Date(text)
  const moment = Number.isNaN(date.getTime()) ? null : date.toISOString()
  const { data: kept } = useQuery(query.changes.retention.queryOptions({ input: { databaseId } }))
  const preview = useQuery(
    query.changes.previewMoment.queryOptions({
      input: { databaseId, tableName, moment: moment ?? new Date(0).toISOString() },
      enabled: moment !== null,
      retry: false,
      // Others write meanwhile.
      staleTime: 0,
    }),
  )
  const counts = moment === null ? undefined : preview.data
  const total = counts ? counts.added + counts.changed + counts.removed : 0
  const problem = moment === null ? 'Give a day and a time.' : preview.error ? toAppError(preview.error).message : null

  async function restore() {
    if (moment === null) return
    setWorking(true)
    setFailure(null)
    try {
      const { operation, written } = await client.changes.restoreMoment({ databaseId, tableName, moment })
      await queryClient.invalidateQueries()
      toast.success(`${countOf(written, 'record')} of ${tableName} restored.`, {
        undo: async () => {
          await client.changes.undo({ databaseId, operation })
          await queryClient.invalidateQueries()
        },
      })
      onClose()
    } catch (error) {
      if (!isAbort(error)) setFailure(toAppError(error).message)
      setWorking(false)
    }
  }

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle>Restore {tableName} to a moment</DialogTitle>
          <DialogDescription>
            Every record becomes what it was then, by one step that can be undone. Other tables stay as they are.
          </DialogDescription>
        </DialogHeader>
        <DialogBody>
          <div className="flex flex-col gap-4">
            <Field
              label="Day and time"
              hint={
                kept ? `In your time zone. Changes are kept for ${countOf(kept.days, 'day')}.` : 'In your time zone.'
              }
              error={problem}
            >
              <TextInput
                size="lg"
                type="datetime-local"
                step={1}
                value={text}
                max={localText(new Date())}
                onChange={(event) => setText(event.target.value)}
              />
            </Field>
            <div className="flex flex-wrap gap-1">
              {steps.map(({ label, minutes }) => (
                <Button
                  key={label}
                  size="sm"
                  disabled={Date.now() - minutes * 60_000 < created}
                  onClick={() => setText(localText(new Date(Date.now() - minutes * 60_000)))}
                >
                  {label}
                </Button>
              ))}
            </div>
            <div role="status" aria-label="What would change" className="grid grid-cols-3 gap-3">
              {(
                [
                  ['Come back', counts?.added, 'deleted since'],
                  ['Change', counts?.changed, 'edited since'],
                  ['Go', counts?.removed, 'created since'],
                ] as const
              ).map(([label, count, why]) => (
                <div key={label} className="rounded-md border border-border px-3 py-2">
                  <p className="text-sm text-text-muted">{label}</p>
                  <p className="text-lg font-semibold tabular-nums">
                    {count === undefined ? problem ? '–' : <Skeleton className="h-5 w-10" /> : formatCount(count)}
                  </p>
                  <p className="text-sm text-text-muted">{why}</p>
                </div>
              ))}
            </div>
            {failure ? (
              <p role="alert" className="text-danger">
                {failure}
              </p>
            ) : null}
          </div>
        </DialogBody>
        <DialogFooter>
          {counts && total === 0 ? (
            <p role="status" className="mr-auto text-text-muted">
              Nothing has changed since then.
            </p>
          ) : null}
          <Button size="lg" onClick={onClose}>
            Cancel
          </Button>
          <Button
            size="lg"
            variant="primary"
            disabled={total === 0 || working || problem !== null}
            onClick={() => void restore()}
          >
            {total === 0 ? 'Restore' : `Restore ${countOf(total, 'record')}`}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}

/** The first that the field can say, in whole seconds, when the table was there. */
function firstMoment(created: number): number {
  return Math.ceil(created / 1000) * 1000
}

/** As the field has it: the reader's own clock, to the second. */
function localText(date: Date): string {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}
