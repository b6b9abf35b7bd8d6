import { Field, TextArea } from '@renderer/ui/field'
import { useState } from 'react'
import { useActions } from './canvas-actions'
import type { SchemaSpot } from './canvas-ui'

export interface CommentFieldProps {
  readonly spot: SchemaSpot
  readonly comment: string | undefined
}

/** What people wrote about a table or a column. */
export function CommentField({ spot, comment }: CommentFieldProps) {
  const actions = useActions()
  const [problem, setProblem] = useState<string | null>(null)
  return (
    <Field label="Comment" aside="Optional" error={problem}>
      <TextArea
        rows={2}
        maxLength={1000}
        value={comment ?? ''}
        placeholder={spot.column === null ? 'What a record of it is' : 'What it holds'}
        onChange={(event) => setProblem(actions.comment(spot, event.target.value))}
      />
    </Field>
  )
}
