import { X } from 'lucide-react'
import { AlertDialog, Dialog as Radix } from 'radix-ui'
import { type ComponentProps, type ReactNode, useState } from 'react'
import { Button, IconButton } from './button'
import { cn } from './cn'
import { errorFacts } from './error-state'
import { useReturnFocus } from './return-focus'

export function Dialog(props: ComponentProps<typeof Radix.Root>) {
  return <Radix.Root {...props} />
}

export function DialogTrigger(props: ComponentProps<typeof Radix.Trigger>) {
  return <Radix.Trigger {...props} />
}

export function DialogClose(props: ComponentProps<typeof Radix.Close>) {
  return <Radix.Close {...props} />
}

export const overlayLooks =
  'fixed inset-0 z-40 bg-overlay data-[state=closed]:animate-overlay-out data-[state=open]:animate-overlay-in'

const panelLooks =
  'fixed left-1/2 top-[12vh] z-40 flex max-h-[76vh] w-[calc(100vw-2rem)] -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-border bg-bg-raised shadow-float outline-none data-[state=closed]:animate-overlay-out data-[state=open]:animate-overlay-in'

const dialogWidths = { sm: 'max-w-100', md: 'max-w-130', lg: 'max-w-190', xl: 'max-w-270' } as const

export interface DialogContentProps extends ComponentProps<typeof Radix.Content> {
  readonly width?: keyof typeof dialogWidths
}

/** Holds DialogHeader, the body in a DialogBody, and DialogFooter. */
export function DialogContent({ width = 'md', className, children, ...rest }: DialogContentProps) {
  const focus = useReturnFocus(rest)
  return (
    <Radix.Portal>
      <Radix.Overlay className={overlayLooks} />
      <Radix.Content
        aria-describedby={undefined}
        className={cn(panelLooks, dialogWidths[width], className)}
        {...rest}
        {...focus}
      >
        {children}
        <Radix.Close asChild>
          <IconButton label="Close" icon={X} size="sm" className="absolute right-3 top-3" />
        </Radix.Close>
      </Radix.Content>
    </Radix.Portal>
  )
}

export function DialogHeader({ className, ...rest }: ComponentProps<'div'>) {
  return <div className={cn('flex flex-col gap-1 px-5 pt-4 pr-12', className)} {...rest} />
}

export function DialogTitle({ className, ...rest }: ComponentProps<typeof Radix.Title>) {
  return <Radix.Title className={cn('text-lg font-semibold', className)} {...rest} />
}

export function DialogDescription({ className, ...rest }: ComponentProps<typeof Radix.Description>) {
  return <Radix.Description className={cn('text-text-muted', className)} {...rest} />
}

/** The part that scrolls when there is more than fits. */
export function DialogBody({ className, ...rest }: ComponentProps<'div'>) {
  return <div className={cn('min-h-0 flex-1 overflow-y-auto px-5 py-4', className)} {...rest} />
}

export function DialogFooter({ className, ...rest }: ComponentProps<'div'>) {
  return (
    <div
      className={cn('flex items-center justify-end gap-2 border-t border-border bg-bg-subtle px-5 py-3', className)}
      {...rest}
    />
  )
}

export interface ConfirmDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  readonly description: ReactNode
  /** A verb and its object: "Delete 3 records". */
  readonly confirm: string
  readonly danger?: boolean
  /** The dialog stays open, with the error in it, while this fails. */
  readonly onConfirm: () => void | Promise<void>
}

/** Asks before what cannot be undone. Where undo exists, do it and offer undo in a toast instead. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const focus = useReturnFocus()
  async function confirm() {
    setBusy(true)
    setFailure(null)
    try {
      await props.onConfirm()
      props.onOpenChange(false)
    } catch (error) {
      setFailure(errorFacts(error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <AlertDialog.Root
      open={props.open}
      onOpenChange={(open) => {
        setFailure(null)
        props.onOpenChange(open)
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={overlayLooks} />
        <AlertDialog.Content className={cn(panelLooks, dialogWidths.sm)} {...focus}>
          <div className="flex flex-col gap-1.5 px-5 py-4">
            <AlertDialog.Title className="text-lg font-semibold">{props.title}</AlertDialog.Title>
            <AlertDialog.Description asChild>
              <div className="text-text-muted">{props.description}</div>
            </AlertDialog.Description>
            {failure ? (
              <p role="alert" className="text-danger">
                {failure}
              </p>
            ) : null}
          </div>
          <DialogFooter>
            <AlertDialog.Cancel asChild>
              <Button size="lg">Cancel</Button>
            </AlertDialog.Cancel>
            <Button
              size="lg"
              variant={props.danger ? 'danger' : 'primary'}
              disabled={busy}
              onClick={() => void confirm()}
            >
              {props.confirm}
            </Button>
          </DialogFooter>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
