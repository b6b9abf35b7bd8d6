import type { SentRequest, Usage } from '@shared/contract/assistant.contract'
import { SentRequests } from './sent-requests'
import { usageWords } from './usage-words'

export interface AnswerFactsProps {
  /** Null while there is no answer. */
  readonly usage: Usage | null
  readonly sent: readonly SentRequest[]
}

/** What an answer took, and what was sent for it. */
export function AnswerFacts({ usage, sent }: AnswerFactsProps) {
  if ((usage === null || usage.total_tokens === 0) && sent.length === 0) return null
  return (
    <div className="flex shrink-0 items-center gap-1 text-sm whitespace-nowrap text-text-muted tabular-nums">
      {usage && usage.total_tokens > 0 ? <span>{usageWords(usage)}</span> : null}
      <SentRequests requests={sent} />
    </div>
  )
}
