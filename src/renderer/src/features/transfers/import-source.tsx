import { Button } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { Field, TextArea } from '@renderer/ui/field'
import { FileUp } from 'lucide-react'
import { useRef, useState } from 'react'

/** Where the rows come from: a file that is chosen or dropped, or text that is pasted. */
export function ImportSource({ onFile }: { readonly onFile: (file: Blob & { readonly name?: string }) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [text, setText] = useState('')
  return (
    <div className="flex flex-col gap-5">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button within is the first */}
      <div
        className={cn(
          'flex flex-col items-center gap-1 rounded-lg border border-dashed px-6 py-10 text-center transition-colors',
          over ? 'border-accent bg-selection' : 'border-border-strong bg-bg-subtle',
        )}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          const [file] = event.dataTransfer.files
          if (file) onFile(file)
        }}
      >
        <span className="mb-2 flex size-10 items-center justify-center rounded-lg border border-border bg-bg-raised text-text-muted">
          <FileUp aria-hidden className="size-5" />
        </span>
        <p className="font-semibold">Drop a file here</p>
        <p className="text-text-muted">Its size does not matter: it is read in pieces.</p>
        <Button variant="primary" className="mt-3" onClick={() => input.current?.click()}>
          Choose a file
        </Button>
        <input
          ref={input}
          type="file"
          aria-label="File to import"
          tabIndex={-1}
          className="sr-only"
          accept=".csv,.tsv,.tab,.txt,.json,.ndjson,.jsonl,.xlsx,.sql,.dump"
          onChange={(event) => {
            const [file] = event.target.files ?? []
            event.target.value = ''
            if (file) onFile(file)
          }}
        />
      </div>
      <Field label="Or paste rows" hint="From a spreadsheet, or as CSV or JSON.">
        <TextArea mono rows={5} value={text} onChange={(event) => setText(event.target.value)} />
      </Field>
      <div className="flex justify-end">
        <Button disabled={text.trim() === ''} onClick={() => onFile(new Blob([text], { type: 'text/plain' }))}>
          Read the pasted rows
        </Button>
      </div>
    </div>
  )
}
