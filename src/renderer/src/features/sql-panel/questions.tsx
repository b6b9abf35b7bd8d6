import { Button } from '@renderer/ui/button'
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@renderer/ui/dialog'
import { Checkbox, Field, TextInput } from '@renderer/ui/field'
import { countOf } from '@renderer/ui/figures'
import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Question } from './panel-state'

/** What a run waits for: values of its `:name` places, or a yes to what it would do. */
export function Questions({ question }: { readonly question: Question | null }) {
  if (question === null) return null
  return question.kind === 'values' ? <Values key="values" {...question} /> : <Dangers key="dangers" {...question} />
}

function Dangers({ dangers, answer }: Extract<Question, { kind: 'dangers' }>) {
  const { title, yes } = wordsOf(dangers)
  return (
    <Dialog open onOpenChange={(open) => !open && answer(false)}>
      <DialogContent width="md" role="alertdialog">
        <DialogHeader>
          <DialogTitle>{title}</DialogTitle>
          <DialogDescription>Nothing has run yet.</DialogDescription>
        </DialogHeader>
        <DialogBody>
          <ul className="flex flex-col gap-2">
            {dangers.map(({ statement, kind, sentence, records }) => (
              <li key={`${statement} ${sentence}`} className="flex items-start gap-2">
                <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
                <span>
                  {sentence}{' '}
                  <span className="text-text-muted tabular-nums">
                    {records === null
                      ? 'How many records that is could not be counted in time.'
                      : `${countOf(records, 'record')} would ${kind === 'updateAll' || kind === 'dropColumn' ? 'change' : 'go'}.`}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </DialogBody>
        <DialogFooter>
          <Button size="lg" autoFocus onClick={() => answer(false)}>
            Cancel
          </Button>
          <Button size="lg" variant="danger" onClick={() => answer(true)}>
            {yes}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}

/** The question and its answer, with the number of records where it is known. */
function wordsOf(dangers: Extract<Question, { kind: 'dangers' }>['dangers']): { title: string; yes: string } {
  const known = dangers.flatMap(({ records }) => (records === null ? [] : [records]))
  const total = known.length === dangers.length ? known.reduce((sum, records) => sum + records, 0) : null
  const [first] = dangers
  if (dangers.some(({ kind }) => kind === 'dropTable' || kind === 'dropColumn')) {
    if (dangers.length > 1) return { title: 'Drop all of these?', yes: 'Drop' }
    if (first?.kind === 'dropColumn') return { title: `Drop a column of ${first.table}?`, yes: 'Drop column' }
    const table = first?.table ?? 'the table'
    return { title: `Drop ${table}${total === null ? '' : ` with ${countOf(total, 'record')}`}?`, yes: `Drop ${table}` }
  }
  if (total === null) return { title: 'Run this?', yes: 'Run anyway' }
  const verb = dangers.every(({ kind }) => kind === 'updateAll') ? 'Change' : 'Delete'
  return {
    title: `${verb} ${countOf(total, 'record')}?`,
    yes: total > 0 ? `${verb} ${countOf(total, 'record')}` : 'Run anyway',
  }
}

function Values({ names, known, answer }: Extract<Question, { kind: 'values' }>) {
  const [values, setValues] = useState<Readonly<Record<string, string | null>>>(() =>
    Object.fromEntries(names.map((name) => [name, known[name] ?? (name in known ? null : '')])),
  )
  return (
    <Dialog open onOpenChange={(open) => !open && answer(null)}>
      <DialogContent width="sm">
        <form
          className="flex min-h-0 flex-col"
          onSubmit={(event) => {
            event.preventDefault()
            answer(values)
          }}
        >
          <DialogHeader>
            <DialogTitle>Values of this query</DialogTitle>
            <DialogDescription>They are sent apart from the text, so they need no quotes.</DialogDescription>
          </DialogHeader>
          <DialogBody className="flex flex-col gap-3">
            {names.map((name) => (
              <div key={name} className="flex items-end gap-2">
                <Field label={name} className="flex-1">
                  <TextInput
                    mono
                    value={values[name] ?? ''}
                    disabled={values[name] === null}
                    placeholder={values[name] === null ? 'NULL' : ''}
                    onChange={(event) => setValues({ ...values, [name]: event.target.value })}
                  />
                </Field>
                <span className="flex h-7 items-center">
                  <Checkbox
                    label="NULL"
                    aria-label={`${name} is NULL`}
                    checked={values[name] === null}
                    onCheckedChange={(on) => setValues({ ...values, [name]: on === true ? null : '' })}
                  />
                </span>
              </div>
            ))}
          </DialogBody>
          <DialogFooter>
            <Button size="lg" onClick={() => answer(null)}>
              Cancel
            </Button>
            <Button size="lg" variant="primary" type="submit">
              Run query
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}
