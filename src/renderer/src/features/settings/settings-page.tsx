import { useMaybeProject } from '@renderer/app/current-project'
import { useEffect } from 'react'
import { useLocation } from 'react-router'
import { About } from './about'
import { AccountSettings } from './account-settings'
import { Appearance } from './appearance'
import { AssistantSettings } from './assistant-settings'
import { ProjectSettings } from './project-settings'

/** The studio's settings; in a project, its own come first. */
export function SettingsPage() {
  const current = useMaybeProject()
  const { hash } = useLocation()
  useEffect(() => {
    document.title = `Settings · ${current?.project.name ?? 'Tessera Studio'}`
  }, [current])
  useEffect(() => {
    if (hash) document.getElementById(hash.slice(1))?.scrollIntoView({ block: 'start' })
  }, [hash])
  return (
    <div className="mx-auto flex max-w-190 flex-col gap-8 px-8 py-8 max-sm:px-4">
      <h1 className="text-xl font-semibold">Settings</h1>
      {current ? <ProjectSettings key={current.project.id} current={current} /> : null}
      <Appearance />
      <AssistantSettings />
      <AccountSettings />
      <About />
    </div>
  )
}
