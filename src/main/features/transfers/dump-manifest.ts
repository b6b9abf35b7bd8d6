import { createHash } from 'node:crypto'
import { tableSchema } from '@shared/contract/fields'
import { z } from 'zod'

/**
 * What a SQL file of the studio says about itself in a comment: the tables exactly as they are described here, which
 * plain SQL cannot say to the letter. It counts as long as the statements it was made with are unchanged.
 */
const manifest = z.object({
  version: z.literal(1),
  /** The sha-256 of all statements that make tables, in their order. */
  statements: z.string(),
  tables: z.array(tableSchema),
  indexes: z.array(
    z.object({
      table: z.string(),
      columns: z.array(z.object({ name: z.string(), path: z.array(z.string()) })),
    }),
  ),
  rules: z.array(z.object({ table: z.string(), rules: z.unknown() })),
  records: z.record(z.string(), z.int()),
})
export type DumpManifest = z.infer<typeof manifest>

const mark = '-- tessera: '

export function writeManifest(value: DumpManifest): string {
  return `${mark}${JSON.stringify(value)}\n`
}

/** Null when the line is none of ours. */
export function readManifest(line: string): DumpManifest | null {
  if (!line.startsWith(mark)) return null
  try {
    const parsed = manifest.safeParse(JSON.parse(line.slice(mark.length)))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/** Equal for statements that say the same in the same words, however they are laid out. */
export function statementsDigest(statements: readonly string[]): string {
  const hash = createHash('sha256')
  for (const text of statements) hash.update(`${text.replace(/\s+/g, ' ').replace(/;\s*$/, '').trim()}\n`)
  return hash.digest('hex')
}
