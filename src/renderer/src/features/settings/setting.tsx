import { cn } from '@renderer/ui/cn'
import { createContext, type ReactNode, useContext } from 'react'

const SearchContext = createContext('')

/** What is looked for among the settings; nothing is hidden while it is empty. */
export function SettingsSearch(props: { readonly text: string; readonly children: ReactNode }) {
  return <SearchContext value={props.text.trim().toLowerCase()}>{props.children}</SearchContext>
}

/** A titled group of settings, in a box. */
export function SettingsGroup(props: { readonly id: string; readonly title: string; readonly children: ReactNode }) {
  const wanted = useContext(SearchContext)
  const isMeant = props.title.toLowerCase().includes(wanted)
  return (
    <section
      id={props.id}
      aria-label={props.title}
      className={cn('scroll-mt-6', !isMeant && '[&:not(:has([data-setting]))]:hidden')}
    >
      <h2 className="mb-2 text-lg font-semibold">{props.title}</h2>
      <div className="divide-y divide-border overflow-hidden rounded-lg border border-border bg-bg-raised">
        <SearchContext value={isMeant ? '' : wanted}>{props.children}</SearchContext>
      </div>
    </section>
  )
}

/** One line: what it is at the left, the control or the value at the right. */
export function Setting(props: {
  readonly label: string
  readonly hint?: ReactNode
  /** Other words that it is found by. */
  readonly keywords?: string
  readonly children: ReactNode
}) {
  const wanted = useContext(SearchContext)
  const text = [props.label, typeof props.hint === 'string' ? props.hint : '', props.keywords ?? ''].join(' ')
  if (!text.toLowerCase().includes(wanted)) return null
  return (
    <div data-setting className="flex min-h-12 items-center justify-between gap-6 px-4 py-2.5">
      <div className="min-w-0 max-w-100 shrink-0 grow basis-2/5">
        <p className="font-medium">{props.label}</p>
        {props.hint ? <p className="text-text-muted">{props.hint}</p> : null}
      </div>
      <div className="flex min-w-0 items-center justify-end gap-1">{props.children}</div>
    </div>
  )
}
