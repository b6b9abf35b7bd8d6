import { readFileSync, writeFileSync } from 'node:fs'
import { type BrowserWindow, type Rectangle, screen } from 'electron'
import { z } from 'zod'

const windowState = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(400).max(20_000),
  height: z.int().min(300).max(20_000),
  maximized: z.boolean(),
})

export interface WindowPlace {
  readonly bounds: Partial<Rectangle> & Pick<Rectangle, 'width' | 'height'>
  readonly maximized: boolean
}

const usual: WindowPlace = { bounds: { width: 1360, height: 860 }, maximized: false }

/** Where the window was; the usual place when that is unknown, or on a display that is gone. */
export function readWindowPlace(path: string): WindowPlace {
  let file: unknown
  try {
    file = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return usual
  }
  const { data } = windowState.safeParse(file)
  if (data === undefined) return usual
  const { maximized, ...bounds } = data
  return isReachable(bounds) ? { bounds, maximized } : { ...usual, maximized }
}

/** Keeps the window's place whenever it was changed, half a second after the last change. */
export function keepWindowPlace(window: BrowserWindow, path: string): void {
  let timer: NodeJS.Timeout | undefined
  const write = (): void => {
    clearTimeout(timer)
    if (window.isDestroyed()) return
    const state = { ...window.getNormalBounds(), maximized: window.isMaximized() }
    try {
      writeFileSync(path, JSON.stringify(state))
    } catch {
      // The place is a convenience; a full disk is told by what needs it.
    }
  }
  const soon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(write, 500)
  }
  window.on('resize', soon)
  window.on('move', soon)
  window.on('close', write)
}

/** Enough of the title bar is on some display to take hold of it. */
function isReachable({ x, y, width }: Rectangle): boolean {
  return screen.getAllDisplays().some(({ workArea }) => {
    const overlap = Math.min(x + width, workArea.x + workArea.width) - Math.max(x, workArea.x)
    return overlap >= 100 && y >= workArea.y - 10 && y < workArea.y + workArea.height - 40
  })
}
