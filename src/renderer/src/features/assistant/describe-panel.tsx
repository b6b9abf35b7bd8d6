import { useCurrentProject } from '@renderer/app/current-project'
import { useApi } from '@renderer/bridge/api'
import { Button, IconButton } from '@renderer/ui/button'
import { Field, TextArea } from '@renderer/ui/field'
import { ProgressBar } from '@renderer/ui/progress-bar'
import { ArrowUp, Eraser, Square } from 'lucide-react'
import { type KeyboardEvent, useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useDraft } from '../schema-canvas/use-draft'
import { conversationOf } from './conversation'
import { ConversationTurn } from './conversation-turn'
import { takeDescription } from './describe-later'
import { MissingNote } from './missing-note'
import { SampleOffer } from './sample-offer'
import { usageWords } from './usage-words'
import { useAssistant } from './use-assistant'

const examples = [
  'A recipe app with ingredients, steps, tags and ratings',
  'Bookings for a small hotel: rooms, guests, stays and payments',
  'A help desk with tickets, agents, priorities and replies',
]

/** Beside the canvas: the database in words. What comes back is shown there as ghosts, and is the person's to take. */
export function DescribePanel({ databaseId }: { readonly databaseId: string }) {
  const { project } = useCurrentProject()
  const { client } = useApi()
  const assistant = useAssistant()
  const { store, state: draft } = useDraft(databaseId)
  const conversation = conversationOf(databaseId)
  const { turns, isRunning, usage } = useSyncExternalStore(conversation.subscribe, conversation.state)
  const [words, setWords] = useState('')
  const list = useRef<HTMLDivElement>(null)

  const say = useCallback(
    (text: string) => {
      const { proposal, schema } = store.state()
      // What is still open stays open, under what comes.
      const open =
        proposal === null ? [] : proposal.changes.filter((change) => change.state === 'open').map(({ edit }) => edit)
      void conversation.say(client, { databaseId, words: text, draft: proposal?.schema ?? schema }, (edits) => {
        if (edits.length > 0) store.propose([...open, ...edits], { title: titleOf(text) })
      })
    },
    [client, conversation, databaseId, store],
  )

  const isReady = assistant.state === 'ready'
  useEffect(() => {
    if (!isReady) return
    const awaited = takeDescription(project.id)
    if (awaited !== null) say(awaited)
  }, [isReady, project.id, say])
  const count = turns.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: below a long text, the answer would be out of sight
  useEffect(() => {
    if (count > 0) list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [count, isRunning])

  function send() {
    if (words.trim() === '' || isRunning || !isReady) return
    say(words.trim())
    setWords('')
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <ProgressBar active={isRunning} label="Designing" />
      <div ref={list} className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-3">
        {assistant.state === 'missing' ? <MissingNote missing={assistant.missing} /> : null}
        {assistant.state === 'off' ? <MissingNote missing="AI is switched off. Switch it on in Settings, AI." /> : null}
        {turns.length === 0 ? (
          <Beginning disabled={!isReady} onPick={setWords} />
        ) : (
          <ol className="flex flex-col gap-4">
            {turns.map((turn) => (
              <ConversationTurn key={turn.id} turn={turn} />
            ))}
          </ol>
        )}
        <SampleOffer databaseId={databaseId} turns={turns} base={draft.base} />
      </div>
      <form
        className="flex shrink-0 flex-col gap-2 border-t border-border p-3"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <Field label="What is to be designed or changed" hideLabel>
          <TextArea
            rows={3}
            value={words}
            disabled={!isReady}
            placeholder={turns.length === 0 ? 'Describe your database' : 'Say what to change'}
            onChange={(event) => setWords(event.target.value)}
            onKeyDown={onKeyDown}
          />
        </Field>
        <div className="flex items-center gap-2">
          <p className="min-w-0 flex-1 truncate text-sm text-text-muted tabular-nums">
            {usage.total_tokens > 0 ? usageWords(usage) : 'Nothing is created before you apply it.'}
          </p>
          {turns.length > 0 ? (
            <IconButton label="Start over" icon={Eraser} size="sm" onClick={() => conversation.clear()} />
          ) : null}
          {isRunning ? (
            <Button size="sm" icon={Square} onClick={() => conversation.stop()}>
              Stop
            </Button>
          ) : (
            <Button size="sm" variant="primary" icon={ArrowUp} type="submit" disabled={!isReady || words.trim() === ''}>
              {turns.length === 0 ? 'Design' : 'Send'}
            </Button>
          )}
        </div>
      </form>
    </div>
  )
}

function Beginning(props: { readonly disabled: boolean; readonly onPick: (words: string) => void }) {
  return (
    <div className="flex flex-col gap-3">
      <p className="text-text-muted">
        Say in your own words what the database is for. You get a draft on the canvas: take or refuse each change, edit
        it by hand, or go on here.
      </p>
      <ul className="flex flex-col gap-1.5">
        {examples.map((example) => (
          <li key={example}>
            <button
              type="button"
              disabled={props.disabled}
              className="w-full rounded-md border border-border px-2.5 py-1.5 text-left transition-colors hover:bg-bg-hover disabled:pointer-events-none disabled:opacity-60"
              onClick={() => props.onPick(example)}
            >
              {example}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

function titleOf(words: string): string {
  const line = words.split('\n')[0] ?? ''
  return line.length > 60 ? `${line.slice(0, 57)}...` : line
}
