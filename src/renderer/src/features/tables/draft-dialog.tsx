import { Button } from '@renderer/ui/button'
import { ConfirmDialog, Dialog, DialogContent, DialogFooter } from '@renderer/ui/dialog'
import { Kbd } from '@renderer/ui/kbd'
import { type ReactNode, useRef, useState } from 'react'

export interface DraftDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
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
export function DraftDialog({ open, onOpenChange, children }: DraftDialogProps) {
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
          width="lg"
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

export interface DraftFooterProps {
  readonly action: string
  readonly danger?: boolean
  readonly disabled: boolean
  /** A failure of the whole, or what is in the way. */
  readonly children?: ReactNode
  readonly onCancel: () => void
  readonly onAction: () => void
}

export function DraftFooter(props: DraftFooterProps) {
  return (
    <DialogFooter>
      <div className="min-w-0 flex-1 text-sm">{props.children}</div>
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
  )
}
