import { useCurrentProject } from '@renderer/app/current-project'
import { Button } from '@renderer/ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@renderer/ui/menu'
import { toast } from '@renderer/ui/toast'
import { schemaSql } from '@shared/domain/schema-sql/migration-sql'
import { ArrowDownUp, Copy, FileCode, FileImage, FileUp } from 'lucide-react'
import { useActions } from './canvas-actions'
import { download, svgToPng } from './export-png'
import { pageColours, schemaSvg } from './export-svg'

/** The draft as a file: a picture, or text; and tables from one. */
export function FileMenu({ onImport }: { readonly onImport: () => void }) {
  const { store } = useActions()
  const { project } = useCurrentProject()
  const base =
    project.name
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .toLowerCase() || 'schema'

  function svg(): string {
    const { schema, layout } = store.state()
    return schemaSvg(schema, layout, pageColours())
  }
  async function savePng() {
    try {
      download(`${base}.png`, await svgToPng(svg()))
      toast.success(`Saved ${base}.png`)
    } catch (error) {
      toast.error(`${error instanceof Error ? error.message : ''} Save it as SVG instead.`.trim())
    }
  }
  function saveText(extension: string, text: string, type = 'text/plain') {
    download(`${base}.${extension}`, new Blob([text], { type }))
    toast.success(`Saved ${base}.${extension}`)
  }
  async function copy(text: string, what: string) {
    try {
      await navigator.clipboard.writeText(text)
      toast.success(`${what} copied`)
    } catch {
      toast.error('The clipboard refused the text. Save it as a file instead.')
    }
  }
  const sql = () => schemaSql(store.state().schema)

  return (
    <DropdownMenu>
      <DropdownMenuTrigger>
        <Button variant="ghost" icon={ArrowDownUp} title="Import and export">
          <span className="max-xl:sr-only">Import and export</span>
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuItem icon={FileUp} onSelect={onImport}>
          Import SQL
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuLabel>Picture</DropdownMenuLabel>
        <DropdownMenuItem icon={FileImage} onSelect={() => void savePng()}>
          Save as PNG
        </DropdownMenuItem>
        <DropdownMenuItem icon={FileImage} onSelect={() => saveText('svg', svg(), 'image/svg+xml')}>
          Save as SVG
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuLabel>Text</DropdownMenuLabel>
        <DropdownMenuItem icon={FileCode} onSelect={() => saveText('sql', sql())}>
          Save as SQL
        </DropdownMenuItem>
        <DropdownMenuItem icon={Copy} onSelect={() => void copy(sql(), 'SQL')}>
          Copy as SQL
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
