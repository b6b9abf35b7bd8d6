import { useApi } from '@renderer/bridge/api'
import { ConfirmDialog } from '@renderer/ui/dialog'
import { toast } from '@renderer/ui/toast'
import { useLast } from '@renderer/ui/use-last'
import type { Table } from '@shared/contract/tables.contract'
import { invertEdits } from '@shared/domain/invert-edit'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import { skipToken, useQuery } from '@tanstack/react-query'
import { effectSentence } from './effect-words'
import { useTablesCache } from './use-tables-cache'

/** Asks before a column goes, with what goes along. */
export function DeleteColumn(props: {
  readonly databaseId: string
  readonly table: Table
  /** By name; null while nothing is asked. */
  readonly column: string | null
  readonly onClose: () => void
  /** It held nothing, so these edits give all of it back. */
  readonly onEmptyDeleted: (what: string, back: readonly SchemaEdit[]) => void
}) {
  const { databaseId, table, column } = props
  const { client, query } = useApi()
  const cache = useTablesCache(databaseId)
  const shown = useLast(column) ?? ''
  const edits = [{ type: 'dropColumn' as const, table: table.table_name, column: shown }]
  const preview = useQuery(
    query.tables.preview.queryOptions({
      input: column === null ? skipToken : { databaseId, tableId: table.id, edits },
      staleTime: 0,
      gcTime: 0,
      retry: false,
    }),
  )
  const [effect] = preview.data?.effects ?? []
  return (
    <ConfirmDialog
      open={column !== null}
      onOpenChange={(open) => !open && props.onClose()}
      title={`Delete column ${shown}?`}
      description={
        <>
          <p>{effect ? effectSentence(effect) : `Looking at what ${shown} holds.`}</p>
          {effect ? <p>{effect.lost ?? 'It can be undone.'}</p> : null}
        </>
      }
      confirm="Delete column"
      danger
      onConfirm={async () => {
        const answer = await client.tables.update({ databaseId, tableId: table.id, edits })
        cache.put(answer.table)
        void cache.refresh()
        const said = `Column ${shown} deleted.`
        if (!effect || effect.lost !== null) return void toast.success(said)
        const back = invertEdits({ tables: [table.schema_json] }, edits)
        props.onEmptyDeleted(`Deletion of column ${shown}`, back)
        toast.success(said)
      }}
    />
  )
}
