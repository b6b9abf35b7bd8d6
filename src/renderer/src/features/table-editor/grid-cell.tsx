import type { JsonValue } from '@shared/json'
import type { ReactNode } from 'react'
import { type CellText, cellText } from './cell-text'
import { ReferenceChip } from './editors/reference-chip'
import type { GridColumn } from './grid-column'
import { jsonPieces } from './json-pieces'

/**
 * What is inside a cell: the value told by its form. A text is the cell's only node, because a screen of cells is made
 * anew many times a second while scrolling.
 */
export interface CellFace {
  readonly content: ReactNode
  /** Muted and in the small face of the interface: this is no value. */
  readonly muted: boolean
  /** Fits the cell as it is. A clip for each of 500 cells would cost a third of every frame. */
  readonly fits: boolean
}

const pieceHues = {
  key: 'text-type-uuid',
  string: 'text-type-json',
  number: 'text-type-integer',
  word: 'text-type-boolean',
  mark: 'text-text-muted',
} as const

const hidden: CellFace = { content: 'hidden', muted: true, fits: true }
const nothing: CellFace = { content: 'NULL', muted: true, fits: true }
const empty: CellFace = { content: '', muted: false, fits: true }

/** As much of the value as is seen in the width (px) and read aloud; the cell cuts what does not fit. */
export function cellFace(column: GridColumn, value: JsonValue | undefined, width: number): CellFace {
  if (column.secret) return hidden
  const cell = cellText(column.type, value)
  if (cell.form === 'null') return nothing
  if (cell.form === 'empty') return empty
  const { references } = column.schema
  if (references && value !== undefined)
    return {
      content: <ReferenceChip reference={references} value={value} text={textOf(cell)} />,
      muted: false,
      fits: false,
    }
  if (cell.form === 'boolean') return { content: <TickBox checked={cell.checked} />, muted: false, fits: true }
  const room = Math.max(1, Math.floor((width - cellPadding) / characterWidth))
  const shown = cell.text.slice(0, Math.max(room + 2, readCharacters))
  // Beyond plain text, characters have other widths: there only the browser knows whether they fit.
  const fits = cell.text.length <= room && plainText.test(cell.text)
  if (cell.form !== 'json') return { content: shown, muted: false, fits }
  const pieces = jsonPieces(shown).map((piece) => (
    <span key={piece.at} className={pieceHues[piece.kind]}>
      {piece.text}
    </span>
  ))
  return { content: pieces, muted: false, fits }
}

/** Of the cells' face, 12 px JetBrains Mono, whose characters are all 0.6 em wide. */
const characterWidth = 7.2
/** Both sides and the border, in px. */
const cellPadding = 17
/** A screen reader gets at least so much of a value that does not fit: every number, the beginning of a text. */
const readCharacters = 120
const plainText = /^[\x20-\x7e…↵]*$/

/** A value outside the grid, in the same form. */
export function CellValue({ column, value }: { readonly column: GridColumn; readonly value: JsonValue | undefined }) {
  const { content, muted } = cellFace(column, value, 600)
  return (
    <span style={tickPicture} className={muted ? `truncate ${mutedLooks}` : 'truncate'}>
      {content}
    </span>
  )
}

export const mutedLooks = 'font-sans text-[0.6875rem] text-text-muted'

function TickBox({ checked }: { readonly checked: boolean }) {
  return (
    <span
      role="img"
      aria-label={checked ? 'true' : 'false'}
      data-tick={checked}
      className="inline-block size-4 rounded-sm border border-border-strong bg-bg bg-center bg-no-repeat align-middle data-[tick=true]:border-accent data-[tick=true]:bg-accent data-[tick=true]:bg-(image:--tick)"
    />
  )
}

/** A data address, so that thousands of ticks are one picture; white on the accent in both themes. */
export const tickPicture: { readonly [name: `--${string}`]: string } = {
  '--tick':
    "url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' width='12' height='12' fill='none' stroke='white' stroke-width='3.5' stroke-linecap='round' stroke-linejoin='round'%3E%3Cpath d='M20 6 9 17l-5-5'/%3E%3C/svg%3E\")",
}

function textOf(cell: CellText): string {
  return 'text' in cell ? cell.text : cell.form === 'boolean' ? String(cell.checked) : ''
}
