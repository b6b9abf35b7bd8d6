import { Dialog, DialogContent, DialogTitle } from '@renderer/ui/dialog'
import type { Table } from '@shared/contract/tables.contract'

export interface EditColumnsDialogProps {
  readonly databaseId: string
  readonly table: Table
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

export function EditColumnsDialog({ table, open, onOpenChange }: EditColumnsDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent width="lg">
        <DialogTitle>Edit columns of {table.table_name}</DialogTitle>
      </DialogContent>
    </Dialog>
  )
}
