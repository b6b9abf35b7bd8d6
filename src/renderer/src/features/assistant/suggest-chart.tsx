import { toAppError, useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { toast } from '@renderer/ui/toast'
import { Sparkles } from 'lucide-react'
import { useState } from 'react'
import { AnswerFacts, type AnswerFactsProps } from './answer-facts'
import { useAssistant } from './use-assistant'

export interface SuggestedChart {
  readonly kind: 'bar' | 'line' | 'area' | 'pie' | 'scatter'
  readonly x: string
  readonly y: readonly string[]
}

/** Chooses a picture by the names and types of a result's columns; no value of it is sent. */
export function SuggestChart(props: {
  readonly databaseId: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly onChart: (chart: SuggestedChart) => void
}) {
  const { client } = useApi()
  const { state, missing } = useAssistant()
  const [busy, setBusy] = useState(false)
  const [facts, setFacts] = useState<AnswerFactsProps>({ usage: null, sent: [] })
  if (state === 'off' || state === 'loading') return null

  async function suggest() {
    setBusy(true)
    try {
      const columns = props.columns.slice(0, 200).map(({ name, type }) => ({ name: name.slice(0, 200), type }))
      const { usage, sent, ...chart } = await client.assistant.chart({ databaseId: props.databaseId, columns })
      setFacts({ usage, sent })
      props.onChart(chart)
    } catch (error) {
      toast.error(toAppError(error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="flex flex-wrap items-center gap-1">
      <Button
        size="sm"
        icon={Sparkles}
        disabled={busy}
        title={missing || 'Names and types of the columns are sent to the AI'}
        onClick={() => void (missing === '' ? suggest() : toast.error(missing))}
      >
        Suggest a chart
      </Button>
      <AnswerFacts {...facts} />
    </div>
  )
}
