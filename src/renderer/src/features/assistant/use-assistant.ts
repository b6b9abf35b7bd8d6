import { useApi } from '@renderer/bridge/api'
import { useQuery } from '@tanstack/react-query'

export interface AssistantState {
  /** `off`: the person switched AI off, and its controls are not shown. */
  readonly state: 'loading' | 'off' | 'missing' | 'ready'
  /** What is missing and how to add it; empty when nothing is. */
  readonly missing: string
}

/** Whether AI can be used here, and what it would need. */
export function useAssistant(): AssistantState {
  const { query } = useApi()
  const { data } = useQuery(query.assistant.settings.queryOptions({ staleTime: 60_000 }))
  if (data === undefined) return { state: 'loading', missing: '' }
  if (!data.enabled) return { state: 'off', missing: '' }
  return data.missing === null ? { state: 'ready', missing: '' } : { state: 'missing', missing: data.missing }
}
