import { Button } from '@renderer/ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@renderer/ui/menu'
import { ArrowDownUp, Copy, FileCode, FileImage, FileUp, LayoutTemplate } from 'lucide-react'
import { useExports } from './use-exports'

export interface FileMenuProps {
  readonly onImport: () => void
  readonly onTemplates: () => void
}

/** The draft as a file: a picture, or text; and tables from one, or from a template. */
export function FileMenu({ onImport, onTemplates }: FileMenuProps) {
  const exports = useExports()
  return (
    <DropdownMenu>
      <DropdownMenuTrigger>
        <Button variant="ghost" icon={ArrowDownUp} title="Import and export">
          <span className="max-xl:sr-only">Import and export</span>
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuItem icon={LayoutTemplate} onSelect={onTemplates}>
          Start from a template
        </DropdownMenuItem>
        <DropdownMenuItem icon={FileUp} onSelect={onImport}>
          Import SQL or DBML
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuLabel>Save as a file</DropdownMenuLabel>
        {exports.map(({ label, kind, save }) => (
          <DropdownMenuItem key={label} icon={kind === 'picture' ? FileImage : FileCode} onSelect={save}>
            Save as {label}
          </DropdownMenuItem>
        ))}
        <DropdownMenuSeparator />
        <DropdownMenuLabel>Copy as text</DropdownMenuLabel>
        {exports.map(({ label, copy }) =>
          copy ? (
            <DropdownMenuItem key={label} icon={Copy} onSelect={copy}>
              Copy as {label}
            </DropdownMenuItem>
          ) : null,
        )}
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
