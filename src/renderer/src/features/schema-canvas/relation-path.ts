import { tableWidth } from './table-geometry'

/** How far a line runs straight out of its table, and how round its corners are. */
const stub = 24
const radius = 8

export interface RelationEnds {
  /** Left edge of the table that refers, and the middle of its column's row. */
  readonly sourceX: number
  readonly sourceY: number
  readonly targetX: number
  readonly targetY: number
}

export type Side = 'left' | 'right'

export interface RelationPath {
  readonly line: string
  readonly source: { readonly x: number; readonly y: number; readonly side: Side }
  readonly target: { readonly x: number; readonly y: number; readonly side: Side }
  readonly middle: { readonly x: number; readonly y: number }
}

/** An angular line between two rows, out of the sides that face each other; tables above each other use one side. */
export function relationPath({ sourceX, sourceY, targetX, targetY }: RelationEnds): RelationPath {
  const gap = stub * 2
  const [sourceSide, targetSide]: [Side, Side] =
    targetX >= sourceX + tableWidth + gap
      ? ['right', 'left']
      : sourceX >= targetX + tableWidth + gap
        ? ['left', 'right']
        : sourceX <= targetX
          ? ['left', 'left']
          : ['right', 'right']
  const start = { x: sourceX + (sourceSide === 'right' ? tableWidth : 0), y: sourceY, side: sourceSide }
  const end = { x: targetX + (targetSide === 'right' ? tableWidth : 0), y: targetY, side: targetSide }
  const bend =
    sourceSide !== targetSide
      ? (start.x + end.x) / 2
      : sourceSide === 'left'
        ? Math.min(start.x, end.x) - stub
        : Math.max(start.x, end.x) + stub
  return {
    line: angular(start, end, bend),
    source: start,
    target: end,
    middle: { x: bend, y: (start.y + end.y) / 2 },
  }
}

/** Out to `bend`, up or down, and in; the two corners are rounded as far as there is room. */
function angular(
  start: { readonly x: number; readonly y: number },
  end: { readonly x: number; readonly y: number },
  bend: number,
): string {
  const down = end.y - start.y
  if (Math.abs(down) < 1) return `M${start.x},${start.y}H${end.x}`
  const round = Math.min(radius, Math.abs(down) / 2, Math.abs(bend - start.x), Math.abs(end.x - bend))
  const y = Math.sign(down) * round
  const into = Math.sign(bend - start.x) * round
  const out = Math.sign(end.x - bend) * round
  return [
    `M${start.x},${start.y}H${bend - into}`,
    `Q${bend},${start.y} ${bend},${start.y + y}`,
    `V${end.y - y}`,
    `Q${bend},${end.y} ${bend + out},${end.y}`,
    `H${end.x}`,
  ].join('')
}

/** The foot of a crow where many records refer, a bar where at most one does; a ring when none need to. */
export function endMark(
  { x, y, side }: { readonly x: number; readonly y: number; readonly side: Side },
  kind: 'many' | 'one',
): string {
  const out = side === 'right' ? 1 : -1
  if (kind === 'one') return `M${x + out * 8},${y - 5}V${y + 5}`
  return `M${x},${y - 5}L${x + out * 10},${y}L${x},${y + 5}`
}
