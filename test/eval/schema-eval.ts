import { usersTable } from '@shared/domain/users-table'
import { createModelClient, type ModelPlace } from '../../src/main/features/assistant/model/model-client'
import { generateSchema } from '../../src/main/features/assistant/schema/generate-schema.service'
import { descriptions } from './descriptions'
import { readGold, type SchemaScore, scoreSchema } from './score-schema'

export interface EvalOptions {
  readonly limit: number
  readonly print: (line: string) => void
}

/** Every description once, from a database that has only `users`. Answers the mean score. */
export async function run(place: ModelPlace, { limit, print }: EvalOptions): Promise<number> {
  const client = createModelClient(place)
  const context = { schema: { tables: [usersTable] }, consent: 'schema' as const }
  const scores: SchemaScore[] = []
  let tokens = 0
  for (const { title, words, gold } of descriptions.slice(0, limit)) {
    try {
      const { draft, usage, problems } = await generateSchema(
        { client, signal: undefined },
        { description: words },
        context,
      )
      const score = scoreSchema(draft, readGold(gold))
      scores.push(score)
      tokens += usage.total_tokens
      print(`${percent(score.total)}  ${title}${problems.length > 0 ? ` (${problems.length} changes left out)` : ''}`)
    } catch (error) {
      scores.push({ tables: 0, columns: 0, types: 0, references: 0, total: 0 })
      print(`${percent(0)}  ${title}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const mean = (of: (score: SchemaScore) => number) =>
    scores.reduce((sum, score) => sum + of(score), 0) / Math.max(1, scores.length)
  print(`\n${scores.length} descriptions, ${tokens.toLocaleString('en')} tokens, ${place.model}`)
  print(
    `tables ${percent(mean((score) => score.tables))}, columns ${percent(mean((score) => score.columns))}, types ${percent(mean((score) => score.types))}, references ${percent(mean((score) => score.references))}`,
  )
  print(`all ${percent(mean((score) => score.total))}`)
  return mean((score) => score.total)
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).padStart(5)} %`
}
