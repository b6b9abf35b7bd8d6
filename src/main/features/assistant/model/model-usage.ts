import type { ModelPlace } from './model-client'

export interface ModelUsage {
  readonly prompt_tokens: number
  readonly completion_tokens: number
  readonly total_tokens: number
  /** US dollars by the list price; null where no price is known. */
  readonly cost: number | null
}

export interface TokenCount {
  readonly promptTokens?: number | undefined
  readonly completionTokens?: number | undefined
}

export const noUsage: ModelUsage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, cost: 0 }

/** Dollars for a million tokens, in and out: mistral.ai/pricing, as of 2025. */
const prices: readonly (readonly [RegExp, number, number])[] = [
  [/^codestral-(latest|\d+)$/, 0.3, 0.9],
  [/^mistral-small-(latest|\d+)$/, 0.1, 0.3],
  [/^mistral-medium-(latest|\d+)$/, 0.4, 2],
]

export function countUsage({ model, serverUrl }: ModelPlace, count: TokenCount | undefined): ModelUsage {
  const prompt = count?.promptTokens ?? 0
  const completion = count?.completionTokens ?? 0
  const price = /^https:\/\/(api|codestral)(\.eu|\.us)?\.mistral\.ai(\/|$)/.test(serverUrl)
    ? prices.find(([pattern]) => pattern.test(model))
    : undefined
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    cost: price === undefined ? null : (prompt * price[1] + completion * price[2]) / 1_000_000,
  }
}

export function addUsage(left: ModelUsage, right: ModelUsage): ModelUsage {
  return {
    prompt_tokens: left.prompt_tokens + right.prompt_tokens,
    completion_tokens: left.completion_tokens + right.completion_tokens,
    total_tokens: left.total_tokens + right.total_tokens,
    cost: left.cost === null || right.cost === null ? null : left.cost + right.cost,
  }
}
