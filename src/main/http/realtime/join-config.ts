import type { JsonObject } from '@shared/json'
import { z } from 'zod'

/** Changes that a channel asks for. */
export type AskedChanges = {
  readonly event: '*' | 'INSERT' | 'UPDATE' | 'DELETE'
  readonly schema: string
  /** All that may be read, when it is left out. */
  readonly table?: string
  /** `column=op.value`, as in an address. */
  readonly filter?: string
}

/** Of one channel. */
const mostAsked = 20

const asked = z.object({
  event: z
    .string()
    .transform((event) => event.toUpperCase())
    .pipe(z.enum(['*', 'INSERT', 'UPDATE', 'DELETE'])),
  schema: z.string(),
  table: z.string().optional(),
  filter: z.string().max(2_000).optional(),
})
const joining = z.object({
  config: z.object({ postgres_changes: z.array(asked).max(mostAsked).default([]) }).prefault({}),
  access_token: z.string().nullish(),
})

export interface JoinConfig {
  readonly changes: readonly AskedChanges[]
  /** Of the person; the key counts without one. */
  readonly accessToken: string | null
}

/** Null for what cannot be read. */
export function readJoin(payload: JsonObject): JoinConfig | null {
  const { success, data } = joining.safeParse(payload)
  if (!success) return null
  const changes = data.config.postgres_changes.map(({ table, filter, ...rest }) => ({
    ...rest,
    ...(table === undefined ? {} : { table }),
    ...(filter === undefined ? {} : { filter }),
  }))
  return { changes, accessToken: data.access_token ?? null }
}
