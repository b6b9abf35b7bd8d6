import { gridDensity, saveAutomatically, summaryShown } from '@renderer/app/preferences'
import { useStored } from '@renderer/app/stored'
import { Segmented } from '@renderer/ui/segmented'
import { Toggle } from './editor-settings'
import { Setting, SettingsGroup } from './setting'

export function GridSettings() {
  return (
    <SettingsGroup id="grid" title="Grid">
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
      <Toggle label="Summary row" hint="Counts and sums under the grid." source={summaryShown} />
    </SettingsGroup>
  )
}
