import { z } from 'zod'
import { stored } from './stored'

export type Theme = 'system' | 'light' | 'dark'
/** The grid's rows: 28, 32 or 44 px. */
export type GridDensity = 'compact' | 'normal' | 'tall'

/** `public/theme.js` reads the same key before the first paint. */
export const themeChoice = stored<Theme>('theme', z.enum(['system', 'light', 'dark']), 'system')
export const gridDensity = stored<GridDensity>('gridDensity', z.enum(['compact', 'normal', 'tall']), 'normal')
/** Every edit of the grid is saved when it is made; otherwise they wait for Save. */
export const saveAutomatically = stored('saveAutomatically', z.boolean(), false)

/** Of the SQL editor. */
export const editorFontSize = stored('editorFontSize', z.number().min(8).max(32), 12.5)
export const editorTabSize = stored('editorTabSize', z.int().min(1).max(8), 2)
export const editorWordWrap = stored('editorWordWrap', z.boolean(), false)
export const editorMinimap = stored('editorMinimap', z.boolean(), false)
export const editorLineNumbers = stored('editorLineNumbers', z.boolean(), true)
/** How much a run of SQL may take. */
export const runLimits = stored(
  'sqlLimits',
  z.object({ rows: z.int().min(1).max(5_000_000), seconds: z.int().min(1).max(300) }),
  { rows: 100_000, seconds: 30 },
)
/** The row of figures under the grid. */
export const summaryShown = stored('summaryShown', z.boolean(), true)

/** By the command's id: keys that were chosen, or null for none. */
export const shortcutChoices = stored<Readonly<Record<string, string | null>>>(
  'shortcuts',
  z.record(z.string(), z.string().max(40).nullable()),
  {},
)

export const sidebarWidths = { min: 180, max: 480, first: 240 } as const
export const sidebarWidth = stored('sidebarWidth', z.int().min(180).max(480), sidebarWidths.first)
export const sidebarShown = stored('sidebarShown', z.boolean(), true)

/** Most recent first. */
export const recentProjects = stored<readonly string[]>('recentProjects', z.array(z.string()).max(50), [])
export const recentCommands = stored<readonly string[]>('recentCommands', z.array(z.string()).max(50), [])
/** Where the window was: the path to open again. */
export const lastPlace = stored<string | null>('lastPlace', z.string().startsWith('/').nullable(), null)

export function mostRecent(list: readonly string[], id: string): readonly string[] {
  return [id, ...list.filter((other) => other !== id)].slice(0, 20)
}
