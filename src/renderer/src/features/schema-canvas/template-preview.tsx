import type { TableSchema } from '@shared/domain/table-schema'
import { memo, useMemo } from 'react'
import { firstLayout } from './first-layout'
import { relationPath } from './relation-path'
import { around, tableBox, tableWidth } from './table-geometry'

/** Canvas pixels; the picture is about a quarter of that, so names are large. */
const header = 56
const nameSize = 36
/** More rows would only make the picture smaller. */
const mostRows = 5
const margin = 24

/** The tables of a template and how they refer to each other, as a small drawing. */
export const TemplatePreview = memo(function TemplatePreview({ tables }: { readonly tables: readonly TableSchema[] }) {
  const { shown, places, box } = useMemo(() => drawing(tables), [tables])
  if (!box) return null
  return (
    <svg
      aria-hidden
      viewBox={`${box.x - margin} ${box.y - margin} ${box.width + 2 * margin} ${box.height + 2 * margin}`}
      className="size-full"
    >
      {shown.flatMap((table) =>
        table.columns.flatMap(({ name: column, references }, index) => {
          const target = shown.find(({ name }) => name === references?.table)
          const from = places[table.name]
          const to = target && places[target.name]
          if (!references || !target || !from || !to) return []
          const end = target.columns.findIndex(({ name }) => name === references.column)
          const { line } = relationPath({
            sourceX: from.x,
            sourceY: from.y + rowMiddle(table, index),
            targetX: to.x,
            targetY: to.y + rowMiddle(target, end),
          })
          return (
            <path
              key={`${table.name}.${column}`}
              d={line}
              fill="none"
              className="stroke-accent"
              strokeWidth={1.25}
              vectorEffect="non-scaling-stroke"
            />
          )
        }),
      )}
      {shown.map((table) => {
        const place = places[table.name]
        return place ? <DrawnTable key={table.name} table={table} x={place.x} y={place.y} /> : null
      })}
    </svg>
  )
})

function DrawnTable({ table, x, y }: { readonly table: TableSchema; readonly x: number; readonly y: number }) {
  const { height } = tableBox({ x, y }, table)
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect
        width={tableWidth}
        height={height}
        rx={14}
        className="fill-bg-raised stroke-border-strong"
        strokeWidth={1}
        vectorEffect="non-scaling-stroke"
      />
      <path
        d={`M0,${header}V14A14,14 0 0 1 14,0H${tableWidth - 14}A14,14 0 0 1 ${tableWidth},14V${header}Z`}
        className="fill-bg-active"
      />
      <text
        x={14}
        y={header / 2 + nameSize * 0.34}
        fontSize={fittingSize(table.name)}
        className="fill-text font-medium"
      >
        {table.name}
      </text>
      {table.columns.map((column, index) => (
        <rect
          key={column.name}
          x={18}
          y={rowMiddle(table, index) - 5}
          width={Math.min(tableWidth - 60, 30 + column.name.length * 13)}
          height={10}
          rx={5}
          className={column.references ? 'fill-accent' : column.primary_key ? 'fill-warning' : 'fill-border-strong'}
        />
      ))}
    </g>
  )
}

function drawing(tables: readonly TableSchema[]) {
  const shown = tables.map((table) => ({ ...table, columns: mostTelling(table) }))
  const places = firstLayout(shown)
  const box = around(
    shown.flatMap((table) => {
      const place = places[table.name]
      return place ? [tableBox(place, table)] : []
    }),
  )
  return { shown, places, box }
}

/** Keys and references first, or there would be no lines to draw. */
function mostTelling({ columns }: TableSchema): TableSchema['columns'] {
  const telling = columns.filter(({ primary_key, references }) => primary_key || references)
  const kept = new Set([...telling, ...columns.filter((column) => !telling.includes(column))].slice(0, mostRows))
  return columns.filter((column) => kept.has(column))
}

function rowMiddle(table: TableSchema, index: number): number {
  const { height } = tableBox({ x: 0, y: 0 }, table)
  const rows = height - header - 8
  return index < 0 ? header / 2 : header + 4 + ((index + 0.5) * rows) / table.columns.length
}

/** A letter is a little more than half as wide as it is high. */
function fittingSize(name: string): number {
  return Math.min(nameSize, (tableWidth - 28) / (name.length * 0.57))
}
