import type { Viewport } from 'reactflow'

/** Where each canvas was looked at, until the window is closed. */
const viewports = new Map<string, Viewport>()

export function viewportOf(key: string): Viewport | null {
  return viewports.get(key) ?? null
}

export function rememberViewport(key: string, viewport: Viewport): void {
  viewports.set(key, viewport)
}
