import { useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@renderer/ui/dialog'
import { countOf, formatBytes } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import type { ExportFormat, ExportScope } from '@shared/contract/transfers.contract'
import { RadioGroup } from 'radix-ui'
import { useState } from 'react'
import { type ExportChoice, transferDialogs } from './transfer-dialogs'
import { fetchFile, saveBlob } from './transfer-files'
import { TransferProgressView } from './transfer-progress'
import { exports } from './transfer-works'
import { useLongWork } from './use-long-work'

export interface ExportDialogProps {
  readonly databaseId: string
  readonly choice: ExportChoice
  readonly isHidden: boolean
  readonly onClose: () => void
}

interface FormatChoice {
  readonly format: ExportFormat
  readonly title: string
  readonly hint: string
}

const ofRecords: readonly FormatChoice[] = [
  { format: 'csv', title: 'CSV', hint: 'For spreadsheets and other databases' },
  { format: 'xlsx', title: 'Excel', hint: 'A workbook with a header' },
  { format: 'json', title: 'JSON', hint: 'A list of records' },
  { format: 'ndjson', title: 'NDJSON', hint: 'A record on each line' },
  { format: 'sql', title: 'SQL', hint: 'The table and its records, for Postgres' },
]

const ofDatabase: readonly FormatChoice[] = [
  { format: 'sql', title: 'SQL', hint: 'A whole Postgres database, with keys, references and password hashes' },
  { format: 'csv', title: 'CSV', hint: 'A file for each table, in a zip' },
  { format: 'xlsx', title: 'Excel', hint: 'A sheet for each table' },
  { format: 'json', title: 'JSON', hint: 'All tables in one file, which can be imported again' },
  { format: 'ndjson', title: 'NDJSON', hint: 'A file for each table, in a zip' },
]

/** Chooses a format, and saves the file. Values are whole, whatever the table shows of them. */
export function ExportDialog({ databaseId, choice, isHidden, onClose }: ExportDialogProps) {
  const { client } = useApi()
  const formats = choice.kind === 'database' ? ofDatabase : ofRecords
  const [format, setFormat] = useState<ExportFormat>(formats[0]?.format ?? 'csv')
  const isView = choice.kind === 'records' && (choice.filters !== undefined || choice.columns !== undefined)
  const [which, setWhich] = useState<'shown' | 'all'>(isView ? 'shown' : 'all')
  const { progress, failure, run, cancel } = useLongWork(exports, databaseId)

  const exportFile = () =>
    run('Writing the file', async ({ signal, tell, follow }) => {
      const call = { databaseId, format, scope: scopeOf(choice, which) }
      const result = await follow(await client.transfers.export(call, { signal }))
      const blob = await fetchFile(client, databaseId, result, {
        signal,
        onProgress: (part) => tell({ step: 'Saving the file', part, rows: result.records, rate: 0 }),
      })
      saveBlob(result.name, blob)
      void client.transfers.discard({ databaseId, file: result.file }).catch(() => undefined)
      toast.success(`${countOf(result.records, 'record')} exported, ${formatBytes(result.bytes)}`)
      onClose()
      return undefined
    })

  function close() {
    if (progress !== null) return transferDialogs.hide(databaseId)
    cancel()
    onClose()
  }

  return (
    <Dialog open={!isHidden} onOpenChange={(open) => !open && close()}>
      <DialogContent width="md">
        <DialogHeader>
          <DialogTitle>{titleOf(choice)}</DialogTitle>
          <DialogDescription>Everything is written as it is, and nothing is cut.</DialogDescription>
        </DialogHeader>
        <DialogBody>
          {progress ? (
            <TransferProgressView progress={progress} onCancel={cancel} />
          ) : (
            <div className="flex flex-col gap-4">
              <RadioGroup.Root
                aria-label="Format"
                value={format}
                onValueChange={(value) => setFormat(formats.find((one) => one.format === value)?.format ?? format)}
                className="flex flex-col gap-1.5"
              >
                {formats.map((one) => (
                  <RadioGroup.Item
                    key={one.format}
                    value={one.format}
                    className={cn(
                      'flex items-center gap-3 rounded-md border px-3 py-2 text-left transition-colors',
                      format === one.format ? 'border-accent bg-selection' : 'border-border hover:bg-bg-hover',
                    )}
                  >
                    <span
                      aria-hidden
                      className={cn(
                        'flex size-4 shrink-0 items-center justify-center rounded-full border',
                        format === one.format ? 'border-accent' : 'border-border-strong',
                      )}
                    >
                      {format === one.format ? <span className="size-2 rounded-full bg-accent" /> : null}
                    </span>
                    <span className="w-16 shrink-0 font-medium">{one.title}</span>
                    <span className="min-w-0 flex-1 text-text-muted">{one.hint}</span>
                  </RadioGroup.Item>
                ))}
              </RadioGroup.Root>
              {isView ? (
                <RadioGroup.Root
                  aria-label="Which records"
                  value={which}
                  onValueChange={(value) => setWhich(value === 'shown' ? 'shown' : 'all')}
                  className="flex gap-4"
                >
                  {(['shown', 'all'] as const).map((value) => (
                    <RadioGroup.Item key={value} value={value} className="flex items-center gap-2 rounded-sm">
                      <span
                        aria-hidden
                        className={cn(
                          'flex size-4 items-center justify-center rounded-full border',
                          which === value ? 'border-accent' : 'border-border-strong',
                        )}
                      >
                        {which === value ? <span className="size-2 rounded-full bg-accent" /> : null}
                      </span>
                      {value === 'shown' ? 'What the table shows now' : 'All records and columns'}
                    </RadioGroup.Item>
                  ))}
                </RadioGroup.Root>
              ) : null}
              {failure ? (
                <p role="alert" className="text-danger">
                  {failure}
                </p>
              ) : null}
            </div>
          )}
        </DialogBody>
        <DialogFooter>
          <Button size="lg" onClick={close}>
            {progress ? 'Go on in the background' : 'Cancel'}
          </Button>
          <Button size="lg" variant="primary" disabled={progress !== null} onClick={() => void exportFile()}>
            Export
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}

function titleOf(choice: ExportChoice): string {
  if (choice.kind === 'database') return 'Export the database'
  return choice.ids ? `Export ${countOf(choice.ids.length, 'record')} of ${choice.table}` : `Export ${choice.table}`
}

function scopeOf(choice: ExportChoice, which: 'shown' | 'all'): ExportScope {
  if (choice.kind === 'database') return { kind: 'database' }
  const { table, filters, sort, columns, ids } = choice
  if (ids) return { kind: 'records', table, ids: [...ids] }
  if (which === 'all') return { kind: 'records', table }
  return {
    kind: 'records',
    table,
    ...(filters !== undefined && { filters }),
    ...(sort !== undefined && { sort: [...sort] }),
    ...(columns !== undefined && { columns: [...columns] }),
  }
}
