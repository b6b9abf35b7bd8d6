import { themeChoice } from '@renderer/app/preferences'
import { useStored } from '@renderer/app/stored'
import { Segmented } from '@renderer/ui/segmented'
import { Monitor, Moon, Sun } from 'lucide-react'
import { Setting, SettingsGroup } from './setting'

export function Appearance() {
  return (
    <SettingsGroup id="appearance" title="Appearance">
      <Setting label="Theme" hint="Kept on this machine.">
        <Segmented
          aria-label="Theme"
          value={useStored(themeChoice)}
          onValueChange={themeChoice.write}
          options={[
            { value: 'system', label: 'System', icon: Monitor },
            { value: 'light', label: 'Light', icon: Sun },
            { value: 'dark', label: 'Dark', icon: Moon },
          ]}
        />
      </Setting>
    </SettingsGroup>
  )
}
