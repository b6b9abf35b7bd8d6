import { useStored } from '@renderer/app/stored'
import { toAppError, useApi } from '@renderer/bridge/api'
import { useTablesCache } from '@renderer/features/tables/use-tables-cache'
import { Button } from '@renderer/ui/button'
import {
  Dialog,
  DialogBody,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@renderer/ui/dialog'
import { ErrorState } from '@renderer/ui/error-state'
import { Checkbox, Field, TextInput } from '@renderer/ui/field'
import { countOf } from '@renderer/ui/figures'
import { Segmented } from '@renderer/ui/segmented'
import { Skeleton } from '@renderer/ui/skeleton'
import { toast } from '@renderer/ui/toast'
import { wireEdit } from '@shared/contract/wire-schema'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Script } from './compare-bar'
import type { DraftStore } from './draft-store'
import { EffectItem } from './effect-item'
import { schemaOf } from './use-draft'
import { addIndexes, indexesFor, waitingIndexes } from './waiting-indexes'
import { addSamples, countSamples, samplesFor, waitingSamples } from './waiting-samples'

export interface ReviewDialogProps {
  readonly databaseId: string
  readonly store: DraftStore
  /** Every edit of the draft as it was made, and those that are sent for them. */
  readonly made: readonly SchemaEdit[]
  readonly edits: readonly SchemaEdit[]
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** What Apply will do, before it does: in plain words, in SQL, with the records it touches and what is lost for good. */
export function ReviewDialog({ open, onOpenChange, ...rest }: ReviewDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent width="lg">
        <Review {...rest} onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  )
}

type View = 'words' | 'up' | 'down'

