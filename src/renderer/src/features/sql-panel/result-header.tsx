import { narrowestColumn, widestColumn } from '@renderer/features/table-editor/grid-column'
import { ResizeHandle } from '@renderer/ui/resize-handle'
import { TypeMark } from '@renderer/ui/type-mark'
import type { ColumnType } from '@shared/domain/column-type'
import type { Outcome } from './outcome'
import { shortType } from './result-columns'

export const headerHeight = 32

/** What the header and the rows of a result share: which columns stand where. */
export interface ResultColumnsProps {
  readonly types: readonly ColumnType[]
  readonly widths: readonly number[]
  /** Pixels of the row numbers, and of the whole. */
  readonly gutter: number
  readonly width: number
  /** The columns that are drawn, and the pixels of those before them. */
  readonly shown: { readonly first: number; readonly end: number }
  readonly before: number
}

/** Names and types of a result's columns. */
export function ResultHeader(
  props: ResultColumnsProps & {
    readonly columns: Outcome['columns']
    readonly onResize: (column: number, size: number) => void
    readonly onFit: (column: number) => void
    readonly onSelect: (column: number) => void
  },
) {
  const { columns, types, widths, gutter, width, shown, before } = props
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed, which table elements do not allow
    <div role="rowgroup" className="sticky top-0 z-20 font-sans">
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus */}
      <div
        role="row"
        aria-rowindex={1}
        style={{ height: headerHeight, width }}
        className="flex min-w-full border-b border-border bg-bg-subtle"
      >
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
        <div
          role="columnheader"
          aria-label="Row"
          aria-colindex={1}
          style={{ width: gutter }}
          className="sticky left-0 z-10 flex shrink-0 items-center justify-end border-r border-border bg-bg-subtle pr-2 text-text-muted"
        >
          #
        </div>
        <div style={{ width: before }} className="shrink-0" />
        {columns.slice(shown.first, shown.end).map((column, index) => {
          const at = shown.first + index
          return (
            // biome-ignore lint/a11y/useSemanticElements: see above
            // biome-ignore lint/a11y/useFocusableInteractive: see above
            <div
              key={at}
              role="columnheader"
              aria-colindex={at + 2}
              style={{ width: widths[at] }}
              title={`${column.name}: ${column.type}`}
              className="relative flex shrink-0 items-center gap-1.5 border-r border-border px-2"
              onPointerDown={() => props.onSelect(at)}
            >
              <TypeMark base={types[at]?.base ?? 'text'} />
              <span className="truncate font-medium">{column.name}</span>
              <span className="truncate text-xs text-text-muted">{shortType(column.type)}</span>
              <ResizeHandle
                label={`Resize ${column.name}`}
                size={widths[at] ?? narrowestColumn}
                min={narrowestColumn}
                max={widestColumn}
                onResize={(size) => props.onResize(at, size)}
                onReset={() => props.onFit(at)}
                className="-right-[3px]"
              />
            </div>
          )
        })}
      </div>
    </div>
  )
}
