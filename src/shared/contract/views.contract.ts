import { z } from 'zod'
import { textProblem } from '../domain/text-problem'
import { procedure } from './base'
import { filters, id, json, name, sort, timestamp } from './fields'

export const viewLimit = 200

const viewName = z
  .string()
  .trim()
  .min(1, 'Give the view a name.')
  .max(100, 'Use at most 100 characters.')
  .refine((value) => textProblem(value) === null, 'A name is text without U+0000 and broken characters.')

/** How a column is shown, in the order of the list; columns that are not in it come after those that are. */
const viewColumn = z.strictObject({
  column: name,
  hidden: z.boolean().optional(),
  pinned: z.boolean().optional(),
  /** Pixels. */
  width: z.int().min(20).max(4000).optional(),
})

const definition = {
  /** Null shows all records. */
  filters: filters.nullable().optional(),
  sort: z.array(sort).max(20).optional(),
  columns: z.array(viewColumn).max(1600).optional(),
}

/** A view as it is now: with the names that columns have today, and without those that are gone. */
export const savedView = z.object({
  id,
  name: z.string(),
  /** A filter tree, never the short form. */
  filters: json,
  sort: z.array(sort),
  columns: z.array(viewColumn),
  created_at: timestamp,
  updated_at: timestamp,
})
export type SavedView = z.infer<typeof savedView>

const ofTable = { databaseId: id, tableId: id }
const path = '/api/database/{databaseId}/tables/{tableId}/views' as const
const one = z.object({ view: savedView })

export const viewsContract = {
  /** By name. */
  list: procedure
    .route({ method: 'GET', path, tags: ['Tables'] })
    .input(z.strictObject(ofTable))
    .output(z.object({ views: z.array(savedView) })),
  create: procedure
    .route({ method: 'POST', path, successStatus: 201, tags: ['Tables'] })
    .input(z.strictObject({ ...ofTable, name: viewName, ...definition }))
    .output(one),
  /** What is left out stays as it is. */
  update: procedure
    .route({ method: 'PATCH', path: `${path}/{viewId}`, tags: ['Tables'] })
    .input(z.strictObject({ ...ofTable, viewId: id, name: viewName.optional(), ...definition }))
    .output(one),
  delete: procedure
    .route({ method: 'DELETE', path: `${path}/{viewId}`, successStatus: 204, tags: ['Tables'] })
    .input(z.strictObject({ ...ofTable, viewId: id })),
}
