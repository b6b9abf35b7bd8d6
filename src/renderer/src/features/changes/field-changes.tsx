import { cellText, wholeText } from '@renderer/features/table-editor/cell-text'
import type { GridColumn } from '@renderer/features/table-editor/grid-column'
import { Button } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { countOf } from '@renderer/ui/figures'
import type { RecordChange } from '@shared/contract/changes.contract'
import type { JsonValue } from '@shared/json'
import { ArrowRight } from 'lucide-react'
import { useState } from 'react'

type Field = RecordChange['fields'][number]

export interface FieldChangesProps {
  readonly fields: readonly Field[]
  /** The table's columns as they are now; a change may be of one that is gone. */
  readonly columns: readonly GridColumn[]
  /** A new record has only what came, a deleted one only what went. */
  readonly op: RecordChange['op']
}

/** More are folded away until somebody asks: a new record has as many as its table. */
const mostFields = 5
/** Characters: about three lines of the panel. */
const longest = 140

/** What happened to each field: before, and after. */
export function FieldChanges({ fields, columns, op }: FieldChangesProps) {
  const [open, setOpen] = useState(false)
  const more = fields.length - mostFields
  const shown = open || more <= 1 ? fields : fields.slice(0, mostFields)
  return (
    <div className="flex flex-col items-start gap-1.5">
      <dl className="grid w-full grid-cols-[minmax(4rem,auto)_1fr] gap-x-3 gap-y-1.5 text-sm">
        {shown.map((field) => (
          <FieldChange
            key={field.column}
            field={field}
            column={columns.find(({ name }) => name === field.column)}
            op={op}
          />
        ))}
      </dl>
      {shown.length < fields.length ? (
        <Button size="sm" variant="ghost" className="-ml-2" onClick={() => setOpen(true)}>
          Show {countOf(more, 'more field')}
        </Button>
      ) : null}
    </div>
  )
}

function FieldChange(props: {
  readonly field: Field
  readonly column: GridColumn | undefined
  readonly op: RecordChange['op']
}) {
  const { field, column, op } = props
  return (
    <>
      <dt className="max-w-36 truncate py-0.5 font-mono text-text-muted" title={field.column}>
        {field.column}
      </dt>
      <dd className="flex min-w-0 flex-wrap items-start gap-1.5">
        {column?.secret ? (
          <span className="py-0.5 text-text-muted">hidden</span>
        ) : (
          <>
            {op === 'insert' ? null : <Value value={field.before} column={column} side="before" />}
            {op === 'update' ? <ArrowRight aria-hidden className="mt-1 size-3 shrink-0 text-text-muted" /> : null}
            {op === 'delete' ? null : <Value value={field.after} column={column} side="after" />}
          </>
        )}
      </dd>
    </>
  )
}

function Value(props: {
  readonly value: JsonValue
  readonly column: GridColumn | undefined
  readonly side: 'before' | 'after'
}) {
  const { value, column, side } = props
  const [open, setOpen] = useState(false)
  const whole = wholeText(value)
  const isLong = whole.length > longest || whole.includes('\n')
  const Mark = side === 'before' ? 'del' : 'ins'
  return (
    <Mark
      className={cn(
        'min-w-0 max-w-full rounded-sm px-1.5 py-0.5 font-mono wrap-anywhere no-underline select-text',
        side === 'before' ? 'bg-danger-subtle text-danger' : 'bg-success-subtle text-success',
      )}
    >
      {value === null ? (
        <span className="font-sans text-xs">NULL</span>
      ) : value === '' ? (
        <span className="font-sans text-xs">empty text</span>
      ) : isLong ? (
        <>
          <span className="whitespace-pre-wrap">{open ? whole : `${whole.slice(0, longest).trimEnd()}…`}</span>{' '}
          <button
            type="button"
            aria-expanded={open}
            className="font-sans text-xs font-medium underline"
            onClick={() => setOpen(!open)}
          >
            {open ? 'Show less' : 'Show all'}
          </button>
        </>
      ) : (
        shortText(value, column)
      )}
    </Mark>
  )
}

/** As the grid shows it: a time in the reader's zone. */
function shortText(value: JsonValue, column: GridColumn | undefined): string {
  if (!column) return wholeText(value)
  const cell = cellText(column.type, value)
  return cell.form === 'time' ? cell.text : wholeText(value)
}
