import { openPanel } from '../schema-canvas/open-panel'

/** A description that was given before there was a canvas: when its project was made. */
const awaited = new Map<string, string>()

/** Opens the panel beside the canvas, and says it there. */
export function describeLater(projectId: string, words: string): void {
  awaited.set(projectId, words)
  openPanel.write('describe')
}

export function takeDescription(projectId: string): string | null {
  const words = awaited.get(projectId) ?? null
  awaited.delete(projectId)
  return words
}
