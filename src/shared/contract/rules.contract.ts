import { z } from 'zod'
import { type VerbRule, verbs } from '../domain/access-rule'
import { procedure } from './base'
import { filters, filterTree, id, json, name, values } from './fields'

const allow = z.enum(['public', 'authenticated'])

export const verbRuleInput = z.union([
  z.enum(['none', 'public', 'authenticated']),
  z.strictObject({ owner: name, where: filters.optional() }),
  z.strictObject({ allow, where: filters }),
])

/** The same as it is answered: a condition is a filter tree, never the short form. */
const verbRule: z.ZodType<VerbRule> = z.union([
  z.enum(['none', 'public', 'authenticated']),
  z.object({ owner: name, where: filterTree.optional() }),
  z.object({ allow, where: filterTree }),
])

const rules = z.object({ select: verbRule, insert: verbRule, update: verbRule, delete: verbRule })

const tableRules = z.object({
  rules,
  /** Columns that only secret keys see; left out when there are none. */
  hidden: z.array(z.string()).optional(),
})
export type TableRules = z.infer<typeof tableRules>

const ofTable = { databaseId: id, tableId: id }
const path = '/api/database/{databaseId}/tables/{tableId}/rules' as const

const tester = z.strictObject({
  ...ofTable,
  verb: z.enum(verbs),
  /** Whose eyes: somebody without a sign-in, or the end user with this id. */
  as: z.union([z.literal('anonymous'), z.strictObject({ user: id })]),
  /** Rules that are not saved yet; those of the table when left out. */
  rules: z
    .strictObject({ select: verbRuleInput, insert: verbRuleInput, update: verbRuleInput, delete: verbRuleInput })
    .partial()
    .optional(),
  /** Of an insert the record, of an update the values to set. */
  record: values.optional(),
})

const verdict = z.object({
  id: z.string().nullable(),
  label: z.string(),
  allowed: z.boolean(),
  /** "Allowed: user_id is their own." */
  because: z.string(),
})
export type Verdict = z.infer<typeof verdict>

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
  /** Tries a verb as somebody, in a transaction that is rolled back: which records, and because of which rule. */
  test: procedure
    .route({ method: 'POST', path: `${path}/test`, tags: ['Access rules'] })
    .input(tester)
    .output(
      z.object({
        /** What the rule says, in one sentence. */
        sentence: z.string(),
        allowed: z.int(),
        refused: z.int(),
        /** At most 100. */
        records: z.array(verdict),
        /** What a write would have left behind, or why it was refused. */
        outcome: z.object({ ok: z.boolean(), sentence: z.string(), record: json.optional() }).nullable(),
      }),
    ),
}
