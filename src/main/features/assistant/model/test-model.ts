import { createModelClient, type ModelPlace } from './model-client'

export interface ModelTest {
  readonly models: string[]
  readonly hasModel: boolean
  readonly ms: number
}

/** Asks for the list of models: it costs nothing, and fails with what is wrong with the key or the address. */
export async function testModel(place: ModelPlace, signal: AbortSignal | undefined): Promise<ModelTest> {
  const startedAt = performance.now()
  const client = createModelClient(place, { answer: 15_000, retries: 2_000 })
  const models = (await client.models({ signal })).filter(({ chat, fim }) => chat || fim).map(({ id }) => id)
  return {
    models: [...new Set(models)].sort().slice(0, 500),
    hasModel: models.includes(place.model),
    ms: Math.round(performance.now() - startedAt),
  }
}
