import { useTables } from '@renderer/app/current-project'
import { useApi, useDatabaseChanges } from '@renderer/bridge/api'
import { usePaced } from '@renderer/bridge/use-paced'
import { Button } from '@renderer/ui/button'
import { Kbd } from '@renderer/ui/kbd'
import { Popover, PopoverAnchor, PopoverContent } from '@renderer/ui/popover'
import { labelColumn } from '@shared/domain/label-column'
import type { ColumnReference } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { ArrowUpRight } from 'lucide-react'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { useShowRecord } from '../use-show-record'
import { ReferenceLabels } from './reference-labels'
import { ReferencePeek } from './reference-peek'

export interface References {
  readonly labels: ReferenceLabels
  readonly jump: (reference: ColumnReference, value: JsonValue) => void
  /** The pointer rests on a chip, or (null) has left it. */
  readonly point: (at: PointedAt | null) => void
}

interface PointedAt {
  readonly chip: HTMLElement
  readonly reference: ColumnReference
  readonly value: JsonValue
}

const ReferencesContext = createContext<References | null>(null)

/** Null where chips are only text. */
export function useReferences(): References | null {
  return useContext(ReferencesContext)
}

/** A pointer that passes by shows nothing; one that leaves has so long to reach the card. */
const restMs = 450
const graceMs = 180
const refreshMs = 1000

/** Below it, references show what their records are known by, lead there, and open a card under the pointer. */
export function ReferencesProvider(props: { readonly databaseId: string; readonly children: ReactNode }) {
  const { databaseId } = props
  const { client } = useApi()
  const tables = useTables()
  const jump = useShowRecord()
  const latest = useRef({ tables, jump })
  latest.current = { tables, jump }
  const [card, setCard] = useState<PointedAt | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const soon = useRef((ms: number, next: PointedAt | null) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setCard(next), ms)
  })
  useEffect(() => () => clearTimeout(timer.current), [])

  const references = useMemo<References>(() => {
    const labels = new ReferenceLabels(async ({ table, column }, values) => {
      const schema = latest.current.tables.find(({ table_name }) => table_name === table)?.schema_json
      const label = schema ? labelColumn(schema)?.name : undefined
      const found = new Map<string, string>()
      if (label === undefined) return found
      const { records } = await client.records.query({
        databaseId,
        tableName: table,
        filters: { column, op: 'in', value: [...values] },
        select: [...new Set([column, label])],
        limit: values.length,
      })
      for (const record of records) {
        const text = record[label]
        if (typeof text === 'string' && text !== '') found.set(JSON.stringify(record[column]), text)
      }
      return found
    })
    return {
      labels,
      jump(reference, value) {
        clearTimeout(timer.current)
        setCard(null)
        latest.current.jump(reference, value)
      },
      point: (at) => soon.current(at ? restMs : graceMs, at),
    }
  }, [client, databaseId])
  const { labels } = references
  useEffect(() => () => labels.close(), [labels])
  const refresh = usePaced(() => labels.refresh(), refreshMs)
  useDatabaseChanges(databaseId, {
    onChange: ({ kind }) => {
      if (kind === 'records') refresh()
    },
    onReopen: refresh,
  })

  return (
    <ReferencesContext value={references}>
      {props.children}
      {card ? (
        <Popover open onOpenChange={(open) => !open && setCard(null)}>
          <PopoverAnchor virtualRef={{ current: card.chip }} />
          <PopoverContent
            aria-label={`Record of ${card.reference.table}`}
            className="w-72"
            onOpenAutoFocus={(event) => event.preventDefault()}
            onCloseAutoFocus={(event) => event.preventDefault()}
            onPointerEnter={() => clearTimeout(timer.current)}
            onPointerLeave={() => soon.current(graceMs, null)}
          >
            <ReferencePeek databaseId={databaseId} reference={card.reference} value={card.value} />
            <div className="flex items-center justify-between gap-2 border-t border-border p-1.5">
              <Button
                size="sm"
                variant="ghost"
                icon={ArrowUpRight}
                onClick={() => references.jump(card.reference, card.value)}
              >
                Open record
              </Button>
              <span className="flex items-center gap-1 pr-1 text-sm text-text-muted">
                <Kbd keys="Mod" /> click
              </span>
            </div>
          </PopoverContent>
        </Popover>
      ) : null}
    </ReferencesContext>
  )
}
