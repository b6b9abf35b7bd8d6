import { useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { sqlForEditor } from '@shared/domain/untrusted-sql'
import { Sparkles, Square } from 'lucide-react'
import { NeedsKey } from './needs-key'
import { SqlAnswer } from './sql-answer'
import { useAssistant } from './use-assistant'
import { useSqlAnswer } from './use-sql-answer'

export interface FixErrorProps {
  readonly databaseId: string
  readonly text: string
  /** The statement that failed, as it stood when it ran. */
  readonly statement: string
  readonly message: string
  readonly hint: string | null
  readonly proposeSql: (sql: string, note: string) => void
}

/** Beside the message of a statement that failed. */
export function FixError({ databaseId, text, statement, message, hint, proposeSql }: FixErrorProps) {
  const { client } = useApi()
  const assistant = useAssistant()
  const { answer, ask, stop, clear } = useSqlAnswer()
  if (assistant.state !== 'ready') return <NeedsKey label="Fix this error" />
  const fix = () =>
    void ask(
      (signal) =>
        client.assistant.fix(
          { databaseId, sql: statement, error: hint === null ? message : `${message} ${hint}` },
          { signal },
        ),
      (result) => {
        if (!result.valid) return
        const sql = sqlForEditor(result.sql)
        const whole = text.includes(statement) ? text.replace(statement, () => sql) : sql
        proposeSql(whole, result.explanation || 'The error mended.')
      },
    )
  return (
    <div className="flex min-w-0 flex-col items-start gap-2">
      {answer.state === 'running' ? (
        <Button icon={Square} onClick={stop}>
          Stop
        </Button>
      ) : (
        <Button icon={Sparkles} onClick={fix}>
          Fix this error
        </Button>
      )}
      <div className="w-full">
        <SqlAnswer answer={answer} onClose={clear} />
      </div>
    </div>
  )
}
