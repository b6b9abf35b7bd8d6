import type { StudioClient } from '@renderer/bridge/api'
import { invertEdits } from '@shared/domain/invert-edit'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'

/** Two versions, and the edits that lead from the first to the second; when it is the older one, back again. */
export interface VersionPath {
  readonly from: DatabaseSchema
  readonly to: DatabaseSchema
  readonly edits: readonly SchemaEdit[]
}

export async function versionPath(
  client: StudioClient,
  databaseId: string,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<VersionPath> {
  const older = Math.min(from, to)
  const newer = Math.max(from, to)
  const numbers = Array.from({ length: newer - older + 1 }, (_, index) => older + index)
  const versions = await Promise.all(numbers.map((number) => client.schema.version({ databaseId, number }, { signal })))
  const first = versions[0]?.schema ?? { tables: [] }
  const last = versions.at(-1)?.schema ?? first
  const edits = versions.slice(1).flatMap((version): readonly SchemaEdit[] => version.edits)
  return from <= to ? { from: first, to: last, edits } : { from: last, to: first, edits: invertEdits(first, edits) }
}
