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
import { Checkbox, TextInput } from '@renderer/ui/field'
import { countOf } from '@renderer/ui/figures'
import { Skeleton } from '@renderer/ui/skeleton'
import { templateEdits } from '@shared/templates/template'
import { RadioGroup } from 'radix-ui'
import { useRef, useState } from 'react'
import { useActions } from './canvas-actions'
import { TemplatePreview } from './template-preview'
import { type GalleryItem, matchesSearch, useGallery } from './template-tables'
import { waitingSamples } from './waiting-samples'

export interface TemplatesDialogProps {
  readonly databaseId: string
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** The gallery: a database to begin with, as a draft on the canvas. */
export function TemplatesDialog({ databaseId, open, onOpenChange }: TemplatesDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent width="xl" className="top-[6vh] h-[86vh] max-h-[86vh]">
        <Gallery databaseId={databaseId} onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  )
}

function Gallery({ databaseId, onDone }: { readonly databaseId: string; readonly onDone: () => void }) {
  const actions = useActions()
  const { data: items } = useGallery()
  const [search, setSearch] = useState('')
  const [picked, setPicked] = useState<string | null>(null)
  const [withSamples, setWithSamples] = useState(true)
  const cards = useRef<HTMLDivElement>(null)
  const found = items?.filter((item) => matchesSearch(item, search)) ?? []
  const chosen = found.find(({ template }) => template.id === picked) ?? null

  function add({ template }: GalleryItem) {
    const taken = actions.schema.tables.map(({ name }) => name)
    const edits = templateEdits(template, taken)
    if (!actions.addByEdits(edits, undefined, `Add template ${template.name}`)) return
    if (withSamples) {
      const waits = waitingSamples(databaseId)
      waits.write([...waits.read(), { template: template.id, taken }])
    }
    onDone()
  }

  return (
    <>
      <DialogHeader>
        <DialogTitle>Start from a template</DialogTitle>
        <DialogDescription>
          Its tables come onto the canvas as a draft: look at them, change them, then apply them.
        </DialogDescription>
      </DialogHeader>
      <div className="px-5 pt-3">
        <TextInput
          size="lg"
          aria-label="Find a template"
          placeholder="Find a template: shop, booking, tickets"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown' || event.key === 'Enter') {
              event.preventDefault()
              const [first] = found
              if (first) setPicked(first.template.id)
              cards.current?.querySelector<HTMLElement>('[role=radio]')?.focus()
            }
          }}
        />
      </div>
      <DialogBody>
        {!items ? (
          <GallerySkeleton />
        ) : found.length === 0 ? (
          <p className="py-8 text-center text-text-muted">No template has that in its name or its tables.</p>
        ) : (
          <RadioGroup.Root
            ref={cards}
            aria-label="Templates"
            value={picked ?? ''}
            onValueChange={setPicked}
            className="grid grid-cols-[repeat(auto-fill,minmax(16rem,1fr))] gap-3"
          >
            {found.map((item) => (
              <TemplateCard key={item.template.id} item={item} onAdd={() => add(item)} />
            ))}
          </RadioGroup.Root>
        )}
      </DialogBody>
      <DialogFooter>
        <div className="mr-auto">
          <Checkbox
            label={
              chosen
                ? `With its ${countOf(chosen.records, 'sample record')}, once it is applied`
                : 'With sample records'
            }
            checked={withSamples}
            onCheckedChange={(checked) => setWithSamples(checked === true)}
          />
        </div>
        <DialogClose asChild>
          <Button size="lg">Cancel</Button>
        </DialogClose>
        <Button size="lg" variant="primary" disabled={!chosen} onClick={() => chosen && add(chosen)}>
          {chosen ? `Add ${countOf(chosen.tables.length, 'table')}` : 'Add tables'}
        </Button>
      </DialogFooter>
    </>
  )
}

function TemplateCard({ item, onAdd }: { readonly item: GalleryItem; readonly onAdd: () => void }) {
  const { template, tables, records } = item
  return (
    <RadioGroup.Item
      value={template.id}
      aria-label={`${template.name}: ${template.sentence}`}
      className="group/card flex min-w-0 flex-col overflow-hidden rounded-md border border-border bg-bg text-left transition-colors hover:border-border-strong data-[state=checked]:border-accent data-[state=checked]:outline-2 data-[state=checked]:outline-accent/35"
      onDoubleClick={onAdd}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onAdd()
      }}
    >
      <span className="block h-40 w-full border-b border-border bg-bg-subtle p-3">
        <TemplatePreview tables={tables} />
      </span>
      <span className="flex flex-1 flex-col gap-0.5 px-3 py-2.5">
        <span className="font-semibold">{template.name}</span>
        <span className="flex-1 text-text-muted">{template.sentence}</span>
        <span className="mt-1 text-sm text-text-muted tabular-nums">
          {countOf(tables.length, 'table')}, {countOf(records, 'sample record')}
        </span>
      </span>
    </RadioGroup.Item>
  )
}

function GallerySkeleton() {
  return (
    <div aria-busy="true" className="grid grid-cols-[repeat(auto-fill,minmax(16rem,1fr))] gap-3">
      {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
        <Skeleton key={key} className="h-64 rounded-md" />
      ))}
    </div>
  )
}
