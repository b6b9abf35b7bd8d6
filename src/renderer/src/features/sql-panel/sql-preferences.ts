import { stored } from '@renderer/app/stored'
import { z } from 'zod'

/** How much a run may take, on this machine. */
export const runLimits = stored(
  'sqlLimits',
  z.object({ rows: z.int().min(1).max(5_000_000), seconds: z.int().min(1).max(300) }),
  { rows: 100_000, seconds: 30 },
)

export const editorHeights = { min: 96, max: 900, first: 280 } as const
export const editorHeight = stored('sqlEditorHeight', z.int().min(96).max(900), editorHeights.first)

export type SidePanel = 'queries' | 'history'
export const sidePanel = stored<SidePanel>('sqlSidePanel', z.enum(['queries', 'history']), 'queries')
