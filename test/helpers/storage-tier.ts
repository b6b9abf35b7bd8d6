import type { Client } from './test-studio'

export type Tier = 'shared' | 'dedicated'

/** Moves the tables and waits until each is there. */
export async function moveToTier(
  client: Client,
  databaseId: string,
  tableIds: readonly string[],
  tier: Tier,
): Promise<void> {
  for (const tableId of tableIds) await client.indexes.setStorage({ databaseId, tableId, tier })
  for (const tableId of tableIds)
    for (;;) {
      const { storage } = await client.indexes.list({ databaseId, tableId })
      if (storage.tier === tier && storage.moving === null) break
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
}
