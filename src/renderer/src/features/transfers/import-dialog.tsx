import { useCurrentProject } from '@renderer/app/current-project'
import { paths } from '@renderer/app/paths'
import { isAbort, toAppError, useApi } from '@renderer/bridge/api'
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
import { countOf, formatBytes, formatCount } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import type { FileOptions, ImportResult, Inspection } from '@shared/contract/transfers.contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { draftFor, draftProblem, type ImportDraft, targetOf } from './import-draft'
import { ImportPreview } from './import-preview'
import { ImportResultView } from './import-result'
import { ImportSource } from './import-source'
import { fetchFile, saveBlob, sendFile } from './transfer-files'
import { type ShownProgress, stepOf, TransferProgressView } from './transfer-progress'

export interface ImportDialogProps {
  readonly databaseId: string
  /** Into this table, where it was asked for there. */
  readonly table: string | null
  readonly file: File | null
  readonly onClose: () => void
}

interface SentFile {
  readonly id: string
  readonly name: string
  readonly size: number
}

/** A file, what it holds, where it goes, and what came of it. */
export function ImportDialog({ databaseId, table, file: given, onClose }: ImportDialogProps) {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const { project } = useCurrentProject()
  const navigate = useNavigate()
  const { data } = useQuery(query.tables.list.queryOptions({ input: { databaseId } }))
  const tables = data?.tables ?? []
  const [sent, setSent] = useState<SentFile | null>(null)
  const [inspection, setInspection] = useState<Inspection | null>(null)
  const [draft, setDraft] = useState<ImportDraft | null>(null)
  const [progress, setProgress] = useState<ShownProgress | null>(null)
  const [result, setResult] = useState<ImportResult | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const running = useRef<AbortController | null>(null)

  const tableNamed = (name: string | null) => tables.find(({ table_name }) => table_name === name) ?? null

  /** One thing at a time; what is cancelled says nothing. */
  async function attempt(work: (signal: AbortSignal) => Promise<void>) {
    const controller = new AbortController()
    running.current = controller
    setFailure(null)
    try {
      await work(controller.signal)
    } catch (error) {
      if (!isAbort(error) && !controller.signal.aborted) setFailure(toAppError(error).message)
    } finally {
      if (running.current === controller) running.current = null
      setProgress(null)
    }
  }

  function choose(file: Blob & { readonly name?: string }) {
    const name = file.name ?? 'pasted'
    return attempt(async (signal) => {
      setProgress({ step: 'Sending the file', part: 0, rows: 0, rate: 0 })
      const id = await sendFile(client, databaseId, file, {
        signal,
        onProgress: (part) => setProgress({ step: 'Sending the file', part, rows: 0, rate: 0 }),
      })
      setProgress({ step: 'Looking at the file', part: null, rows: 0, rate: 0 })
      const seen = await client.transfers.inspect({ databaseId, file: id, options: {} }, { signal })
      setSent({ id, name, size: file.size })
      setInspection(seen)
      setDraft(draftFor(seen, name, tableNamed(table)))
    })
  }

  function inspectAgain(options: FileOptions) {
    if (!sent || !draft) return
    void attempt(async (signal) => {
      const seen = await client.transfers.inspect({ databaseId, file: sent.id, options }, { signal })
      setInspection(seen)
      setDraft({ ...draftFor(seen, sent.name, tableNamed(draft.table)), onReject: draft.onReject })
    })
  }

  function run() {
    if (!sent || !draft || !inspection) return
    void attempt(async (signal) => {
      setProgress({ step: 'Beginning', part: 0, rows: 0, rate: 0 })
      const { format, options } = inspection
      const events = await client.transfers.import(
        {
          databaseId,
          file: sent.id,
          options: {
            format,
            encoding: options.encoding,
            delimiter: options.delimiter,
            header: options.header,
            ...(format === 'xlsx' ? { sheet: options.sheet } : {}),
          },
          target: targetOf(draft, inspection),
          onReject: draft.onReject,
        },
        { signal },
      )
      for await (const event of events) {
        if (event.kind === 'progress')
          setProgress({ step: stepOf(event), part: event.part, rows: event.rows, rate: event.rate })
        else setResult(event.result)
      }
      await queryClient.invalidateQueries()
    })
  }

  const start = useRef(choose)
  start.current = choose
  const isReady = data !== undefined
  useEffect(() => {
    if (given && isReady) void start.current(given)
  }, [given, isReady])

  function close() {
    running.current?.abort()
    if (sent) void client.transfers.discard({ databaseId, file: sent.id }).catch(() => undefined)
    onClose()
  }

  async function saveRejects() {
    if (!result?.rejectFile) return
    const blob = await fetchFile(
      client,
      databaseId,
      { file: result.rejectFile, type: 'text/csv', bytes: null },
      { signal: new AbortController().signal, onProgress: () => undefined },
    )
    saveBlob(`${sent?.name.replace(/\.[^.]*$/, '') ?? 'import'}-rejected.csv`, blob)
  }

  async function undo() {
    if (!result) return
    await attempt(async () => {
      for (const one of [...result.tables].reverse()) {
        if (one.created) await client.tables.delete({ databaseId, tableId: one.tableId })
        else if (one.operation !== null) await client.changes.undo({ databaseId, operation: one.operation })
      }
      await queryClient.invalidateQueries()
      toast.success('The import is undone')
      close()
    })
  }

  function open() {
    const [first] = result?.tables ?? []
    close()
    if (first) void navigate(paths.table(project.id, first.table))
  }

  const problem = draft && inspection ? draftProblem(draft, tables, inspection) : null
  const count = inspection?.records
  return (
    <Dialog open onOpenChange={(next) => !next && close()}>
      <DialogContent width={inspection && !progress ? 'xl' : 'lg'} className="top-[8vh]! max-h-[84vh]!">
        <DialogHeader>
          <DialogTitle>{result ? 'Imported' : table === null ? 'Import a file' : `Import into ${table}`}</DialogTitle>
          <DialogDescription>
            {sent && count
              ? `${sent.name}, ${formatBytes(sent.size)}, ${formatCount(count.count, count.estimated)} ${count.count === 1 ? 'record' : 'records'}`
              : 'CSV, TSV, JSON, NDJSON, Excel, and SQL of pg_dump.'}
          </DialogDescription>
        </DialogHeader>
        <DialogBody>
          {progress ? (
            <TransferProgressView progress={progress} onCancel={() => running.current?.abort()} />
          ) : result ? (
            <ImportResultView result={result} onSaveRejects={() => void saveRejects()} />
          ) : inspection && draft ? (
            <ImportPreview
              inspection={inspection}
              draft={draft}
              tables={tables}
              onChange={setDraft}
              onTable={(name) =>
                sent && setDraft({ ...draftFor(inspection, sent.name, tableNamed(name)), onReject: draft.onReject })
              }
              onOptions={inspectAgain}
            />
          ) : (
            <ImportSource onFile={(file) => void choose(file)} />
          )}
          {failure && !progress ? (
            <p role="alert" className="mt-4 text-danger">
              {failure}
            </p>
          ) : null}
        </DialogBody>
        <DialogFooter>
          {problem && !result && !progress ? (
            <p role="status" className="mr-auto text-text-muted">
              {problem}
            </p>
          ) : null}
          {result ? (
            <>
              {result.done && result.tables.length > 0 ? (
                <Button size="lg" className="mr-auto" onClick={() => void undo()}>
                  Undo the import
                </Button>
              ) : (
                <Button size="lg" className="mr-auto" onClick={() => setResult(null)}>
                  Back
                </Button>
              )}
              <Button size="lg" onClick={close}>
                Close
              </Button>
              {result.done && result.tables.length > 0 ? (
                <Button size="lg" variant="primary" onClick={open}>
                  Open {result.tables[0]?.table}
                </Button>
              ) : null}
            </>
          ) : (
            <>
              <Button size="lg" onClick={close}>
                Cancel
              </Button>
              {inspection && draft ? (
                <Button size="lg" variant="primary" disabled={problem !== null || progress !== null} onClick={run}>
                  {count && !count.estimated ? `Import ${countOf(count.count, 'record')}` : 'Import'}
                </Button>
              ) : null}
            </>
          )}
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}
