import { Badge } from '@renderer/ui/badge'
import { IconButton } from '@renderer/ui/button'
import { X } from 'lucide-react'
import { AnswerFacts } from './answer-facts'
import type { SqlAnswerState } from './use-sql-answer'

/** What came of a question for SQL. SQL that did not pass is shown as text with the reasons, and can only be read. */
export function SqlAnswer({ answer, onClose }: { readonly answer: SqlAnswerState; readonly onClose: () => void }) {
  const { state, progress, isRepairing, result, failure, sent } = answer
  if (state === 'idle') return null
  return (
    <div className="flex items-start gap-2 border-t border-border bg-bg-subtle px-3 py-2">
      <div className="flex max-h-40 min-w-0 flex-1 flex-col gap-1.5 overflow-y-auto">
        {state === 'running' ? (
          <p role="status" className="text-text-muted">
            {isRepairing ? 'The answer had faults; asking once more.' : 'Writing SQL'}
          </p>
        ) : null}
        {state === 'running' && progress !== '' ? <Sql text={progress} /> : null}
        {failure === null ? null : (
          <p role="alert" className="text-danger">
            {failure}
          </p>
        )}
        {result ? (
          <>
            {result.explanation === '' ? null : <p className="whitespace-pre-wrap break-words">{result.explanation}</p>}
            {result.valid ? (
              <p className="flex flex-wrap items-center gap-1.5 text-sm text-text-muted">
                <Badge tone={result.writes ? 'warning' : 'success'}>
                  {result.writes ? 'Changes records' : 'Reads only'}
                </Badge>
                {result.tables.length > 0 ? `Tables: ${result.tables.join(', ')}` : 'No table'}
              </p>
            ) : null}
            {result.valid || result.problems.length === 0 ? null : (
              <div role="alert" className="flex flex-col gap-1">
                <p className="text-danger">This SQL cannot be used:</p>
                <ul className="list-disc pl-5 text-sm">
                  {result.problems.map((problem) => (
                    <li key={problem} className="break-words">
                      {problem}
                    </li>
                  ))}
                </ul>
              </div>
            )}
            {result.valid || result.sql === '' ? null : <Sql text={result.sql} />}
          </>
        ) : null}
      </div>
      {state === 'running' ? null : (
        <div className="flex shrink-0 items-center gap-1">
          <AnswerFacts usage={result?.usage ?? null} sent={sent} />
          <IconButton label="Close the answer" icon={X} size="sm" onClick={onClose} />
        </div>
      )}
    </div>
  )
}

function Sql({ text }: { readonly text: string }) {
  return <pre className="font-mono text-sm whitespace-pre-wrap break-words text-text-muted">{text}</pre>
}
