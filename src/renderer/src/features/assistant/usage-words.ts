import type { Usage } from '@shared/contract/assistant.contract'

/** `1,100 tokens, about $0.0004` */
export function usageWords({ total_tokens, cost }: Usage): string {
  const tokens = total_tokens === 1 ? '1 token' : `${total_tokens.toLocaleString('en')} tokens`
  if (cost === null) return tokens
  return `${tokens}, about $${cost < 0.01 ? cost.toFixed(4) : cost.toFixed(2)}`
}
