import type { ReactNode } from 'react'

/** Small drawings of the ways to begin, in the colours of the theme. */

export function TablePicture() {
  return (
    <Picture>
      <rect
        x={14}
        y={10}
        width={52}
        height={44}
        rx={4}
        className="fill-none stroke-border-strong"
        strokeDasharray="3 3"
      />
      <DrawnTable x={36} y={16} />
      <path d="M84,48l0,14 4,-4 3,6 3,-1.5 -3,-6 5,-.5z" className="fill-text stroke-bg" strokeWidth={1} />
    </Picture>
  )
}

export function WordsPicture() {
  return (
    <Picture>
      <path
        d="M10,14a4,4 0 0 1 4,-4h44a4,4 0 0 1 4,4v24a4,4 0 0 1 -4,4h-34l-8,8v-8h-2a4,4 0 0 1 -4,-4z"
        className={box}
      />
      <Lines x={18} y={19} widths={[34, 26, 30]} />
      <path d="M66,30h10m-4,-4 4,4 -4,4" className="fill-none stroke-accent" strokeWidth={1.5} />
      <DrawnTable x={82} y={12} width={30} />
    </Picture>
  )
}

export function CardsPicture() {
  return (
    <Picture>
      {[8, 46, 84].flatMap((x) =>
        [8, 35].map((y) => (
          <g key={`${x} ${y}`}>
            <rect x={x} y={y} width={30} height={22} rx={3} className={x === 46 && y === 8 ? chosen : box} />
            <rect x={x + 5} y={y + 5} width={8} height={6} rx={1} className="fill-border-strong" />
            <rect x={x + 17} y={y + 11} width={8} height={6} rx={1} className="fill-border-strong" />
            <path d={`M${x + 13},${y + 8}h4v6`} className="fill-none stroke-accent" />
          </g>
        )),
      )}
    </Picture>
  )
}

export function CodePicture() {
  return (
    <Picture>
      <path d="M30,6h44l14,14v38a3,3 0 0 1 -3,3h-55a3,3 0 0 1 -3,-3v-49a3,3 0 0 1 3,-3z" className={box} />
      <path d="M74,6v14h14" className="fill-none stroke-border-strong" />
      <rect x={35} y={15} width={16} height={4} rx={2} className="fill-accent" />
      <rect x={54} y={15} width={14} height={4} rx={2} className="fill-text-muted" />
      <Lines x={41} y={26} widths={[30, 38, 24]} />
      <rect x={35} y={50} width={6} height={4} rx={2} className="fill-accent" />
    </Picture>
  )
}

const box = 'fill-bg-raised stroke-border-strong'
const chosen = 'fill-bg-raised stroke-accent'

function Picture({ children }: { readonly children: ReactNode }) {
  return (
    <svg aria-hidden viewBox="0 0 122 66" className="h-16 w-32">
      {children}
    </svg>
  )
}

function DrawnTable({ x, y, width = 48 }: { readonly x: number; readonly y: number; readonly width?: number }) {
  return (
    <g>
      <rect x={x} y={y} width={width} height={40} rx={4} className="fill-bg-raised stroke-accent" />
      <path d={`M${x},${y + 11}h${width}`} className="stroke-accent" />
      <rect x={x + 5} y={y + 4} width={width * 0.45} height={4} rx={2} className="fill-text" />
      <Lines x={x + 5} y={y + 16} widths={[width * 0.6, width * 0.7, width * 0.45]} />
    </g>
  )
}

function Lines({ x, y, widths }: { readonly x: number; readonly y: number; readonly widths: readonly number[] }) {
  return widths.map((width, index) => (
    <rect key={width} x={x} y={y + index * 8} width={width} height={4} rx={2} className="fill-border-strong" />
  ))
}
