import {
  editorFontSize,
  editorLineNumbers,
  editorMinimap,
  editorTabSize,
  editorWordWrap,
  gridDensity,
  runLimits,
  saveAutomatically,
  shortcutChoices,
  summaryShown,
  themeChoice,
} from '@renderer/app/preferences'
import type { Stored } from '@renderer/app/stored'
import { toAppError, useApi, useEventStream } from '@renderer/bridge/api'
import { toast } from '@renderer/ui/toast'
import type { SettingsState } from '@shared/contract/host.contract'
import type { SettingName, SomeSettings, StudioSettings } from '@shared/domain/studio-settings'
import { useEffect, useRef, useSyncExternalStore } from 'react'

interface Kept {
  readonly name: SettingName
  readonly source: Pick<Stored<unknown>, 'read' | 'subscribe'>
  readonly take: (values: SomeSettings) => void
}

function keep<Name extends SettingName>(name: Name, source: Stored<StudioSettings[Name]>) {
  return {
    name,
    source,
    take(values: { readonly [N in Name]?: StudioSettings[Name] | undefined }) {
      const value = values[name]
      if (value !== undefined && JSON.stringify(value) !== JSON.stringify(source.read())) source.write(value)
    },
  }
}

const all: readonly Kept[] = [
  keep('theme', themeChoice),
  keep('gridDensity', gridDensity),
  keep('saveAutomatically', saveAutomatically),
  keep('summaryShown', summaryShown),
  keep('editorFontSize', editorFontSize),
  keep('editorTabSize', editorTabSize),
  keep('editorWordWrap', editorWordWrap),
  keep('editorMinimap', editorMinimap),
  keep('editorLineNumbers', editorLineNumbers),
  keep('sqlLimits', runLimits),
  keep('shortcuts', shortcutChoices),
]

let file: SettingsState | null = null
const listeners = new Set<() => void>()

/** The settings as a file; null until it is known. */
export function useSettingsFile(): SettingsState | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => file,
  )
}

/** What the file says holds here; what is chosen here goes into the file. */
export function useSettingsSync(): void {
  const { client } = useApi()
  const applying = useRef(false)
  useEventStream<SettingsState>({
    key: 'settings',
    open: (signal) => client.host.watchSettings(undefined, { signal }),
    onEvent(state) {
      if (state.problem !== null && state.problem !== file?.problem) toast.error(state.problem)
      file = state
      applying.current = true
      for (const { take } of all) take(state.values)
      applying.current = false
      for (const listener of listeners) listener()
    },
  })
  useEffect(() => {
    const stops = all.map(({ name, source }) =>
      source.subscribe(() => {
        const value = source.read()
        if (applying.current || file === null || file.path === null) return
        if (JSON.stringify(value) === JSON.stringify(file.values[name])) return
        client.host
          .changeSettings({ settings: { [name]: value } })
          .catch((error: unknown) => toast.error(toAppError(error).message))
      }),
    )
    return () => {
      for (const stop of stops) stop()
    }
  }, [client])
}
