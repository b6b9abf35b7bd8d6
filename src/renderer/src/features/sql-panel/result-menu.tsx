import {
  ContextMenuContent,
  ContextMenuItem,
  ContextMenuSeparator,
  ContextMenuSub,
  ContextMenuSubContent,
  ContextMenuSubTrigger,
} from '@renderer/ui/menu'
import { Copy, Pencil } from 'lucide-react'
import type { CopyForm } from './copy-rows'

const forms: readonly (readonly [CopyForm, string])[] = [
  ['csv', 'CSV'],
  ['json', 'JSON'],
  ['markdown', 'Markdown'],
  ['insert', 'INSERT'],
]

export function ResultMenu(props: {
  readonly canEdit: boolean
  readonly notEditable: string | null
  readonly onCopy: (form: CopyForm, headers: boolean) => void
  readonly onEdit: () => void
}) {
  return (
    <ContextMenuContent>
      <ContextMenuItem icon={Copy} shortcut="Mod+C" onSelect={() => props.onCopy('tsv', false)}>
        Copy
      </ContextMenuItem>
      <ContextMenuItem onSelect={() => props.onCopy('tsv', true)}>Copy with headers</ContextMenuItem>
      <ContextMenuSub>
        <ContextMenuSubTrigger>Copy as</ContextMenuSubTrigger>
        <ContextMenuSubContent>
          {forms.map(([form, label]) => (
            <ContextMenuItem key={form} onSelect={() => props.onCopy(form, true)}>
              {label}
            </ContextMenuItem>
          ))}
        </ContextMenuSubContent>
      </ContextMenuSub>
      <ContextMenuSeparator />
      <ContextMenuItem icon={Pencil} shortcut="Enter" onSelect={props.onEdit}>
        {props.canEdit ? 'Edit cell' : 'Show cell'}
      </ContextMenuItem>
      {props.notEditable ? (
        <p className="max-w-70 px-2 pt-1 pb-1.5 text-sm text-text-muted">Not editable: {props.notEditable}</p>
      ) : null}
    </ContextMenuContent>
  )
}
