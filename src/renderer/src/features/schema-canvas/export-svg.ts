import type { DatabaseSchema } from '@shared/domain/schema-edit'
import type { CanvasLayout } from './canvas-layout'
import { endMark, relationPath } from './relation-path'
import { around, headerHeight, rowHeight, rowMiddle, tableBox, tableWidth } from './table-geometry'

/** The colours of the theme in force, by the names of its tokens. */
export type Colours = (token: string) => string

const margin = 48

/**
 * The whole schema as a picture, as the canvas draws it near: a file of its own, without scripts, styles or fonts that
 * would have to be fetched.
 */
export function schemaSvg(schema: DatabaseSchema, layout: CanvasLayout, colour: Colours): string {
  const boxes = new Map(
    schema.tables.map((table) => [table.name, tableBox(layout.tables[table.name] ?? { x: 0, y: 0 }, table)]),
  )
  const frame = around([...boxes.values(), ...Object.values(layout.areas), ...Object.values(layout.notes)])
  const { x, y, width, height } = frame ?? { x: 0, y: 0, width: 1, height: 1 }
  const view = { x: x - margin, y: y - margin, width: width + margin * 2, height: height + margin * 2 }
  const body = [
    rect(view, { fill: colour('bg') }),
    ...Object.values(layout.areas).map((area) =>
      [
        rect(area, {
          fill: colour(hues[area.hue]),
          'fill-opacity': 0.08,
          stroke: colour(hues[area.hue]),
          'stroke-opacity': 0.5,
          rx: 10,
        }),
        text(area.x + 12, area.y + 23, area.name, { fill: colour('text-muted'), 'font-weight': 600 }),
      ].join(''),
    ),
    ...schema.tables.flatMap((table) =>
      table.columns.flatMap((column, index) => {
        const source = boxes.get(table.name)
        const target = column.references && boxes.get(column.references.table)
        if (!source || !target || !column.references) return []
        const key = schema.tables
          .find(({ name }) => name === column.references?.table)
          ?.columns.findIndex(({ name }) => name === column.references?.column)
        const path = relationPath({
          sourceX: source.x,
          sourceY: source.y + rowMiddle(index),
          targetX: target.x,
          targetY: target.y + rowMiddle(key ?? -1),
        })
        const marks = endMark(path.source, column.unique ? 'one' : 'many') + endMark(path.target, 'one')
        return [
          tag('path', { d: path.line + marks, fill: 'none', stroke: colour('border-strong'), 'stroke-width': 1.25 }),
        ]
      }),
    ),
    ...schema.tables.map((table) => {
      const box = boxes.get(table.name)
      if (!box) return ''
      const rows = table.columns.map((column, index) => {
        const middle = box.y + headerHeight + index * rowHeight + rowHeight / 2
        const isKey = column.primary_key === true
        return [
          text(box.x + 14, middle + 4, column.name, {
            fill: colour(column.references ? 'accent-text' : 'text'),
            'font-weight': isKey ? 600 : 400,
          }),
          text(
            box.x + tableWidth - 12,
            middle + 4,
            `${column.unique ? 'U  ' : ''}${column.type}${column.required || isKey ? '' : '?'}`,
            {
              fill: colour('text-muted'),
              'text-anchor': 'end',
              'font-size': 11,
              'font-family': 'JetBrains Mono Variable, ui-monospace, monospace',
            },
          ),
        ].join('')
      })
      return [
        rect(box, { fill: colour('bg-raised'), stroke: colour('border-strong'), rx: 6 }),
        tag('path', { d: `M${box.x},${box.y + headerHeight}h${tableWidth}`, stroke: colour('border') }),
        text(box.x + 14, box.y + headerHeight / 2 + 5, table.name, { fill: colour('text'), 'font-weight': 600 }),
        ...rows,
      ].join('')
    }),
    ...Object.values(layout.notes).map((note) =>
      [
        rect(note, { fill: colour('warning-subtle'), stroke: colour('warning'), 'stroke-opacity': 0.5, rx: 6 }),
        ...wrapped(note.text, note.width - 24).map((line, index) =>
          text(note.x + 12, note.y + 22 + index * 20, line, { fill: colour('text') }),
        ),
      ].join(''),
    ),
  ].join('\n')
  const size = `width="${view.width}" height="${view.height}" viewBox="${view.x} ${view.y} ${view.width} ${view.height}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="Inter Variable, Inter, system-ui, sans-serif" font-size="13">\n${body}\n</svg>\n`
}

const hues = {
  grey: 'text-muted',
  blue: 'type-integer',
  green: 'success',
  amber: 'warning',
  red: 'danger',
  violet: 'conflict',
} as const

type Attributes = Readonly<Record<string, string | number>>

function tag(name: string, attributes: Attributes, content?: string): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join('')
  return content === undefined ? `<${name}${written}/>` : `<${name}${written}>${escaped(content)}</${name}>`
}

function rect(
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  more: Attributes,
): string {
  return tag('rect', { x, y, width, height, ...more })
}

function text(x: number, y: number, content: string, more: Attributes): string {
  return tag('text', { x, y, ...more }, content)
}

function escaped(content: string): string {
  return content.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign)
}

/** Lines that fit, by an average letter: SVG breaks none by itself. */
function wrapped(content: string, width: number): readonly string[] {
  const letters = Math.max(8, Math.floor(width / 6.6))
  return content.split('\n').flatMap((line) => {
    const lines: string[] = ['']
    for (const word of line.split(' ')) {
      const last = lines.at(-1) ?? ''
      if (last !== '' && last.length + 1 + word.length > letters) lines.push(word)
      else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
    }
    return lines
  })
}

/** The colours of the page as it is shown now. */
export function pageColours(): Colours {
  const style = getComputedStyle(document.documentElement)
  return (token) => style.getPropertyValue(`--${token}`).trim()
}