function Review({
  databaseId,
  store,
  made,
  edits,
  onDone,
}: Omit<ReviewDialogProps, 'open' | 'onOpenChange'> & { readonly onDone: () => void }) {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const cache = useTablesCache(databaseId)
  const [view, setView] = useState<View>('words')
  const [emptied, setEmptied] = useState<ReadonlySet<number>>(new Set())
  const [name, setName] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const sent = useMemo(
    () => edits.map((edit, index) => wireEdit(emptied.has(index) ? withNull(edit) : edit)),
    [edits, emptied],
  )
  const dry = useQuery({
    queryKey: ['schema-review', databaseId, JSON.stringify(sent)],
    queryFn: ({ signal }) => client.schema.apply({ databaseId, edits: sent, dryRun: true }, { signal }),
    placeholderData: (last) => last,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  })
  const waits = useStored(waitingSamples(databaseId))
  const { data: samples = [] } = useQuery({
    queryKey: ['schema-samples', JSON.stringify(waits), JSON.stringify(made)],
    queryFn: () => samplesFor(waits, made),
    placeholderData: (last) => last,
  })
  const sampleCount = countSamples(samples)
  const waitingFor = useStored(waitingIndexes(databaseId))
  const indexes = useMemo(() => indexesFor(waitingFor, made), [waitingFor, made])
  const [withSamples, setWithSamples] = useState(true)
  const effects = dry.data?.effects ?? []
  const refused = effects.filter((effect) => effect.refused).length
  const touched = effects.reduce((sum, { affected }) => sum + affected, 0)
  const lost = effects.flatMap((effect) => (effect.lost === null ? [] : [effect.lost]))

  async function apply() {
    setBusy(true)
    setFailure(null)
    store.hold()
    try {
      const title = name.trim()
      const { version } = await client.schema.apply({
        databaseId,
        edits: sent,
        ...(dry.data ? { base: dry.data.version } : {}),
        ...(title === '' ? {} : { name: title }),
      })
      // What the canvas shows from here on is what the server answers now, not what was hoped for.
      const { tables } = await client.tables.list({ databaseId })
      queryClient.setQueryData(query.tables.list.queryKey({ input: { databaseId } }), { tables })
      store.applied(schemaOf(tables))
      void cache.refresh()
      void queryClient.invalidateQueries({ queryKey: query.schema.key() })
      onDone()
      waitingSamples(databaseId).write([])
      waitingIndexes(databaseId).write([])
      const done = `${countOf(edits.length, 'change')} applied: this is version ${version}`
      try {
        if (withSamples) await addSamples(client, databaseId, samples)
        await addIndexes(client, databaseId, tables, indexes)
        toast.success(withSamples && sampleCount > 0 ? `${done}, with ${countOf(sampleCount, 'sample record')}` : done)
      } catch (error) {
        toast.error(`${done}. What was to come with it does not fit: ${toAppError(error).message}`)
      }
    } catch (error) {
      store.release()
      setFailure(toAppError(error).message)
      void dry.refetch()
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <DialogHeader>
        <DialogTitle>Review {countOf(edits.length, 'change')}</DialogTitle>
        <DialogDescription>
          {dry.data
            ? touched > 0
              ? `${countOf(touched, 'value')} of records that exist will be changed or lost.`
              : 'No record that exists will be changed.'
            : 'Looking at the records that exist.'}
        </DialogDescription>
      </DialogHeader>
      <DialogBody className="flex min-h-70 flex-col gap-3">
        {dry.error ? (
          <ErrorState
            error={dry.error}
            title="The changes cannot be applied as they are"
            onRetry={() => void dry.refetch()}
          />
        ) : (
          <>
            <Segmented
              aria-label="Show the changes as"
              value={view}
              options={[
                { value: 'words', label: 'In words' },
                { value: 'up', label: 'SQL' },
                { value: 'down', label: 'The way back' },
              ]}
              onValueChange={setView}
            />
            {!dry.data ? (
              <ReviewSkeleton />
            ) : view === 'words' ? (
              <>
                <ul aria-label="Changes" className="divide-y divide-border rounded-md border border-border">
                  {effects.map((effect, index) => (
                    <EffectItem
                      // biome-ignore lint/suspicious/noArrayIndexKey: the list is as long and in the order of the edits
                      key={index}
                      effect={effect}
                      emptied={emptied.has(index)}
                      onEmptied={(on) => {
                        const next = new Set(emptied)
                        if (on) next.add(index)
                        else next.delete(index)
                        setEmptied(next)
                      }}
                    />
                  ))}
                </ul>
                {sampleCount > 0 ? (
                  <Checkbox
                    label={`Add ${countOf(sampleCount, 'sample record')} of the template`}
                    checked={withSamples}
                    onCheckedChange={(checked) => setWithSamples(checked === true)}
                  />
                ) : null}
                {indexes.length > 0 ? (
                  <p className="text-text-muted">
                    {countOf(indexes.length, 'index', 'indexes')} of the import {indexes.length === 1 ? 'is' : 'are'}{' '}
                    made too.
                  </p>
                ) : null}
                {lost.length > 0 ? (
                  <section aria-label="What cannot be undone" className="rounded-md bg-warning-subtle px-3 py-2">
                    <h3 className="flex items-center gap-1.5 font-medium text-warning">
                      <TriangleAlert aria-hidden className="size-3.5" />
                      What cannot be undone
                    </h3>
                    <ul className="mt-1 list-disc pl-5">
                      {lost.map((sentence) => (
                        <li key={sentence}>{sentence}</li>
                      ))}
                    </ul>
                  </section>
                ) : null}
              </>
            ) : (
              <Script
                title={view === 'up' ? 'The same in plain Postgres' : 'The way back in plain Postgres'}
                text={view === 'up' ? dry.data.sql : dry.data.down}
              />
            )}
          </>
        )}
        {failure ? (
          <p role="alert" className="rounded-md bg-danger-subtle px-3 py-2 text-danger">
            {failure}
          </p>
        ) : null}
      </DialogBody>
      <DialogFooter className="items-end">
        <Field label="Name of the version" aside="Optional" className="mr-auto w-72">
          <TextInput
            size="lg"
            value={name}
            maxLength={100}
            placeholder="Orders and their items"
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <DialogClose asChild>
          <Button size="lg">Back to the canvas</Button>
        </DialogClose>
        <Button
          size="lg"
          variant="primary"
          disabled={busy || !dry.data || dry.isPlaceholderData || refused > 0}
          onClick={() => void apply()}
        >
          {busy ? 'Applying' : `Apply ${countOf(edits.length, 'change')}`}
        </Button>
      </DialogFooter>
    </>
  )
}

function ReviewSkeleton() {
  return (
    <div aria-busy="true" className="flex flex-col gap-3 rounded-md border border-border p-3">
      <Skeleton className="h-4 w-2/3" />
      <Skeleton className="h-4 w-1/2" />
      <Skeleton className="h-4 w-3/5" />
    </div>
  )
}

function withNull(edit: SchemaEdit): SchemaEdit {
  return edit.type === 'changeType' ? { ...edit, unfit: 'null' } : edit
}
