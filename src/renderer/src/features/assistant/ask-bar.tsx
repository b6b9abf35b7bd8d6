import { toAppError, useApi } from '@renderer/bridge/api'
import { Button, IconButton } from '@renderer/ui/button'
import { TextInput } from '@renderer/ui/field'
import { ProgressBar } from '@renderer/ui/progress-bar'
import { sqlForEditor } from '@shared/domain/untrusted-sql'
import { MessageCircleQuestion, Sparkles, Square, X } from 'lucide-react'
import { useState } from 'react'
import { AnswerFacts, type AnswerFactsProps } from './answer-facts'
import { SqlAnswer } from './sql-answer'
import { useAssistant } from './use-assistant'
import { useSqlAnswer } from './use-sql-answer'

export interface AskBarProps {
  readonly databaseId: string
  readonly text: string
  readonly selection: string
  readonly proposeSql: (sql: string, note: string) => void
}

interface Told extends AnswerFactsProps {
  readonly text: string
}

/** Above the editor: a question in words. What comes is shown as a difference, and runs only from Run. */
export function AskBar({ databaseId, text, selection, proposeSql }: AskBarProps) {
  const { client } = useApi()
  const assistant = useAssistant()
  const { answer, ask, stop, clear } = useSqlAnswer()
  const [question, setQuestion] = useState('')
  const [told, setTold] = useState<Told | null>(null)
  const [explaining, setExplaining] = useState(false)

  // What it would need is said in the toolbar.
  if (assistant.state !== 'ready') return null
  const isRunning = answer.state === 'running'
  const statement = selection.trim() === '' ? text.trim() : selection.trim()

  function submit() {
    const words = question.trim()
    if (words === '' || isRunning) return
    setTold(null)
    // A question about what is marked changes that; any other gets a text of its own.
    const about = selection.trim() === '' ? {} : { sql: selection.trim() }
    void ask(
      (signal) => client.assistant.ask({ databaseId, question: words, ...about }, { signal }),
      (result) => {
        if (!result.valid) return
        const sql = sqlForEditor(result.sql)
        const whole = selection.trim() === '' ? sql : text.replace(selection.trim(), () => sql)
        proposeSql(whole, result.explanation || words)
      },
    )
  }
  async function explain() {
    setExplaining(true)
    clear()
    try {
      const { explanation, sent, usage } = await client.assistant.explain({ databaseId, sql: statement })
      setTold({ text: explanation, sent, usage })
    } catch (error) {
      setTold({ text: toAppError(error).message, sent: [], usage: null })
    } finally {
      setExplaining(false)
    }
  }

  return (
    <section aria-label="Ask in words" className="relative shrink-0 border-b border-border">
      <ProgressBar active={isRunning || explaining} label="Asking" />
      <form
        className="flex h-10 items-center gap-2 px-2"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Sparkles aria-hidden className="ml-1 size-3.5 shrink-0 text-accent-text" />
        <TextInput
          aria-label="Ask in words"
          value={question}
          placeholder={
            selection.trim() === ''
              ? 'Ask in words: orders of this month by customer'
              : 'Say how to change what is marked'
          }
          onChange={(event) => setQuestion(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && (isRunning || answer.state !== 'idle')) stop()
          }}
        />
        {isRunning ? (
          <Button icon={Square} onClick={stop}>
            Stop
          </Button>
        ) : (
          <Button type="submit" disabled={question.trim() === ''}>
            Ask
          </Button>
        )}
        <Button
          variant="ghost"
          icon={MessageCircleQuestion}
          disabled={statement === '' || explaining}
          onClick={() => void explain()}
        >
          In words
        </Button>
      </form>
      <SqlAnswer answer={answer} onClose={clear} />
      {told ? (
        <div className="flex items-start gap-2 border-t border-border bg-bg-subtle px-3 py-2">
          <p role="status" className="max-h-28 min-w-0 flex-1 overflow-y-auto whitespace-pre-wrap break-words">
            {told.text}
          </p>
          <AnswerFacts usage={told.usage} sent={told.sent} />
          <IconButton label="Close the explanation" icon={X} size="sm" onClick={() => setTold(null)} />
        </div>
      ) : null}
    </section>
  )
}
