import { gridDensity, saveAutomatically, themeChoice } from '@renderer/app/preferences'
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
      <Setting label="Rows of the grid" hint="28, 32 or 44 pixels high.">
        <Segmented
          aria-label="Rows of the grid"
          value={useStored(gridDensity)}
          onValueChange={gridDensity.write}
          options={[
            { value: 'compact', label: 'Compact' },
            { value: 'normal', label: 'Normal' },
            { value: 'tall', label: 'Tall' },
          ]}
        />
      </Setting>
      <Setting label="Edits in the grid" hint="Wait for Save, or are saved one by one.">
        <Segmented
          aria-label="Edits in the grid"
          value={useStored(saveAutomatically) ? 'at-once' : 'staged'}
          onValueChange={(value) => saveAutomatically.write(value === 'at-once')}
          options={[
            { value: 'staged', label: 'Wait for Save' },
            { value: 'at-once', label: 'Saved at once' },
          ]}
        />
      </Setting>
    </SettingsGroup>
  )
}
