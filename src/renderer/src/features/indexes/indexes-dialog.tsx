import { toAppError, useApi } from '@renderer/bridge/api'
import {
  ConfirmDialog,
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
} from '@renderer/ui/dialog'
import { ErrorState } from '@renderer/ui/error-state'
import { focusPanel } from '@renderer/ui/return-focus'
import { Skeleton } from '@renderer/ui/skeleton'
import { toast } from '@renderer/ui/toast'
import { useLast } from '@renderer/ui/use-last'
import type { TableIndex } from '@shared/contract/indexes.contract'
import type { Table } from '@shared/contract/tables.contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { AddIndex } from './add-index'
import { IndexList } from './index-list'
import { columnWords } from './index-words'
import { StorageSection } from './storage-section'
import { Suggestions } from './suggestions'
import { useIndexes } from './use-indexes'

export interface IndexesDialogProps {
  readonly databaseId: string
  readonly table: Table
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** What makes a table fast, and where it is kept. */
export function IndexesDialog({ databaseId, table, open, onOpenChange }: IndexesDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent width="lg" tabIndex={-1} className="top-[8vh] max-h-[84vh]" onOpenAutoFocus={focusPanel}>
        <DialogHeader>
          <DialogTitle className="truncate">Indexes of {table.table_name}</DialogTitle>
          <DialogDescription>
            An index makes filters and sorts by its columns fast, and every write of the table a little slower.
          </DialogDescription>
        </DialogHeader>
        <DialogBody>
          <Indexes databaseId={databaseId} table={table} />
        </DialogBody>
      </DialogContent>
    </Dialog>
  )
}

function Indexes({ databaseId, table }: Pick<IndexesDialogProps, 'databaseId' | 'table'>) {
  const { client, query } = useApi()
  const at = { databaseId, tableId: table.id }
  const { data, error, refetch, refresh } = useIndexes(at)
  const [dropping, setDropping] = useState<TableIndex | null>(null)
  const shown = useLast(dropping)
  const create = useMutation(query.indexes.create.mutationOptions({ onSuccess: refresh }))
  if (error && !data)
    return <ErrorState error={error} title="The indexes could not be read" onRetry={() => void refetch()} />
  if (!data) return <Waiting />

  async function add(columns: readonly string[]): Promise<boolean> {
    try {
      const { index } = await create.mutateAsync({ ...at, columns: [...columns] })
      toast.success(
        index.state === 'ready'
          ? `The index on ${columnWords(index.columns)} is there.`
          : `The index on ${columnWords(index.columns)} is being built.`,
      )
      return true
    } catch {
      // The mutation keeps the error for the form below.
      return false
    }
  }
  return (
    <div className="flex flex-col gap-5">
      <StorageSection table={at} storage={data.storage} onChanged={refresh} />
      {data.suggestions.length > 0 ? (
        <Suggestions suggestions={data.suggestions} busy={create.isPending} onAdd={(columns) => void add(columns)} />
      ) : null}
      <section aria-labelledby="indexes">
        <h3 id="indexes" className="mb-1.5 font-semibold">
          Indexes
        </h3>
        <IndexList indexes={data.indexes} onDrop={setDropping} />
      </section>
      <AddIndex
        columns={table.schema_json.columns}
        shared={data.storage.tier === 'shared'}
        busy={create.isPending}
        failure={create.error ? toAppError(create.error).message : null}
        onAdd={add}
        onChange={create.reset}
      />
      <ConfirmDialog
        open={dropping !== null}
        onOpenChange={(open) => !open && setDropping(null)}
        title="Drop this index?"
        description={
          <p>
            Filters and sorts by <span className="font-mono text-text">{columnWords(shown?.columns ?? [])}</span> read
            the whole table again. No record changes.
          </p>
        }
        confirm="Drop index"
        danger
        onConfirm={async () => {
          if (dropping) await client.indexes.drop({ ...at, index: dropping.id })
          create.reset()
          await refresh()
        }}
      />
    </div>
  )
}

function Waiting() {
  return (
    <div aria-busy="true" className="flex flex-col gap-5">
      <Skeleton className="h-12 w-full" />
      <div className="flex flex-col gap-2">
        <Skeleton className="h-11 w-full" />
        <Skeleton className="h-11 w-full" />
      </div>
    </div>
  )
}
