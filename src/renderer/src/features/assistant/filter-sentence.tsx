import { isAbort, toAppError, useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { Field, TextInput } from '@renderer/ui/field'
import { Popover, PopoverContent, PopoverTrigger } from '@renderer/ui/popover'
import { ProgressBar } from '@renderer/ui/progress-bar'
import type { Filter } from '@shared/domain/filter'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import { Sparkles } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { AnswerFacts, type AnswerFactsProps } from './answer-facts'
import { MissingNote } from './missing-note'
import { useAssistant } from './use-assistant'

/** A sentence that becomes chips: "open orders of the last 7 days". */
export function FilterSentence(props: {
  readonly databaseId: string
  readonly tableName: string
  readonly onFilter: (filter: Filter) => void
}) {
  const { databaseId, tableName, onFilter } = props
  const { client } = useApi()
  const assistant = useAssistant()
  const [open, setOpen] = useState(false)
  const [sentence, setSentence] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const [facts, setFacts] = useState<AnswerFactsProps>({ usage: null, sent: [] })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])
  if (assistant.state === 'off' || assistant.state === 'loading') return null

  async function submit() {
    if (sentence.trim() === '' || busy) return
    const stop = new AbortController()
    running.current = stop
    setBusy(true)
    setFailure(null)
    try {
      const answer = await client.assistant.filter(
        { databaseId, tableName, sentence: sentence.trim() },
        { signal: stop.signal },
      )
      setFacts({ usage: answer.usage, sent: answer.sent })
      onFilter(normaliseFilter(answer.filter))
      if (answer.notes.length > 0) setFailure(answer.notes.join(' '))
      else setOpen(false)
    } catch (error) {
      if (!isAbort(error)) setFailure(toAppError(error).message)
    } finally {
      setBusy(false)
    }
  }
  function change(next: boolean) {
    if (!next) running.current?.abort()
    setOpen(next)
  }
  return (
    <Popover open={open} onOpenChange={change}>
      <PopoverTrigger>
        <Button variant="ghost" icon={Sparkles} title="Filter in words">
          <span className="@max-4xl:sr-only">Filter in words</span>
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label="Filter in words" className="w-96">
        <form
          className="relative flex flex-col gap-2 p-3"
          onSubmit={(event) => {
            event.preventDefault()
            void submit()
          }}
        >
          <ProgressBar active={busy} label="Reading the sentence" />
          {assistant.state === 'missing' ? <MissingNote missing={assistant.missing} /> : null}
          <Field label="Which records" hint="It becomes filters that you can change." error={failure}>
            <TextInput
              value={sentence}
              disabled={assistant.state === 'missing'}
              placeholder="Paid orders over 100 since Monday"
              onChange={(event) => setSentence(event.target.value)}
            />
          </Field>
          <div className="flex items-center justify-end gap-2">
            <AnswerFacts {...facts} />
            <span className="flex-1" />
            {busy ? <Button onClick={() => running.current?.abort()}>Stop</Button> : null}
            <Button
              type="submit"
              variant="primary"
              disabled={busy || sentence.trim() === '' || assistant.state === 'missing'}
            >
              Filter
            </Button>
          </div>
        </form>
      </PopoverContent>
    </Popover>
  )
}
