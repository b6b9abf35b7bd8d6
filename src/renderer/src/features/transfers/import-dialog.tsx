import { useCurrentProject } from '@renderer/app/current-project'
import { paths } from '@renderer/app/paths'
import { useApi } from '@renderer/bridge/api'
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
import type { FileOptions, Inspection } from '@shared/contract/transfers.contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { draftFor, draftProblem, type ImportDraft, targetOf } from './import-draft'
import { ImportPreview } from './import-preview'
import { ImportResultView } from './import-result'
import { ImportSource } from './import-source'
import { transferDialogs } from './transfer-dialogs'
import { fetchFile, saveBlob, sendFile } from './transfer-files'
import { TransferProgressView } from './transfer-progress'
import { imports } from './transfer-works'
import { useLongWork } from './use-long-work'

export interface ImportDialogProps {
  readonly databaseId: string
  /** Into this table, where it was asked for there. */
  readonly table: string | null
  readonly file: File | null
  readonly isHidden: boolean
  readonly onClose: () => void
}

interface SentFile {
  readonly id: string
  readonly name: string
  readonly size: number
}

/** A file, what it holds, where it goes, and what came of it. */
export function ImportDialog({ databaseId, table, file: given, isHidden, onClose }: ImportDialogProps) {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const { project } = useCurrentProject()
  const navigate = useNavigate()
  const { data } = useQuery(query.tables.list.queryOptions({ input: { databaseId } }))
  const tables = data?.tables ?? []
  const [sent, setSent] = useState<SentFile | null>(null)
  const [inspection, setInspection] = useState<Inspection | null>(null)
  const [draft, setDraft] = useState<ImportDraft | null>(null)
  const { progress, failure, result, run, cancel } = useLongWork(imports, databaseId)
  // A dialog that is made anew while an import runs knows nothing of its file.
  const [isImporting, setImporting] = useState(progress !== null)

  const tableNamed = (name: string | null) => tables.find(({ table_name }) => table_name === name) ?? null

  function choose(file: Blob & { readonly name?: string }) {
    const name = file.name ?? 'pasted'
    setImporting(false)
    return run('Sending the file', async ({ signal, tell, begin }) => {
      const id = await sendFile(client, databaseId, file, {
        signal,
        onProgress: (part) => tell({ step: 'Sending the file', part, rows: 0, rate: 0 }),
      })
      begin('Looking at the file')
      const seen = await client.transfers.inspect({ databaseId, file: id, options: {} }, { signal })
      setSent({ id, name, size: file.size })
      setInspection(seen)
      setDraft(draftFor(seen, name, tableNamed(table), tables))
      return undefined
    })
  }

  function inspectAgain(options: FileOptions) {
    if (!sent || !draft) return
    void run(null, async ({ signal }) => {
      const seen = await client.transfers.inspect({ databaseId, file: sent.id, options }, { signal })
      setInspection(seen)
      setDraft({ ...draftFor(seen, sent.name, tableNamed(draft.table), tables), onReject: draft.onReject })
      return undefined
    })
  }

  function importFile() {
    if (!sent || !draft || !inspection) return
    setImporting(true)
    void run('Beginning', async ({ signal, follow }) => {
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
      const imported = await follow(events)
      await queryClient.invalidateQueries()
      if (!transferDialogs.isHidden()) return imported
      const isClean = imported.done && imported.rejectedCount === 0 && imported.notes.length === 0
      if (!isClean) return imported
      toast.success(`${countOf(imported.inserted + imported.updated, 'record')} imported`)
      transferDialogs.close()
      return undefined
    })
  }

  const start = useRef(choose)
  start.current = choose
  const isReady = data !== undefined
  useEffect(() => {
    if (given && isReady) void start.current(given)
  }, [given, isReady])

  function close() {
    if (progress !== null && isImporting) return transferDialogs.hide(databaseId)
    end()
  }

  function end() {
    cancel()
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
    await run(null, async () => {
      for (const one of [...result.tables].reverse()) {
        if (one.created) await client.tables.delete({ databaseId, tableId: one.tableId })
        else if (one.operation !== null) await client.changes.undo({ databaseId, operation: one.operation })
      }
      await queryClient.invalidateQueries()
      toast.success('The import is undone')
      end()
      return undefined
    })
  }

  function open() {
    const [first] = result?.tables ?? []
    end()
    if (first) void navigate(paths.table(project.id, first.table))
  }

  const problem = draft && inspection ? draftProblem(draft, tables, inspection) : null
  const count = inspection?.records
  return (
    <Dialog open={!isHidden} onOpenChange={(next) => !next && close()}>
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
            <TransferProgressView progress={progress} onCancel={cancel} />
          ) : result ? (
            <ImportResultView result={result} onSaveRejects={() => void saveRejects()} />
          ) : inspection && draft ? (
            <ImportPreview
              inspection={inspection}
              draft={draft}
              tables={tables}
              onChange={setDraft}
              onTable={(name) =>
                sent &&
                setDraft({ ...draftFor(inspection, sent.name, tableNamed(name), tables), onReject: draft.onReject })
              }
              onOptions={inspectAgain}
            />
          ) : (
            <ImportSource onFile={(file) => void choose(file)} />
          )}
        </DialogBody>
        <DialogFooter>
          {failure && !progress ? (
            <p role="alert" className="mr-auto min-w-0 text-danger">
              {failure}
            </p>
          ) : problem && !result && !progress ? (
            <p role="status" className="mr-auto min-w-0 text-text-muted">
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
                <Button size="lg" className="mr-auto" onClick={() => (sent ? cancel() : end())}>
                  Back
                </Button>
              )}
              <Button size="lg" onClick={close}>
                Close
              </Button>
              {result.done && result.tables.length > 0 ? (
                <Button size="lg" variant="primary" className="max-w-72 min-w-0" onClick={open}>
                  <span className="truncate">Open {result.tables[0]?.table}</span>
                </Button>
              ) : null}
            </>
          ) : (
            <>
              <Button size="lg" onClick={close}>
                {progress === null ? 'Cancel' : isImporting ? 'Go on in the background' : 'Close'}
              </Button>
              {inspection && draft && !progress ? (
                <Button size="lg" variant="primary" disabled={problem !== null} onClick={importFile}>
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
