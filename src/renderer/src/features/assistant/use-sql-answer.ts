import { toAppError } from '@renderer/bridge/api'
import type { SentRequest, SqlEvent, SqlProposal } from '@shared/contract/assistant.contract'
import { useEffect, useRef, useState } from 'react'

export interface SqlAnswerState {
  readonly state: 'idle' | 'running' | 'done' | 'failed'
  /** The SQL as far as it has come. */
  readonly progress: string
  readonly isRepairing: boolean
  readonly result: SqlProposal | null
  readonly failure: string | null
  readonly sent: readonly SentRequest[]
}

const idle: SqlAnswerState = {
  state: 'idle',
  progress: '',
  isRepairing: false,
  result: null,
  failure: null,
  sent: [],
}

/** One question for SQL at a time, streamed; leaving stops it. */
export function useSqlAnswer() {
  const [answer, setAnswer] = useState(idle)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  async function ask(
    stream: (signal: AbortSignal) => Promise<AsyncIterable<SqlEvent>>,
    onDone: (result: SqlProposal) => void,
  ): Promise<void> {
    running.current?.abort()
    const stop = new AbortController()
    running.current = stop
    setAnswer({ ...idle, state: 'running' })
    const change = (more: (before: SqlAnswerState) => Partial<SqlAnswerState>) => {
      if (running.current === stop) setAnswer((before) => ({ ...before, ...more(before) }))
    }
    try {
      for await (const event of await stream(stop.signal)) {
        if (event.type === 'sent') change(({ sent }) => ({ sent: [...sent, event.request] }))
        else if (event.type === 'progress') change(() => ({ progress: event.text }))
        else if (event.type === 'repair') change(() => ({ isRepairing: true, progress: '' }))
        else {
          change(() => ({ state: 'done', result: event.result }))
          if (running.current === stop) onDone(event.result)
        }
      }
    } catch (error) {
      if (stop.signal.aborted) change(() => idle)
      else change(() => ({ state: 'failed', failure: toAppError(error).message }))
    }
  }
  return {
    answer,
    ask,
    stop: () => {
      running.current?.abort()
      setAnswer(idle)
    },
    clear: () => setAnswer(idle),
  }
}
