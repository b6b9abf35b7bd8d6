import { type StudioClient, toAppError } from '@renderer/bridge/api'
import type { SchemaProposal, SentRequest, Usage } from '@shared/contract/assistant.contract'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'

export interface Turn {
  readonly id: number
  readonly words: string
  readonly state: 'running' | 'done' | 'failed' | 'stopped'
  /** Tables that the answer has come to so far. */
  readonly progress: string
  readonly isRepairing: boolean
  readonly result: SchemaProposal | null
  readonly failure: {
    readonly message: string
    readonly reasons: readonly string[]
    readonly answer: string | null
  } | null
  readonly sent: readonly SentRequest[]
}

export interface ConversationState {
  readonly turns: readonly Turn[]
  readonly isRunning: boolean
  readonly usage: Usage
}

const nothing: ConversationState = {
  turns: [],
  isRunning: false,
  usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, cost: 0 },
}

/** What was said about the draft of one database; it outlives the panel that shows it, and ends with the window. */
export class Conversation {
  #state = nothing
  #stop: AbortController | null = null
  readonly #listeners = new Set<() => void>()

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly state = (): ConversationState => this.#state

  /** Asks for edits of `draft`; `onEdits` is given those that came. */
  async say(
    client: StudioClient,
    input: { readonly databaseId: string; readonly words: string; readonly draft: DatabaseSchema },
    onEdits: (edits: readonly SchemaEdit[]) => void,
  ): Promise<void> {
    if (this.#state.isRunning) return
    const { databaseId, words, draft } = input
    const stop = new AbortController()
    this.#stop = stop
    const messages = this.#state.turns.flatMap(({ words: said, result }) =>
      result === null
        ? []
        : [
            { role: 'user' as const, content: said },
            { role: 'assistant' as const, content: result.reply || 'Done.' },
          ],
    )
    const id = (this.#state.turns.at(-1)?.id ?? 0) + 1
    const first: Turn = {
      id,
      words,
      state: 'running',
      progress: '',
      isRepairing: false,
      result: null,
      failure: null,
      sent: [],
    }
    this.#set({ ...this.#state, isRunning: true, turns: [...this.#state.turns, first] })
    const change = (more: Partial<Turn> | ((turn: Turn) => Partial<Turn>)) =>
      this.#set({
        ...this.#state,
        turns: this.#state.turns.map((turn) =>
          turn.id === id ? { ...turn, ...(typeof more === 'function' ? more(turn) : more) } : turn,
        ),
      })
    try {
      const tables = draft.tables.map(({ columns, unique, ...table }) => ({
        ...table,
        columns: columns.map((column) => ({ ...column })),
        ...(unique ? { unique: unique.map((names) => [...names]) } : {}),
      }))
      const events = await client.assistant.describe(
        { databaseId, description: words, draft: { tables }, messages: messages.slice(-20) },
        { signal: stop.signal },
      )
      for await (const event of events) {
        if (event.type === 'sent') change((turn) => ({ sent: [...turn.sent, event.request] }))
        else if (event.type === 'progress') change({ progress: event.text })
        else if (event.type === 'repair') change({ isRepairing: true, progress: '' })
        else {
          change({ state: 'done', result: event.result })
          this.#set({ ...this.#state, usage: sum(this.#state.usage, event.result.usage) })
          onEdits(event.result.edits)
        }
      }
      change((turn) => (turn.state === 'running' ? { state: 'stopped' } : {}))
    } catch (error) {
      if (stop.signal.aborted) change({ state: 'stopped' })
      else change({ state: 'failed', failure: failureOf(error) })
    } finally {
      this.#stop = null
      this.#set({ ...this.#state, isRunning: false })
    }
  }

  stop(): void {
    this.#stop?.abort()
  }

  clear(): void {
    this.stop()
    this.#set(nothing)
  }

  #set(state: ConversationState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

const conversations = new Map<string, Conversation>()

export function conversationOf(databaseId: string): Conversation {
  const known = conversations.get(databaseId)
  if (known) return known
  const made = new Conversation()
  conversations.set(databaseId, made)
  return made
}

function failureOf(error: unknown): NonNullable<Turn['failure']> {
  const { message, details } = toAppError(error)
  const facts = typeof details === 'object' && details !== null ? details : {}
  const problems: unknown = Reflect.get(facts, 'problems')
  const answer: unknown = Reflect.get(facts, 'answer')
  return {
    message,
    reasons: Array.isArray(problems) ? problems.filter((each) => typeof each === 'string') : [],
    answer: typeof answer === 'string' ? answer : null,
  }
}

function sum(left: Usage, right: Usage): Usage {
  return {
    prompt_tokens: left.prompt_tokens + right.prompt_tokens,
    completion_tokens: left.completion_tokens + right.completion_tokens,
    total_tokens: left.total_tokens + right.total_tokens,
    cost: left.cost === null || right.cost === null ? null : left.cost + right.cost,
  }
}
