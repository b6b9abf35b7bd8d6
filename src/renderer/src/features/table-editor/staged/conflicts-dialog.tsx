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
import { countOf } from '@renderer/ui/figures'
import { TimeAgo } from '@renderer/ui/time-ago'
import type { JsonValue } from '@shared/json'
import { CellValue, mutedLooks } from '../grid-cell'
import type { GridColumn } from '../grid-column'
import type { StagedRecord } from './staged-record'
import { useStagedEdits } from './use-staging'

interface Conflict {
  readonly id: string
  readonly column: string | null
  readonly label: string
  readonly entry: StagedRecord
}

/** Every value that somebody else wrote meanwhile beside one's own, and whose it is to be. */
export function ConflictsDialog(props: {
  readonly open: boolean
  readonly columns: readonly GridColumn[]
  readonly onOpenChange: (open: boolean) => void
}) {
  const staging = useStagedEdits()
  const conflicts = props.open ? conflictsOf(staging.edits.all()) : []
  const keep = (chosen: readonly Conflict[], side: 'mine' | 'theirs') => {
    void staging.settle(chosen, side)
    if (chosen.length === conflicts.length) props.onOpenChange(false)
  }
  return (
    <Dialog open={props.open && conflicts.length > 0} onOpenChange={props.onOpenChange}>
      <DialogContent width="xl">
        <DialogHeader>
          <DialogTitle>Changed by somebody else meanwhile</DialogTitle>
          <DialogDescription>Decide which value stays. Nothing of this is saved before.</DialogDescription>
        </DialogHeader>
        <DialogBody>
          <table className="w-full table-fixed border-collapse">
            <thead>
              <tr className="border-b border-border text-left text-text-muted *:py-1.5 *:pr-3 *:font-medium">
                <th className="w-1/5">Field</th>
                <th>Before</th>
                <th>Theirs</th>
                <th>Mine</th>
                <th className="w-52">
                  <span className="sr-only">Decision</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {conflicts.slice(0, 200).map((conflict) => (
                <ConflictRow
                  key={`${conflict.id} ${conflict.column}`}
                  conflict={conflict}
                  columns={props.columns}
                  onKeep={(side) => keep([conflict], side)}
                />
              ))}
            </tbody>
          </table>
        </DialogBody>
        <DialogFooter>
          <Button size="lg" onClick={() => keep(conflicts, 'theirs')}>
            Keep all of theirs
          </Button>
          <Button size="lg" variant="primary" onClick={() => keep(conflicts, 'mine')}>
            Keep all of mine
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}

function ConflictRow(props: {
  readonly conflict: Conflict
  readonly columns: readonly GridColumn[]
  readonly onKeep: (side: 'mine' | 'theirs') => void
}) {
  const { entry, column: name, label } = props.conflict
  const cell = entry.kind === 'delete' || name === null ? undefined : entry.cells.get(name)
  const column = props.columns.find((one) => one.name === name)
  const who = cell?.kind === 'conflict' ? cell : entry.kind === 'delete' ? entry.theirs : undefined
  return (
    <tr className="border-b border-border align-top *:py-2 *:pr-3">
      <td>
        <div className="truncate font-medium">{name ?? 'The whole record'}</div>
        <div className="truncate text-text-muted">{label}</div>
      </td>
      {cell?.kind === 'conflict' && column ? (
        [cell.base, cell.theirs, cell.value].map((value, index) => (
          <td key={['before', 'theirs', 'mine'][index]} className="font-mono text-sm">
            <ComparedValue column={column} value={value} />
            {index === 1 ? <Who by={who?.by} at={who?.at} /> : null}
          </td>
        ))
      ) : (
        <>
          <td />
          <td>
            {entry.kind === 'delete' ? 'Changed it' : 'Deleted it'}
            <Who by={who?.by} at={who?.at} />
          </td>
          <td>{entry.kind === 'delete' ? 'Delete it' : 'Change it'}</td>
        </>
      )}
      <td>
        <div className="flex justify-end gap-1.5">
          <Button size="sm" onClick={() => props.onKeep('theirs')}>
            Keep theirs
          </Button>
          <Button size="sm" variant="primary" onClick={() => props.onKeep('mine')}>
            Keep mine
          </Button>
        </div>
      </td>
    </tr>
  )
}

/** Characters. Two values of any length can be told apart by less, mostly. */
const comparedText = 2_000

/** Texts and JSON are shown over several lines: who decides wants to see what is lost. */
function ComparedValue({ column, value }: { readonly column: GridColumn; readonly value: JsonValue | undefined }) {
  const text = column.type.base === 'jsonb' && value != null ? JSON.stringify(value, null, 2) : value
  if (typeof text !== 'string' || text === '' || column.schema.references || column.secret)
    return (
      <div className="flex min-w-0">
        <CellValue column={column} value={value} />
      </div>
    )
  return (
    <div className="wrap-anywhere whitespace-pre-wrap">
      {text.slice(0, comparedText)}
      {text.length > comparedText ? (
        <span className={mutedLooks}> and {countOf(text.length - comparedText, 'more character')}</span>
      ) : null}
    </div>
  )
}

function Who({ by, at }: { readonly by: string | undefined; readonly at: string | undefined }) {
  if (by === undefined && at === undefined) return null
  return (
    <div className="truncate font-sans text-text-muted">
      {by} {at === undefined ? null : <TimeAgo at={at} />}
    </div>
  )
}

function conflictsOf(staged: Iterable<StagedRecord>): readonly Conflict[] {
  const conflicts: Conflict[] = []
  for (const entry of staged) {
    const { id } = entry
    if (entry.kind === 'delete') {
      if (entry.theirs) conflicts.push({ id, column: null, label: entry.label, entry })
      continue
    }
    const label = entry.kind === 'update' ? entry.label : 'New record'
    if (entry.kind === 'update' && entry.problem !== undefined) conflicts.push({ id, column: null, label, entry })
    else
      for (const [column, cell] of entry.cells)
        if (cell.kind === 'conflict') conflicts.push({ id, column, label, entry })
  }
  return conflicts
}
