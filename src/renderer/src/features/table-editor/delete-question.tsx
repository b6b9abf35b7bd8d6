import { ConfirmDialog } from '@renderer/ui/dialog'
import { countOf } from '@renderer/ui/figures'
import { useLast } from '@renderer/ui/use-last'

export interface DeleteQuestionProps {
  /** How many records; null while nothing is asked. */
  readonly deleting: number | null
  /** "every record of people" */
  readonly what: string
  readonly onClose: () => void
  readonly onDelete: () => Promise<void>
}

/** Asks before many records go at once. */
export function DeleteQuestion({ deleting, what, onClose, onDelete }: DeleteQuestionProps) {
  const verb = `Delete ${countOf(useLast(deleting) ?? 0, 'record')}`
  return (
    <ConfirmDialog
      open={deleting !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`${verb}?`}
      description={`This deletes ${what}. It can be undone.`}
      confirm={verb}
      danger
      onConfirm={onDelete}
    />
  )
}
