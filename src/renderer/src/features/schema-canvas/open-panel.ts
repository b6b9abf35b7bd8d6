import { stored } from '@renderer/app/stored'
import { z } from 'zod'

/** Which one is open on this machine, and how wide. */
export const openPanel = stored<string | null>('schemaPanel', z.string().nullable(), null)
export const panelWidths = { min: 280, max: 720, first: 380 } as const
export const panelWidth = stored('schemaPanelWidth', z.int().min(280).max(720), panelWidths.first)
