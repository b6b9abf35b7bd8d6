import { Dialog, DialogContent, DialogTitle } from '@renderer/ui/dialog'
import type { Table } from '@shared/contract/tables.contract'

export interface NewTableDialogProps {
  readonly databaseId: string
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  /** Without it, the table editor opens on the new table. */
  readonly onCreated?: ((table: Table) => void) | undefined
}

export function NewTableDialog({ open, onOpenChange }: NewTableDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent width="lg">
        <DialogTitle>New table</DialogTitle>
      </DialogContent>
    </Dialog>
  )
}
