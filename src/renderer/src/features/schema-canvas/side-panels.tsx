import { stored } from '@renderer/app/stored'
import { History, type LucideIcon } from 'lucide-react'
import type { ComponentType } from 'react'
import { z } from 'zod'
import { VersionsPanel } from './versions-panel'

export interface SidePanelProps {
  readonly databaseId: string
  readonly onClose: () => void
}

/** What can stand at the right of the canvas. Inside it `useActions()` reaches the draft, `useDraft` its state. */
export interface SidePanel {
  readonly id: string
  /** On its button and over it. */
  readonly title: string
  readonly icon: LucideIcon
  readonly Content: ComponentType<SidePanelProps>
}

/** In the order of their buttons; whoever has a panel to show adds it here. */
export const sidePanels: readonly SidePanel[] = [
  { id: 'versions', title: 'Versions', icon: History, Content: VersionsPanel },
]

/** Which one is open on this machine, and how wide. */
export const openPanel = stored<string | null>('schemaPanel', z.string().nullable(), null)
export const panelWidths = { min: 280, max: 720, first: 380 } as const
export const panelWidth = stored('schemaPanelWidth', z.int().min(280).max(720), panelWidths.first)
