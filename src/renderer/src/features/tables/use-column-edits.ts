import { useTables } from '@renderer/app/current-project'
import { toAppError, useApi } from '@renderer/bridge/api'
import { countOf } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import type { Table } from '@shared/contract/tables.contract'
import { useMemo, useReducer, useState } from 'react'
import { type ColumnDraft, draftsOf, isBlank } from './column-draft'
import { changeDrafts } from './column-drafts'
import type { DraftFrame } from './draft-dialog'
import { problemsOfEdits } from './draft-problems'
import { losesValues, sentEdits } from './effect-words'
import { planEdits } from './plan-edits'
import { setsOf } from './unique-sets'
import { useEditPreview } from './use-edit-preview'
import { useTablesCache } from './use-tables-cache'

export interface ColumnEditsInput {
  readonly databaseId: string
  readonly table: Table
  readonly frame: DraftFrame
  /** The columns to begin with; those that the table has when left out. */
  readonly begin?: (drafts: readonly ColumnDraft[]) => readonly ColumnDraft[]
  /** What is said when it is done; how many changes were applied when left out. */
  readonly said?: string
}

/** Edits of a table's columns while they are described: what is wrong, what they would do, and doing them. */
export function useColumnEdits({ databaseId, frame, begin, said, ...props }: ColumnEditsInput) {
  const { client } = useApi()
  const tables = useTables()
  const cache = useTablesCache(databaseId)
  // What others change meanwhile is met when the edits are made: a draft does not move under the hands.
  const [table] = useState(props.table)
  const own = table.schema_json
  const [columns, dispatch] = useReducer(changeDrafts, own, (schema) => begin?.(draftsOf(schema)) ?? draftsOf(schema))
  const [sets, setSets] = useState(() => setsOf(own))
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)

  const schemas = useMemo(
    () => tables.map((other) => (other.id === table.id ? own : other.schema_json)),
    [tables, table.id, own],
  )
  const edits = useMemo(() => planEdits(own, columns, sets), [own, columns, sets])
  const problems = useMemo(() => problemsOfEdits(columns, edits, { tables: schemas }), [columns, edits, schemas])
  const shown = tried ? problems : problems.filter(({ missing }) => !missing)
  const preview = useEditPreview(databaseId, table.id, problems.length === 0 ? edits : null)
  const effects = edits.flatMap((planned) => preview.effectOf(planned) ?? [])
  const refused = preview.known && effects.some((effect) => effect.refused)
  const changes = edits.filter(({ step }) => !step).length
  // What the edits do is said before they can be made.
  const asking = problems.length === 0 && changes > 0 && !preview.known
  const lost = effects.filter(losesValues).reduce((sum, { affected }) => sum + affected, 0)
  frame.setDirty(edits.length > 0 || columns.some((column) => column.was === null && !isBlank(column)))

  async function apply() {
    setTried(true)
    if (busy || problems.length > 0 || changes === 0 || !preview.known || refused) return
    setBusy(true)
    setFailure(null)
    try {
      const answer = await client.tables.update({ databaseId, tableId: table.id, edits: sentEdits(edits) })
      cache.put(answer.table)
      void cache.refresh()
      frame.done()
      toast.success(said ?? `${countOf(changes, 'change')} applied to ${answer.table.table_name}`)
    } catch (error) {
      setFailure(toAppError(error).message)
    } finally {
      setBusy(false)
    }
  }

  return {
    own,
    schemas,
    columns,
    dispatch,
    sets,
    setSets,
    edits,
    problems: shown,
    preview,
    changes,
    /** Values that go away for good. */
    lost,
    refused,
    disabled: busy || changes === 0 || shown.length > 0 || refused || asking,
    failure: failure ?? (preview.error ? toAppError(preview.error).message : null),
    apply: () => void apply(),
    /** What the changes of one column do, as far as it is known; null when it has not changed. */
    effectsOf(key: string) {
      const mine = edits.filter((planned) => planned.key === key)
      if (mine.length === 0) return null
      return mine.flatMap((planned) => {
        const effect = preview.effectOf(planned)
        return effect && (!planned.step || effect.refused) ? [effect] : []
      })
    },
  }
}

export type ColumnEdits = ReturnType<typeof useColumnEdits>
