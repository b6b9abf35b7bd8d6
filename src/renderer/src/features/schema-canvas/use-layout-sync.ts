import { toAppError, useApi } from '@renderer/bridge/api'
import { canvasLayout } from '@shared/contract/schema.contract'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { z } from 'zod'
import type { CanvasLayout } from './canvas-layout'
import type { DraftStore } from './draft-store'

/** Places are saved when nothing was moved for so long. */
const restMs = 400

const conflict = z.object({ layout: canvasLayout, revision: z.int() })

/** Takes over the layout that the server keeps, and saves what is moved here. Whether the layout is known yet. */
export function useLayoutSync(databaseId: string, store: DraftStore, layout: CanvasLayout): boolean {
  const { client, query } = useApi()
  const kept = useQuery({ ...query.schema.layout.queryOptions({ input: { databaseId } }), staleTime: 0, gcTime: 0 })
  const saved = useRef<{ readonly layout: CanvasLayout; readonly revision: number } | null>(null)
  const known = kept.data !== undefined || kept.error !== null

  useEffect(() => {
    if (!kept.data || saved.current) return
    saved.current = kept.data
    store.takeLayout(kept.data.layout)
  }, [kept.data, store])

  useEffect(() => {
    if (!saved.current || same(saved.current.layout, layout)) return
    const timer = setTimeout(() => void save(), restMs)
    async function save() {
      const last = saved.current
      if (!last) return
      // Said before the answer, or the next move would be sent with the same revision.
      saved.current = { layout, revision: last.revision + 1 }
      try {
        const { revision } = await client.schema.saveLayout({ databaseId, layout, revision: last.revision })
        saved.current = { layout, revision }
      } catch (error) {
        const found = conflict.safeParse(toAppError(error).details)
        saved.current = found.success ? found.data : last
        // Somebody moved other things meanwhile: both are kept, and of one thing this window's place.
        if (found.success) store.place(found.data.layout.tables)
      }
    }
    return () => clearTimeout(timer)
  }, [layout, client, databaseId, store])

  return known
}

function same(a: CanvasLayout, b: CanvasLayout): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
