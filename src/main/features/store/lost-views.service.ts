import type { StudioDatabase, Transaction } from '../../db/database'
import {
  dropFunctionsSql,
  dropSchemaSql,
  dropViewsSql,
  selectLostFunctionsSql,
  selectLostSchemasSql,
  selectViewsSql,
  shortWaitSql,
} from './lost-views.sql'

/** Each holds a lock until its transaction ends, and a server has a few thousand for everybody. */
const mostAtOnce = 200

/**
 * Drops the schemas, views and functions of databases that were removed for good: those that the bin was emptied of.
 * Before their relations, which the views hold on to.
 */
export async function dropLostViews(db: StudioDatabase): Promise<void> {
  const inStore = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    db.withoutTenant(
      async (tx) => {
        await tx.execute(shortWaitSql)
        return work(tx)
      },
      { role: 'store' },
    )
  const schemas = await inStore((tx) => tx.query<{ name: string }>(selectLostSchemasSql))
  for (const { name: schema } of schemas) {
    for (;;) {
      const dropped = await inStore(async (tx) => {
        const views = await tx.query<{ name: string }>(selectViewsSql(schema, mostAtOnce))
        const names = views.map(({ name }) => name)
        if (names.length > 0) await tx.execute(dropViewsSql(schema, names))
        return names.length
      })
      if (dropped < mostAtOnce) break
    }
    await inStore((tx) => tx.execute(dropSchemaSql(schema)))
  }
  const functions = await inStore((tx) => tx.query<{ name: string }>(selectLostFunctionsSql))
  for (let from = 0; from < functions.length; from += mostAtOnce) {
    const names = functions.slice(from, from + mostAtOnce).map(({ name }) => name)
    await inStore((tx) => tx.execute(dropFunctionsSql(names)))
  }
}
