import { useMaybeProject } from '@renderer/app/current-project'
import { ServerSettings } from '@renderer/features/servers/server-settings'
import { TextInput } from '@renderer/ui/field'
import { useEffect, useRef, useState } from 'react'
import { About } from './about'
import { AccountSettings } from './account-settings'
import { Appearance } from './appearance'
import { AssistantSettings } from './assistant-settings'
import { EditorSettings } from './editor-settings'
import { GridSettings } from './grid-settings'
import { KeyboardSettings } from './keyboard-settings'
import { ProjectSettings } from './project-settings'
import { SettingsSearch } from './setting'
import { SettingsFile } from './settings-file'
import { useHashSection } from './use-hash-section'

/** The studio's settings; in a project, its own come first. */
export function SettingsPage() {
  const current = useMaybeProject()
  const [wanted, setWanted] = useState('')
  useEffect(() => {
    document.title = `Settings · ${current?.project.name ?? 'Tessera Studio'}`
  }, [current])
  const content = useRef<HTMLDivElement>(null)
  useHashSection(content)
  return (
    <div ref={content} className="mx-auto flex max-w-190 flex-col gap-8 px-8 py-8 max-sm:px-4">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-xl font-semibold">Settings</h1>
        <TextInput
          type="search"
          aria-label="Find a setting"
          placeholder="Find a setting"
          className="w-56!"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      </div>
      <SettingsSearch text={wanted}>
        {current ? <ProjectSettings key={current.project.id} current={current} /> : null}
        <Appearance />
        <GridSettings />
        <EditorSettings />
        <AssistantSettings />
        <KeyboardSettings />
        <ServerSettings />
        <AccountSettings />
        <SettingsFile />
        <About />
      </SettingsSearch>
    </div>
  )
}
