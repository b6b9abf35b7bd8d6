import { z } from 'zod'
import type { VerbRule } from '../domain/access-rule'
import { procedure } from './base'
import { filters, id, name } from './fields'

const allow = z.enum(['public', 'authenticated'])

export const verbRuleInput = z.union([
  z.enum(['none', 'public', 'authenticated']),
  z.strictObject({ owner: name, where: filters.optional() }),
  z.strictObject({ allow, where: filters }),
])

/** The same as it is answered: a condition is a filter tree, never the short form. */
const verbRule = z.custom<VerbRule>(
  (value) => typeof value === 'string' || (typeof value === 'object' && value !== null),
)

const rules = z.object({ select: verbRule, insert: verbRule, update: verbRule, delete: verbRule })

const tableRules = z.object({
  rules,
  /** Columns that only secret keys see; left out when there are none. */
  hidden: z.array(z.string()).optional(),
})
export type TableRules = z.infer<typeof tableRules>

const ofTable = { databaseId: id, tableId: id }
const path = '/api/database/{databaseId}/tables/{tableId}/rules' as const

export const rulesContract = {
  get: procedure
    .route({ method: 'GET', path, tags: ['Access rules'] })
    .input(z.strictObject(ofTable))
    .output(tableRules),
  /** What is left out is closed. */
  set: procedure
    .route({ method: 'PUT', path, tags: ['Access rules'] })
    .input(
      z.strictObject({
        ...ofTable,
        select: verbRuleInput.optional(),
        insert: verbRuleInput.optional(),
        update: verbRuleInput.optional(),
        delete: verbRuleInput.optional(),
        hidden: z.array(name).max(1600).optional(),
      }),
    )
    .output(tableRules),
  /** The rules of every table, by table id. */
  list: procedure
    .route({ method: 'GET', path: '/api/database/{databaseId}/rules', tags: ['Access rules'] })
    .input(z.strictObject({ databaseId: id }))
    .output(z.object({ tables: z.array(z.object({ table_id: id, table_name: z.string(), ...tableRules.shape })) })),
}
