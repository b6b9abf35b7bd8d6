import { type Stored, stored } from '@renderer/app/stored'
import { schemaEdit } from '@shared/contract/tables.contract'
import { z } from 'zod'
import { areaHues, type CanvasLayout } from './canvas-layout'
import type { DraftStep } from './draft-history'
import type { Proposal } from './proposal'

/** A draft as this machine keeps it over a reload. */
export interface SavedDraft {
  /** Before the first step. */
  readonly layout: CanvasLayout
  readonly steps: readonly DraftStep[]
  readonly at: number
  readonly proposal: Proposal | null
}

const place = z.object({ x: z.number(), y: z.number(), pinned: z.boolean().optional() })
const sized = place.extend({ width: z.number(), height: z.number() })
const area = sized.extend({ name: z.string(), hue: z.enum(areaHues) })
const note = sized.extend({ text: z.string() })
const byName = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value)

export const canvasLayout: z.ZodType<CanvasLayout> = z.object({
  tables: byName(place),
  areas: byName(area),
  notes: byName(note),
})

const step: z.ZodType<DraftStep> = z.object({
  label: z.string(),
  edits: z.array(schemaEdit),
  layout: z
    .object({
      tables: byName(place.nullable()).optional(),
      areas: byName(area.nullable()).optional(),
      notes: byName(note.nullable()).optional(),
    })
    .optional(),
  group: z.string().optional(),
})

const proposal: z.ZodType<Proposal> = z.object({
  title: z.string(),
  changes: z.array(
    z.object({
      id: z.string(),
      edit: schemaEdit,
      words: z.string(),
      state: z.enum(['open', 'accepted', 'refused']),
    }),
  ),
  places: byName(place),
})

const savedDraft: z.ZodType<SavedDraft> = z.object({
  layout: canvasLayout,
  steps: z.array(step),
  at: z.int().min(0),
  proposal: proposal.nullable(),
})

const drafts = new Map<string, Stored<SavedDraft | null>>()

/** The draft of a database on this machine; null when there is none. */
export function draftStorage(databaseId: string): Stored<SavedDraft | null> {
  const known = drafts.get(databaseId)
  if (known) return known
  const made = stored(`schemaDraft.${databaseId}`, savedDraft.nullable(), null)
  drafts.set(databaseId, made)
  return made
}
