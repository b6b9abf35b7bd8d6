import { useCommands } from '@renderer/app/commands'
import { useCurrentProject } from '@renderer/app/current-project'
import { toast } from '@renderer/ui/toast'
import { schemaMarkdown } from '@shared/domain/schema-text/schema-markdown'
import { useMemo } from 'react'
import { useActions } from './canvas-actions'
import { download, svgToPng } from './export-png'
import { pageColours, schemaSvg } from './export-svg'
import { dbmlLanguage, sqlLanguage } from './schema-text'

export interface SchemaExport {
  readonly label: string
  readonly kind: 'picture' | 'text'
  readonly save: () => void
  /** Into the clipboard; only of texts. */
  readonly copy: (() => void) | null
}

/** The draft as a picture or a text, to save and to copy; the palette has the same. */
export function useExports(): readonly SchemaExport[] {
  const { store } = useActions()
  const { project } = useCurrentProject()
  const { name } = project
  const exports = useMemo((): readonly SchemaExport[] => {
    const base = fileName(name)
    const schema = () => store.state().schema
    const svg = () => schemaSvg(schema(), store.state().layout, pageColours())
    const text = (label: string, extension: string, print: () => string): SchemaExport => ({
      label,
      kind: 'text',
      save: () => saveText(`${base}.${extension}`, print()),
      copy: () => void copyText(print(), label),
    })
    return [
      { label: 'PNG', kind: 'picture', save: () => void savePng(`${base}.png`, svg()), copy: null },
      { label: 'SVG', kind: 'picture', save: () => saveText(`${base}.svg`, svg(), 'image/svg+xml'), copy: null },
      text('SQL', 'sql', () => sqlLanguage.print(schema())),
      text('DBML', 'dbml', () => dbmlLanguage.print(schema())),
      text('Markdown', 'md', () => schemaMarkdown(schema(), name)),
    ]
  }, [store, name])
  useCommands(
    exports.flatMap(({ label, save, copy }) => [
      { id: `schema.save.${label}`, title: `Save the schema as ${label}`, group: 'Schema', run: save } as const,
      ...(copy
        ? [{ id: `schema.copy.${label}`, title: `Copy the schema as ${label}`, group: 'Schema', run: copy } as const]
        : []),
    ]),
  )
  return exports
}

function fileName(project: string): string {
  const plain = project.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '')
  return plain.toLowerCase() || 'schema'
}

async function savePng(file: string, svg: string): Promise<void> {
  try {
    download(file, await svgToPng(svg))
    toast.success(`Saved ${file}`)
  } catch (error) {
    toast.error(`${error instanceof Error ? error.message : ''} Save it as SVG instead.`.trim())
  }
}

function saveText(file: string, text: string, type = 'text/plain'): void {
  download(file, new Blob([text], { type }))
  toast.success(`Saved ${file}`)
}

async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    toast.success(`${what} copied`)
  } catch {
    toast.error('The clipboard refused the text. Save it as a file instead.')
  }
}
