import { countOf } from '@renderer/ui/figures'
import type { Usage } from '@shared/contract/assistant.contract'

/** `1,100 tokens, about $0.0004` */
export function usageWords({ total_tokens, cost }: Usage): string {
  const tokens = countOf(total_tokens, 'token')
  if (cost === null) return tokens
  return `${tokens}, about $${cost < 0.01 ? cost.toFixed(4) : cost.toFixed(2)}`
}
