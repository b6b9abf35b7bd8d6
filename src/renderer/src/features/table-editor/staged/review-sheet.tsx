import { Badge } from '@renderer/ui/badge'
import { Button } from '@renderer/ui/button'
import { CopyButton } from '@renderer/ui/copy-button'
import { countOf } from '@renderer/ui/figures'
import { Segmented } from '@renderer/ui/segmented'
import { Sheet, SheetContent } from '@renderer/ui/sheet'
import type { TableSchema } from '@shared/domain/table-schema'
import { Undo2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { CellValue } from '../grid-cell'
import type { GridColumn } from '../grid-column'
import { planSave, sizeOf } from './staged-batch'
import type { StagedCell, StagedRecord } from './staged-record'
import { stagedSql } from './staged-sql'
import { useStagedEdits } from './use-staging'

export interface ReviewSheetProps {
  readonly open: boolean
  readonly schema: TableSchema
  readonly columns: readonly GridColumn[]
  readonly onOpenChange: (open: boolean) => void
  readonly onSave: () => void
}

/** Exactly what Save will write: as records and as SQL. */
export function ReviewSheet(props: ReviewSheetProps) {
  return (
    <Sheet open={props.open} onOpenChange={props.onOpenChange}>
      <SheetContent
        title="Review changes"
        description={`What Save writes to ${props.schema.name}`}
        className="w-160 max-w-[92vw]"
      >
        <Review {...props} />
      </SheetContent>
    </Sheet>
  )
}

/** Records in the list at first, and with every "Show more". */
const atOnce = 200

function Review({ schema, columns, onOpenChange, onSave }: ReviewSheetProps) {
  const staging = useStagedEdits()
  const [as, setAs] = useState<'records' | 'sql'>('records')
  const [most, setMost] = useState(atOnce)
  const { counts } = staging.edits
  const staged = [...staging.edits.all()]
  const { batches, incomplete } = planSave(staged, columns, { retry: true })
  const sql = as === 'sql' ? stagedSql(schema, columns, batches) : ''
  const savable = batches.reduce((sum, batch) => sum + sizeOf(batch), 0)
  return (
    <>
      <div className="flex items-center gap-3 border-b border-border px-4 py-2">
        <Segmented
          aria-label="Show changes as"
          value={as}
          onValueChange={setAs}
          options={[
            { value: 'records', label: 'Records' },
            { value: 'sql', label: 'SQL' },
          ]}
        />
        <span className="flex-1 text-text-muted tabular-nums">{countOf(counts.changes, 'change')}</span>
        {as === 'sql' && sql !== '' ? <CopyButton text={sql} label="Copy the SQL" /> : null}
      </div>
      {as === 'sql' ? (
        <Scrolled label="SQL">
          <pre className="p-4 font-mono text-sm leading-5 break-words whitespace-pre-wrap">
            {sql === '' ? 'Nothing can be saved as it is.' : sql}
          </pre>
        </Scrolled>
      ) : (
        <Scrolled label="Changed records">
          <ol className="divide-y divide-border">
            {staged.slice(0, most).map((entry) => (
              <ReviewedRecord
                key={entry.id}
                entry={entry}
                columns={columns}
                onRevert={() => void staging.revert([entry.id])}
              />
            ))}
          </ol>
          {staged.length > most ? (
            <p className="p-3 text-center">
              <Button onClick={() => setMost(most + atOnce)}>Show more of {countOf(staged.length, 'record')}</Button>
            </p>
          ) : null}
          {staged.length === 0 ? <p className="p-6 text-center text-text-muted">Nothing is left to save.</p> : null}
        </Scrolled>
      )}
      <div className="flex items-center gap-2 border-t border-border bg-bg-subtle px-4 py-3">
        <span className="min-w-0 flex-1 text-text-muted">
          {leftBehind(counts.changes - savable, incomplete.length)}
        </span>
        <Button size="lg" onClick={() => onOpenChange(false)}>
          Close
        </Button>
        <Button
          size="lg"
          variant="primary"
          disabled={savable === 0}
          onClick={() => {
            onOpenChange(false)
            onSave()
          }}
        >
          Save {countOf(savable, 'change')}
        </Button>
      </div>
    </>
  )
}

function Scrolled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
    <section tabIndex={0} aria-label={label} className="min-h-0 flex-1 overflow-auto">
      {children}
    </section>
  )
}

/** What does not fit, what waits for a decision, and what is not finished stays staged. */
function leftBehind(changes: number, unfinished: number): string {
  if (changes === 0) return ''
  const why = unfinished > 0 ? `, of them ${countOf(unfinished, 'unfinished record')}` : ''
  return `${countOf(changes, 'change')} will stay here${why}.`
}

const kinds = {
  update: { word: 'Changed', tone: 'warning' },
  create: { word: 'New', tone: 'success' },
  delete: { word: 'Deleted', tone: 'danger' },
} as const

function ReviewedRecord(props: {
  readonly entry: StagedRecord
  readonly columns: readonly GridColumn[]
  readonly onRevert: () => void
}) {
  const { entry, columns } = props
  const { word, tone } = kinds[entry.kind]
  const cells = entry.kind === 'delete' ? [] : [...entry.cells]
  return (
    <li className="px-4 py-2.5">
      <div className="flex items-center gap-2">
        <Badge tone={tone}>{word}</Badge>
        <span
          className={
            entry.kind === 'delete' ? 'min-w-0 flex-1 truncate line-through' : 'min-w-0 flex-1 truncate font-medium'
          }
        >
          {entry.kind === 'create' ? 'New record' : entry.label}
        </span>
        <Button size="sm" variant="ghost" icon={Undo2} onClick={props.onRevert}>
          Discard
        </Button>
      </div>
      {cells.length > 0 ? (
        <dl className="mt-1 grid grid-cols-[minmax(6rem,auto)_1fr] items-baseline gap-x-3 gap-y-0.5 font-mono text-sm">
          {cells.map(([name, cell]) => (
            <ReviewedCell key={name} name={name} cell={cell} column={columns.find((column) => column.name === name)} />
          ))}
        </dl>
      ) : null}
    </li>
  )
}

function ReviewedCell(props: {
  readonly name: string
  readonly cell: StagedCell
  readonly column: GridColumn | undefined
}) {
  const { name, cell, column } = props
  if (!column)
    return (
      <>
        <dt className="text-text-muted">{name}</dt>
        <dd className="text-danger">There is no such column any more.</dd>
      </>
    )
  return (
    <>
      <dt className="truncate font-sans text-text-muted">{name}</dt>
      <dd className="flex min-w-0 items-baseline gap-2">
        {cell.base === undefined ? null : (
          <>
            <span className="flex min-w-0 max-w-1/2 text-text-muted line-through">
              <CellValue column={column} value={cell.base} />
            </span>
            <span aria-hidden className="font-sans text-text-muted">
              →
            </span>
          </>
        )}
        {cell.kind === 'unfit' ? (
          <span className="min-w-0 text-danger">
            {cell.input} <span className="font-sans">{cell.reason}</span>
          </span>
        ) : (
          <span className="flex min-w-0">
            {cell.value === '' ? (
              <span className="font-sans text-text-muted">empty</span>
            ) : (
              <CellValue column={column} value={cell.value} />
            )}
          </span>
        )}
        {cell.kind === 'conflict' ? <Badge tone="conflict">conflict</Badge> : null}
      </dd>
    </>
  )
}
