import type { Merge } from '../../db/merged-calls'
import { actorOf } from '../audit/activity'
import { type PlannedColumn, planOf } from './record-plan'
import type { Document, Draft } from './record-values'
import { bound, statementOf } from './statement'
import { insertManyTemplate, updateManyTemplate } from './write-many.sql'
import type { WriteScope } from './write-scope'

/** How the insert of one record goes with those of other calls; undefined where each has to look at its keys. */
export function mergedInsert(scope: WriteScope, draft: Draft): Merge | undefined {
  const { projectId, table } = scope
  if (table.storage.tier === 'shared' && planOf(table).rules.length > 0) return undefined
  return {
    name: `insert ${table.id}`,
    record: draft.id,
    item: itemOf(scope, draft.id, draft.data),
    together(items) {
      const statement = statementOf(table, 'insert many', () => insertManyTemplate(projectId, table))
      return bound(statement, { items: JSON.stringify(items) })
    },
    part: ({ took }) => ({ rows: [], texts: [], took }),
  }
}

/** How the update of one record goes with others of the same columns. No rule and no key may depend on them. */
export function mergedUpdate(scope: WriteScope, columns: readonly PlannedColumn[], id: string, data: Document): Merge {
  const { projectId, table } = scope
  const keys = columns.map(({ key }) => key).join()
  return {
    name: `update ${table.id} ${keys}`,
    record: id,
    item: itemOf(scope, id, data),
    together(items) {
      const statement = statementOf(table, `update many ${keys}`, () => updateManyTemplate(projectId, table, columns))
      return bound(statement, { items: JSON.stringify(items) })
    },
    part({ rows: [row], took }) {
      const ids: readonly string[] = row?.ids ?? []
      return { rows: [{ count: ids.includes(id) ? 1 : 0 }], texts: [], took }
    },
  }
}

function itemOf({ operation }: WriteScope, id: string, data: object): object {
  const actor = actorOf(operation.principal)
  return { id, operation: operation.id, actor_id: actor.id, actor: actor.name, data }
}
