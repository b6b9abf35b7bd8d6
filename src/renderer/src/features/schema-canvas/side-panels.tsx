import { CodeXml, History, type LucideIcon, Sparkles } from 'lucide-react'
import type { ComponentType } from 'react'
import { DescribePanel } from '../assistant/describe-panel'
import { TextPanel } from './text-panel'
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
  { id: 'describe', title: 'Describe', icon: Sparkles, Content: DescribePanel },
  { id: 'text', title: 'Text', icon: CodeXml, Content: TextPanel },
  { id: 'versions', title: 'Versions', icon: History, Content: VersionsPanel },
]
