import { Button } from '@renderer/ui/button'
import { CopyButton } from '@renderer/ui/copy-button'
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
  DialogTrigger,
} from '@renderer/ui/dialog'
import type { SentRequest } from '@shared/contract/assistant.contract'
import { useRef } from 'react'

/** A button that shows every request as it left this machine. */
export function SentRequests({ requests }: { readonly requests: readonly SentRequest[] }) {
  const first = useRef<HTMLPreElement>(null)
  if (requests.length === 0) return null
  return (
    <Dialog>
      <DialogTrigger asChild>
        <Button size="sm" variant="ghost">
          What was sent
        </Button>
      </DialogTrigger>
      <DialogContent
        width="lg"
        // The button to copy would open its tooltip, and Escape would close that first.
        onOpenAutoFocus={(event) => {
          event.preventDefault()
          first.current?.focus()
        }}
      >
        <DialogHeader>
          <DialogTitle>What was sent</DialogTitle>
          <DialogDescription>
            The body of each request, exactly as it left this machine. The key goes in a header, and is shown nowhere.
          </DialogDescription>
        </DialogHeader>
        <DialogBody className="flex flex-col gap-4">
          {requests.map(({ address, body }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two requests can be equal
            <section key={index} aria-label={`Request ${index + 1}`} className="flex min-w-0 flex-col gap-1.5">
              <div className="flex items-center gap-2">
                <h3 className="min-w-0 flex-1 truncate font-mono text-sm">{address}</h3>
                <CopyButton text={body} label="Copy the request" size="sm" />
              </div>
              <pre
                // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and a keyboard must reach it
                tabIndex={0}
                ref={index === 0 ? first : undefined}
                className="max-h-80 overflow-auto rounded-md border border-border bg-bg-subtle p-3 font-mono text-sm whitespace-pre-wrap break-words"
              >
                {readable(body)}
              </pre>
            </section>
          ))}
        </DialogBody>
      </DialogContent>
    </Dialog>
  )
}

/** The same JSON with line breaks. */
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2).replaceAll('\\n', '\n')
  } catch {
    return body
  }
}
