import { useApi } from '@renderer/bridge/api'
import { useSyncExternalStore } from 'react'
import type { Draft } from './draft-cache'
import { createPanel, type Panel } from './panel'
import type { PanelState } from './panel-state'

/** One for each database: what runs goes on while another page is in front. */
const panels = new Map<string, Panel>()

export function usePanel(databaseId: string): Panel {
  const { client } = useApi()
  const known = panels.get(databaseId)
  if (known !== undefined) return known
  const made = createPanel(client, databaseId)
  panels.set(databaseId, made)
  return made
}

export function usePanelState(panel: Panel): PanelState {
  return useSyncExternalStore(panel.subscribe, panel.state)
}

export function activeTab({ tabs, active }: PanelState): Draft | undefined {
  return tabs.find(({ id }) => id === active) ?? tabs[0]
}
