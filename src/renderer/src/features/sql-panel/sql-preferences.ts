import { stored } from '@renderer/app/stored'
import { z } from 'zod'

export const editorHeights = { min: 96, max: 900, first: 280 } as const
export const editorHeight = stored('sqlEditorHeight', z.int().min(96).max(900), editorHeights.first)

export type SidePanel = 'queries' | 'history'
export const sidePanel = stored<SidePanel>('sqlSidePanel', z.enum(['queries', 'history']), 'queries')
