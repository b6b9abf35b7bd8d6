import { json } from '@shared/contract/fields'
import { z } from 'zod'
import type { GridColumn } from '../grid-column'
import type { StagedBatch } from './staged-batch'
import type { StagedCell, StagedPatch } from './staged-record'

/** Staged edits and saves on their way as text, for the journal. */

const who = { by: z.string().exactOptional(), at: z.string().exactOptional() }
const cell = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('value'), value: json, base: json.exactOptional(), problem: z.string().exactOptional() }),
  z.object({ kind: z.literal('unfit'), input: z.string(), reason: z.string(), base: json.exactOptional() }),
  z.object({ kind: z.literal('conflict'), value: json, base: json, theirs: json, ...who }),
])
const cells = z.array(z.tuple([z.string(), cell])).transform((list): ReadonlyMap<string, StagedCell> => new Map(list))
const problem = z.string().exactOptional()
const entry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('update'), id: z.string(), label: z.string(), cells, problem }),
  z.object({ kind: z.literal('create'), id: z.string(), at: z.number(), cells, problem }),
  z.object({
    kind: z.literal('delete'),
    id: z.string(),
    label: z.string(),
    revision: z.number().nullable(),
    theirs: z.object({ record: json, ...who }).exactOptional(),
  }),
])
const patchText = z.array(z.tuple([z.string(), entry.nullable()]))

/** Without what is in secret columns: a password that was typed is nothing to keep on a disk. */
export function writePatch(patch: StagedPatch, secret: ReadonlySet<string>): string {
  return JSON.stringify(
    [...patch].map(([id, entry]) => [
      id,
      entry === null || entry.kind === 'delete'
        ? entry
        : { ...entry, cells: [...entry.cells].filter(([column]) => !secret.has(column)) },
    ]),
  )
}

/** What cannot be read (another version wrote it) counts as nothing. */
export function readPatch(text: string): StagedPatch {
  try {
    const read = patchText.safeParse(JSON.parse(text))
    return new Map(read.success ? read.data : [])
  } catch {
    return new Map()
  }
}

/** As the studio's own memory of a save has it: there, secrets are null. */
export function writeBatch(batch: StagedBatch, columns: readonly GridColumn[]): string {
  const secret = columns.filter((column) => column.secret).map(({ name }) => name)
  const hide = (record: StagedBatch['create'][number]['record']) => ({
    ...record,
    ...Object.fromEntries(secret.flatMap((name) => (Object.hasOwn(record, name) ? [[name, null]] : []))),
  })
  return JSON.stringify({ ...batch, create: batch.create.map(({ record }) => ({ record: hide(record) })) })
}

/** What this browser wrote itself, before its window was closed or killed. */
export function readBatch(text: string): StagedBatch | null {
  try {
    const batch: unknown = JSON.parse(text)
    return isBatch(batch) ? batch : null
  } catch {
    return null
  }
}

function isBatch(value: unknown): value is StagedBatch {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['create', 'update', 'delete', 'drafts'].every((name) => Array.isArray(Reflect.get(value, name)))
  )
}
