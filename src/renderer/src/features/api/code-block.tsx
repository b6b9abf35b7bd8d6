import { CopyButton } from '@renderer/ui/copy-button'

/** Text to copy and run. */
export function CodeBlock({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div className="relative rounded-md border border-border bg-bg-subtle">
      <pre className="p-3 pr-10 font-mono text-sm wrap-anywhere whitespace-pre-wrap select-text">{text}</pre>
      <CopyButton text={text} label={label} className="absolute top-1.5 right-1.5 bg-bg-subtle" />
    </div>
  )
}

/** Hands a text over as a file. */
export function saveText(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}
