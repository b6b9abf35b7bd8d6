import { toAppError, useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { countOf } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import type { DatabaseSchema } from '@shared/domain/schema-edit'
import type { JsonObject } from '@shared/json'
import { useState } from 'react'
import type { Turn } from './conversation'

interface TableSamples {
  readonly table: string
  readonly records: readonly JsonObject[]
}

/** Once the tables of an answer are there, its sample records can be added to them. */
export function SampleOffer(props: {
  readonly databaseId: string
  readonly turns: readonly Turn[]
  readonly base: DatabaseSchema
}) {
  const { client } = useApi()
  const [added, setAdded] = useState<ReadonlySet<number>>(new Set())
  const [busy, setBusy] = useState(false)
  const turn = [...props.turns].reverse().find(({ result }) => (result?.samples.length ?? 0) > 0)
  const samples = turn?.result ? fitting(turn.result.samples, props.base) : []
  const count = samples.reduce((sum, { records }) => sum + records.length, 0)
  if (turn === undefined || count === 0 || added.has(turn.id)) return null

  async function add(id: number) {
    setBusy(true)
    try {
      for (const { table, records } of samples)
        await client.records.create({ databaseId: props.databaseId, tableName: table, records: [...records] })
      setAdded(new Set([...added, id]))
      toast.success(`${countOf(count, 'sample record')} added.`)
    } catch (error) {
      toast.error(toAppError(error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="flex items-center gap-2 rounded-md border border-border bg-bg-subtle p-2.5">
      <p className="flex-1">{countOf(count, 'sample record')} came with this draft.</p>
      <Button size="sm" disabled={busy} onClick={() => void add(turn.id)}>
        Add sample records
      </Button>
    </div>
  )
}

/** Of tables that exist, with the columns that they have. */
function fitting(samples: readonly TableSamples[], base: DatabaseSchema): readonly TableSamples[] {
  return samples.flatMap(({ table, records }) => {
    const target = base.tables.find(({ name }) => name === table)
    if (target === undefined) return []
    const names = new Set(target.columns.map(({ name }) => name))
    return [
      {
        table,
        records: records.map((record) =>
          Object.fromEntries(Object.entries(record).filter(([name]) => names.has(name))),
        ),
      },
    ]
  })
}
