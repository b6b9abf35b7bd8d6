import { isAbort, toAppError, useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { countOf } from '@renderer/ui/figures'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@renderer/ui/menu'
import { toast } from '@renderer/ui/toast'
import { Copy, Download, FileJson, FileSpreadsheet, FileText, X } from 'lucide-react'
import { useState } from 'react'
import { rowsAs } from './copy-rows'
import { type ExportFormat, exportResult } from './export-result'
import type { Outcome } from './outcome'
import { readRows } from './result-rows'

/** Rows that "Copy all rows" takes; more are for a file. */
const mostCopied = 50_000

export function ExportMenu(props: {
  readonly databaseId: string
  readonly resultId: string
  readonly outcome: Outcome
  /** Of the file. */
  readonly name: string
}) {
  const { client } = useApi()
  const { databaseId, resultId, outcome } = props
  const [running, setRunning] = useState<{ readonly share: number; readonly cancel: () => void } | null>(null)

  async function save(format: ExportFormat) {
    const controller = new AbortController()
    const cancel = () => controller.abort()
    setRunning({ share: 0, cancel })
    try {
      const name = props.name.replace(/[^\p{L}\p{N} ._-]+/gu, '-')
      const note = await exportResult(
        client,
        { databaseId, resultId, format, name },
        (share) => setRunning({ share, cancel }),
        controller.signal,
      )
      toast.success(note ?? `Exported ${countOf(outcome.rowCount, 'row')} as ${format.toUpperCase()}.`)
    } catch (error) {
      if (!isAbort(error) && toAppError(error).code !== 'CANCELLED') toast.error(toAppError(error).message)
    } finally {
      setRunning(null)
    }
  }

  async function copyAll() {
    try {
      const rows = await readRows(client, { databaseId, resultId }, 0, Math.min(outcome.rowCount, mostCopied))
      const names = outcome.columns.map(({ name }) => name)
      await navigator.clipboard.writeText(rowsAs('tsv', names, rows, { headers: true, table: null }))
      toast.success(
        outcome.rowCount > mostCopied
          ? `Copied the first ${countOf(mostCopied, 'row')}. Export a file to have all of them.`
          : `Copied ${countOf(rows.length, 'row')}.`,
      )
    } catch {
      toast.error('The clipboard refused the rows. Export the result as a file.')
    }
  }

  if (running)
    return (
      <Button size="sm" icon={X} onClick={running.cancel}>
        Cancel export, {Math.round(running.share * 100)} %
      </Button>
    )
  return (
    <DropdownMenu>
      <DropdownMenuTrigger>
        <Button size="sm" icon={Download} disabled={outcome.state === 'running'}>
          Export
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem icon={FileText} onSelect={() => void save('csv')}>
          CSV
        </DropdownMenuItem>
        <DropdownMenuItem icon={FileJson} onSelect={() => void save('json')}>
          JSON
        </DropdownMenuItem>
        <DropdownMenuItem icon={FileSpreadsheet} onSelect={() => void save('xlsx')}>
          Excel (XLSX)
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem icon={Copy} onSelect={() => void copyAll()}>
          Copy all rows
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
