import { countOf } from '@renderer/ui/figures'
import { TriangleAlert } from 'lucide-react'
import { AnswerFacts } from './answer-facts'
import type { Turn } from './conversation'

/** What was asked, and what came of it. The model's words are text and nothing else. */
export function ConversationTurn({ turn }: { readonly turn: Turn }) {
  const { words, state, result, failure, sent } = turn
  return (
    <li className="flex flex-col gap-2">
      <p className="self-end rounded-md bg-accent-subtle px-2.5 py-1.5 whitespace-pre-wrap break-words">{words}</p>
      {state === 'running' ? <Progress turn={turn} /> : null}
      {state === 'stopped' ? <p className="text-text-muted">Stopped. Nothing was changed.</p> : null}
      {failure ? (
        <div role="alert" className="flex flex-col gap-1.5">
          <p className="flex items-start gap-2 text-danger">
            <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
            <span>{failure.message}</span>
          </p>
          <Reasons title="What was wrong with it" reasons={failure.reasons} />
          {failure.answer === null ? null : (
            <details>
              <summary className="cursor-default text-sm text-text-muted">The answer as it came</summary>
              <pre className="mt-1 max-h-60 overflow-auto rounded-md border border-border bg-bg-subtle p-2 font-mono text-sm whitespace-pre-wrap break-words">
                {failure.answer}
              </pre>
            </details>
          )}
        </div>
      ) : null}
      {result ? (
        <div className="flex flex-col gap-1.5">
          {result.reply === '' ? null : <p className="whitespace-pre-wrap break-words">{result.reply}</p>}
          <p className="text-text-muted">
            {result.edits.length === 0
              ? 'No change is proposed.'
              : `${countOf(result.edits.length, 'change')} proposed, on the canvas.`}
          </p>
          <Reasons title={`${countOf(result.problems.length, 'change')} left out`} reasons={result.problems} open />
          <Reasons title="How it was read" reasons={result.notes.filter((note) => !result.problems.includes(note))} />
        </div>
      ) : null}
      {state === 'running' ? null : <AnswerFacts usage={result?.usage ?? null} sent={sent} />}
    </li>
  )
}

function Progress({ turn: { progress, isRepairing } }: { readonly turn: Turn }) {
  return (
    <p role="status" className="break-words text-text-muted">
      {isRepairing ? 'The answer had faults; asking once more. ' : ''}
      {progress === '' ? 'Thinking' : `So far: ${progress}`}
    </p>
  )
}

function Reasons(props: { readonly title: string; readonly reasons: readonly string[]; readonly open?: boolean }) {
  if (props.reasons.length === 0) return null
  return (
    <details open={props.open}>
      <summary className="cursor-default text-sm text-text-muted">{props.title}</summary>
      <ul className="mt-1 flex list-disc flex-col gap-1 pl-5 text-sm">
        {props.reasons.map((reason) => (
          <li key={reason} className="break-words">
            {reason}
          </li>
        ))}
      </ul>
    </details>
  )
}
