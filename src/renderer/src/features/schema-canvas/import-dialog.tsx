import { useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import {
  Dialog,
  DialogBody,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@renderer/ui/dialog'
import { Field, TextArea } from '@renderer/ui/field'
import { countOf } from '@renderer/ui/figures'
import { FileUp } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useActions } from './canvas-actions'
import { type FoundTables, readTables } from './import-text'
import { waitingIndexes } from './waiting-indexes'

export interface ImportDialogProps {
  readonly databaseId: string
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** Tables as SQL or DBML, pasted or from a file, onto the canvas. */
export function ImportDialog({ databaseId, open, onOpenChange }: ImportDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent width="lg">
        <ImportText databaseId={databaseId} onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  )
}

const restMs = 300

function ImportText({ databaseId, onDone }: { readonly databaseId: string; readonly onDone: () => void }) {
  const { client } = useApi()
  const actions = useActions()
  const [text, setText] = useState('')
  const [found, setFound] = useState<FoundTables | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const file = useRef<HTMLInputElement>(null)

  useEffect(() => {
    setFound(null)
    setProblem(null)
    if (text.trim() === '') return
    const controller = new AbortController()
    const timer = setTimeout(async () => {
      try {
        const read = await readTables(text, actions.schema, { client, databaseId, signal: controller.signal })
        if (!controller.signal.aborted) setFound(read)
      } catch (error) {
        if (!controller.signal.aborted) setProblem(error instanceof Error ? error.message : String(error))
      }
    }, restMs)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [text, client, databaseId, actions])

  async function read(chosen: File | undefined) {
    if (chosen) setText(await chosen.text())
  }
  const tables = found?.edits.filter(({ type }) => type === 'addTable').length ?? 0

  function add() {
    if (!found || !actions.addByEdits(found.edits, undefined, `Import ${countOf(tables, 'table')}`)) return
    const waits = waitingIndexes(databaseId)
    waits.write([...waits.read(), ...found.indexes])
    onDone()
  }

  return (
    <>
      <DialogHeader>
        <DialogTitle>Import tables</DialogTitle>
        <DialogDescription>
          From SQL (create statements, or a dump of pg_dump) or DBML. They become changes of the draft.
        </DialogDescription>
      </DialogHeader>
      <DialogBody
        className="flex flex-col gap-3"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          void read(event.dataTransfer.files[0])
        }}
      >
        <Field label="SQL or DBML" aside="Paste it, or drop a file here" error={problem}>
          <TextArea
            mono
            rows={12}
            value={text}
            placeholder="create table orders (id uuid primary key, total numeric(10,2));"
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
        {found ? (
          <div role="status" className="rounded-md bg-bg-subtle px-3 py-2">
            <p className="font-medium">
              {found.edits.length === 0
                ? 'There are no tables in it.'
                : `${found.language}: ${countOf(tables, 'table')} and ${countOf(found.edits.length - tables, 'further change')} found.`}
            </p>
            {found.indexes.length > 0 ? (
              <p>With them: {countOf(found.indexes.length, 'index', 'indexes')}, made when they are applied.</p>
            ) : null}
            {found.remarks.length > 0 ? (
              <ul className="mt-1 max-h-32 list-disc overflow-y-auto pl-5 text-text-muted">
                {found.remarks.map((remark) => (
                  <li key={remark}>{remark}</li>
                ))}
              </ul>
            ) : null}
          </div>
        ) : null}
      </DialogBody>
      <DialogFooter>
        <input
          ref={file}
          type="file"
          accept=".sql,.ddl,.dbml,.txt"
          aria-label="SQL or DBML file"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => void read(event.target.files?.[0])}
        />
        <Button size="lg" icon={FileUp} className="mr-auto" onClick={() => file.current?.click()}>
          Choose a file
        </Button>
        <DialogClose asChild>
          <Button size="lg">Cancel</Button>
        </DialogClose>
        <Button size="lg" variant="primary" disabled={!found || found.edits.length === 0} onClick={add}>
          {tables > 0 ? `Add ${countOf(tables, 'table')}` : 'Add tables'}
        </Button>
      </DialogFooter>
    </>
  )
}
