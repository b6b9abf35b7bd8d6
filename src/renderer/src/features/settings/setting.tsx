import type { ReactNode } from 'react'

/** A titled group of settings, in a box. */
export function SettingsGroup(props: { readonly id: string; readonly title: string; readonly children: ReactNode }) {
  return (
    <section id={props.id} aria-label={props.title} className="scroll-mt-6">
      <h2 className="mb-2 text-lg font-semibold">{props.title}</h2>
      <div className="divide-y divide-border overflow-hidden rounded-lg border border-border bg-bg-raised">
        {props.children}
      </div>
    </section>
  )
}

/** One line: what it is at the left, the control or the value at the right. */
export function Setting(props: { readonly label: string; readonly hint?: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="flex min-h-12 items-center justify-between gap-6 px-4 py-2.5">
      <div className="min-w-0 shrink-0 basis-2/5">
        <p className="font-medium">{props.label}</p>
        {props.hint ? <p className="text-text-muted">{props.hint}</p> : null}
      </div>
      <div className="flex min-w-0 items-center justify-end gap-1">{props.children}</div>
    </div>
  )
}
