import { applyAll } from '@shared/domain/settle-edits'
import type { TableSchema } from '@shared/domain/table-schema'
import { templates } from '@shared/templates'
import { type Template, templateEdits } from '@shared/templates/template'
import { useQuery } from '@tanstack/react-query'

/** A template of the gallery with its tables as they will be. */
export interface GalleryItem {
  readonly template: Template
  readonly tables: readonly TableSchema[]
  /** How many sample records it has. */
  readonly records: number
}

/** Every template, loaded when the gallery is first opened. */
export function useGallery() {
  return useQuery({
    queryKey: ['schema-templates'],
    queryFn: async () => (await Promise.all(templates.map(({ load }) => load()))).map(galleryItem),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

function galleryItem(template: Template): GalleryItem {
  return {
    template,
    tables: applyAll({ tables: [] }, templateEdits(template, [])).tables,
    records: template.tables.reduce((sum, { rows }) => sum + rows.length, 0),
  }
}

/** By what it is called and for, and by its tables: all words somewhere. */
export function matchesSearch({ template, tables }: GalleryItem, search: string): boolean {
  const text = [template.name, template.sentence, ...tables.map(({ name }) => name)].join(' ').toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
