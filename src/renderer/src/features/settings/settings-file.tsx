import { CopyValue } from './copy-value'
import { Setting, SettingsGroup } from './setting'
import { useSettingsFile } from './settings-sync'

/** Where the settings lie as a file, and what is wrong with it. */
export function SettingsFile() {
  const file = useSettingsFile()
  if (file === null || file.path === null) return null
  return (
    <SettingsGroup id="file" title="Settings as a file">
      <Setting
        label="settings.json"
        hint="Theme, grid, editor and keyboard. What you edit there holds at once, here and in every window."
        keywords="json config path"
      >
        <CopyValue label="path of the settings" value={file.path} />
      </Setting>
      {file.problem === null ? null : (
        <p role="alert" className="px-4 py-3 text-danger">
          {file.problem} The settings before it still hold, and the file is not written over.
        </p>
      )}
    </SettingsGroup>
  )
}
