import { Button } from '@renderer/ui/button'
import {
  ConfirmDialog,
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@renderer/ui/dialog'
import { Kbd } from '@renderer/ui/kbd'
import { type ReactNode, useRef, useState } from 'react'

export interface DraftDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly width?: 'md' | 'lg'
  readonly children: (frame: DraftFrame) => ReactNode
}

/** What the form inside tells its dialog. */
export interface DraftFrame {
  /** Something would be lost by closing. */
  readonly setDirty: (dirty: boolean) => void
  /** Escape belongs to the column that is being moved. */
  readonly setDragging: (dragging: boolean) => void
  /** Closes without asking. */
  readonly done: () => void
  /** Closes, and asks when something would be lost. */
  readonly cancel: () => void
}

/** A dialog that does not throw away what was typed into it. */
export function DraftDialog({ open, onOpenChange, width = 'lg', children }: DraftDialogProps) {
  const dirty = useRef(false)
  const dragging = useRef(false)
  const [asking, setAsking] = useState(false)
  const done = () => {
    dirty.current = false
    onOpenChange(false)
  }
  const cancel = () => (dirty.current ? setAsking(true) : done())
  return (
    <>
      <Dialog open={open} onOpenChange={(next) => !next && cancel()}>
        <DialogContent
          width={width}
          className="top-[8vh] max-h-[84vh]"
          onEscapeKeyDown={(event) => {
            if (dragging.current) event.preventDefault()
          }}
        >
          {children({
            setDirty(value) {
              dirty.current = value
            },
            setDragging(value) {
              dragging.current = value
            },
            done,
            cancel,
          })}
        </DialogContent>
      </Dialog>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Discard what you have entered?"
        description="Nothing of it has been saved."
        confirm="Discard"
        danger
        onConfirm={done}
      />
    </>
  )
}

export interface DraftFormProps {
  readonly title: string
  readonly description: string
  /** A verb and its object: "Create table". */
  readonly action: string
  readonly danger?: boolean
  readonly disabled: boolean
  /** A failure of the whole, or what is in the way. */
  readonly note: ReactNode
  readonly onCancel: () => void
  /** Also on Mod+Enter from anywhere inside, whatever `disabled` says: it may show what is missing. */
  readonly onAction: () => void
  readonly children: ReactNode
}

/** What is in a DraftDialog: its title, what is filled in, and what is done with it. */
export function DraftForm(props: DraftFormProps) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut of everything inside
    <div
      className="contents"
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
        event.preventDefault()
        props.onAction()
      }}
    >
      <DialogHeader>
        <DialogTitle className="truncate">{props.title}</DialogTitle>
        <DialogDescription>{props.description}</DialogDescription>
      </DialogHeader>
      <DialogBody className="flex flex-col gap-4">{props.children}</DialogBody>
      <DialogFooter>
        <div className="min-w-0 flex-1 text-sm">{props.note}</div>
        <Button size="lg" onClick={props.onCancel}>
          Cancel
        </Button>
        <Button
          size="lg"
          variant={props.danger ? 'danger' : 'primary'}
          aria-disabled={props.disabled}
          aria-keyshortcuts="Control+Enter Meta+Enter"
          className="aria-disabled:opacity-50"
          onClick={() => !props.disabled && props.onAction()}
        >
          {props.action}
          <Kbd keys="Mod+Enter" className="ml-1 opacity-90" />
        </Button>
      </DialogFooter>
    </div>
  )
}

/** A failure of the whole. */
export function DraftFailure({ children }: { readonly children: string }) {
  return (
    <p role="alert" className="text-danger">
      {children}
    </p>
  )
}
