import { toAppError, useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { toast } from '@renderer/ui/toast'
import { Sparkles } from 'lucide-react'
import { useState } from 'react'
import { AnswerFacts, type AnswerFactsProps } from './answer-facts'
import { useAssistant } from './use-assistant'

/** Finds a name for a query; the person still saves it. */
export function SuggestName(props: {
  readonly databaseId: string
  readonly text: string
  readonly onName: (name: string) => void
}) {
  const { client } = useApi()
  const { state, missing } = useAssistant()
  const [busy, setBusy] = useState(false)
  const [facts, setFacts] = useState<AnswerFactsProps>({ usage: null, sent: [] })
  if (state === 'off' || state === 'loading' || props.text.trim() === '') return null

  async function suggest() {
    setBusy(true)
    try {
      const { name, ...more } = await client.assistant.nameQuery({ databaseId: props.databaseId, sql: props.text })
      setFacts(more)
      props.onName(name)
    } catch (error) {
      toast.error(toAppError(error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="flex items-center gap-1">
      <AnswerFacts {...facts} />
      <Button
        size="sm"
        variant="ghost"
        icon={Sparkles}
        disabled={busy}
        title={missing || 'The text of the query is sent to the AI'}
        onClick={() => void (missing === '' ? suggest() : toast.error(missing))}
      >
        Suggest a name
      </Button>
    </div>
  )
}
