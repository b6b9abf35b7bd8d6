import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { IconButton } from './button'
import { cn } from './cn'
import { overlayLooks } from './dialog'
import { focusPanel, useReturnFocus } from './return-focus'

export function Sheet(props: ComponentProps<typeof Radix.Root>) {
  return <Radix.Root {...props} />
}

export interface SheetContentProps extends Omit<ComponentProps<typeof Radix.Content>, 'title'> {
  readonly title: ReactNode
  readonly description?: ReactNode
}

/** A panel from the right edge over the whole height. */
export function SheetContent({ title, description, className, children, ...rest }: SheetContentProps) {
  const focus = useReturnFocus({ onOpenAutoFocus: focusPanel, ...rest })
  return (
    <Radix.Portal>
      <Radix.Overlay className={overlayLooks} />
      <Radix.Content
        {...(description ? {} : { 'aria-describedby': undefined })}
        tabIndex={-1}
        className={cn(
          'fixed inset-y-0 right-0 z-40 flex w-110 max-w-[92vw] flex-col border-l border-border bg-bg-raised shadow-float outline-none data-[state=closed]:animate-sheet-out data-[state=open]:animate-sheet-in',
          className,
        )}
        {...rest}
        {...focus}
      >
        <div className="flex items-start gap-2 border-b border-border px-4 py-3">
          <div className="min-w-0 flex-1">
            <Radix.Title className="truncate text-lg font-semibold">{title}</Radix.Title>
            {description ? <Radix.Description className="text-text-muted">{description}</Radix.Description> : null}
          </div>
          <Radix.Close asChild>
            <IconButton label="Close" icon={X} size="sm" />
          </Radix.Close>
        </div>
        {children}
      </Radix.Content>
    </Radix.Portal>
  )
}
