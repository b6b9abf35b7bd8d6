import { Button } from '@renderer/ui/button'
import { CopyButton } from '@renderer/ui/copy-button'
import { Dialog, DialogBody, DialogContent, DialogHeader, DialogTitle } from '@renderer/ui/dialog'
import { Select } from '@renderer/ui/select'
import { migrationSql } from '@shared/domain/schema-sql/migration-sql'
import { ArrowRight } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useActions } from './canvas-actions'
import { useVersions } from './use-versions'
import type { VersionPath } from './version-path'

export interface CompareBarProps {
  readonly databaseId: string
  readonly from: number
  readonly to: number
  readonly path: VersionPath | null
}

/** Over a canvas that shows two versions at once: which ones, and the SQL between them. */
export function CompareBar({ databaseId, from, to, path }: CompareBarProps) {
  const { ui } = useActions()
  const { data } = useVersions(databaseId)
  const [showsSql, setShowsSql] = useState(false)
  const versions = data?.pages.flatMap((page) => page.versions) ?? []
  const options = versions.map(({ number, name }) => ({
    value: String(number),
    label: name === null ? `Version ${number}` : `${number} ${name}`,
  }))
  // The state before the first version that was kept can be compared too.
  const all = options.some(({ value }) => value === '0')
    ? options
    : [...options, { value: '0', label: 'The beginning' }]
  return (
    <section
      aria-label="Comparison"
      className="absolute top-3 left-1/2 z-10 flex max-w-[calc(100%-1.5rem)] -translate-x-1/2 items-center gap-2 rounded-lg border border-border bg-bg-raised p-1.5 shadow-float"
    >
      <Select
        aria-label="From version"
        value={String(from)}
        options={all}
        className="w-36!"
        onValueChange={(value) => ui.set({ compared: { from: Number(value), to } })}
      />
      <ArrowRight aria-hidden className="size-3.5 shrink-0 text-text-muted" />
      <Select
        aria-label="To version"
        value={String(to)}
        options={all}
        className="w-36!"
        onValueChange={(value) => ui.set({ compared: { from, to: Number(value) } })}
      />
      <span className="flex items-center gap-2.5 px-1 text-sm text-text-muted max-lg:hidden">
        <Dot className="bg-success" word="new" />
        <Dot className="bg-warning" word="changed" />
        <Dot className="bg-danger" word="gone" />
      </span>
      <Button disabled={path === null} onClick={() => setShowsSql(true)}>
        SQL
      </Button>
      <Button variant="ghost" onClick={() => ui.set({ compared: null })}>
        Back to the draft
      </Button>
      <Dialog open={showsSql && path !== null} onOpenChange={setShowsSql}>
        <DialogContent width="lg">{path ? <PathSql path={path} from={from} to={to} /> : null}</DialogContent>
      </Dialog>
    </section>
  )
}

function Dot({ className, word }: { readonly className: string; readonly word: string }) {
  return (
    <span className="flex items-center gap-1">
      <span aria-hidden className={`size-2 rounded-full ${className}`} />
      {word}
    </span>
  )
}

function PathSql({ path, from, to }: { readonly path: VersionPath; readonly from: number; readonly to: number }) {
  const { up, down } = useMemo(() => migrationSql(path.from, path.edits), [path])
  return (
    <>
      <DialogHeader>
        <DialogTitle>
          SQL between versions {from} and {to}
        </DialogTitle>
      </DialogHeader>
      <DialogBody className="flex flex-col gap-4">
        <Script title={`From ${from} to ${to}`} text={up} />
        <Script title={`Back from ${to} to ${from}`} text={down} />
      </DialogBody>
    </>
  )
}

export function Script({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-1 font-medium">{title}</h3>
      <div className="relative rounded-md border border-border bg-bg-subtle">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keys */}
        <pre tabIndex={0} className="max-h-60 overflow-auto px-3 py-2 pr-10 font-mono text-sm leading-5">
          {text === '' ? '-- Nothing to do' : text}
        </pre>
        <CopyButton text={text} label={`Copy: ${title}`} className="absolute top-1.5 right-3" />
      </div>
    </section>
  )
}
