import { toAppError, useApi } from '@renderer/bridge/api'
import { Segmented } from '@renderer/ui/segmented'
import type { TableStorage } from '@shared/contract/indexes.contract'
import { useMutation } from '@tanstack/react-query'
import { HardDrive } from 'lucide-react'
import { type StorageChoice, storageChoice, storageSentence } from './index-words'

export interface StorageSectionProps {
  readonly table: { readonly databaseId: string; readonly tableId: string }
  readonly storage: TableStorage
  readonly onChanged: () => Promise<void>
}

/** Where the records are, and whose choice that is. */
export function StorageSection({ table, storage, onChanged }: StorageSectionProps) {
  const { query } = useApi()
  const choose = useMutation(query.indexes.setStorage.mutationOptions({ onSuccess: onChanged }))
  const choice = choose.isPending ? choose.variables.tier : storageChoice(storage)
  const { moving } = storage
  return (
    <section
      aria-label="Storage"
      className="flex flex-col gap-2 rounded-lg border border-border bg-bg-subtle px-3 py-2.5"
    >
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p role="status" className="flex min-w-0 items-center gap-2 tabular-nums">
          <HardDrive aria-hidden className="size-3.5 shrink-0 text-text-muted" />
          {storageSentence(storage)}
        </p>
        <Segmented<StorageChoice>
          aria-label="Storage"
          value={choice}
          className="bg-bg"
          options={[
            { value: 'auto', label: 'Automatic' },
            { value: 'shared', label: 'Shared' },
            { value: 'dedicated', label: 'Own storage' },
          ]}
          onValueChange={(tier) => choose.mutate({ ...table, tier })}
        />
      </div>
      {moving ? (
        <progress
          aria-label="Records moved"
          value={moving.done}
          max={Math.max(1, moving.total)}
          className="h-1.5 w-full appearance-none overflow-hidden rounded-full bg-bg-active [&::-webkit-progress-bar]:bg-bg-active [&::-webkit-progress-value]:bg-accent"
        />
      ) : null}
      {choose.error ? (
        <p role="alert" className="text-sm text-danger">
          {toAppError(choose.error).message}
        </p>
      ) : null}
    </section>
  )
}
