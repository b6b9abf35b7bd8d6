/**
 * Calls that add to a database, by their names in the contract: the quota of its plan is looked at before them. SQL,
 * whoever adds a user, and imports over HTTP look for themselves; what deletes is always let through.
 */
export const growingCalls: ReadonlySet<string> = new Set([
  'records.create',
  'records.replace',
  'records.update',
  'records.updateMany',
  'records.saveMany',
  'transfers.import',
])

/** The database that the input names; undefined where it names none, which the contract will refuse. */
export function databaseIn(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined
  if ('databaseId' in input && typeof input.databaseId === 'string') return input.databaseId
  return 'params' in input ? databaseIn(input.params) : undefined
}
