import { useMaybeProject } from '@renderer/app/current-project'
import { cn } from '@renderer/ui/cn'
import { Link, useLocation } from 'react-router'

export interface SettingsSection {
  readonly id: string
  readonly title: string
}

export const projectSections: readonly SettingsSection[] = [
  { id: 'project', title: 'General' },
  { id: 'api', title: 'API' },
  { id: 'space', title: 'Plan and space' },
  { id: 'history', title: 'History' },
  { id: 'backups', title: 'Backups' },
  { id: 'server', title: 'Server' },
  { id: 'delete', title: 'Danger zone' },
]

export const studioSections: readonly SettingsSection[] = [
  { id: 'appearance', title: 'Appearance' },
  { id: 'grid', title: 'Grid' },
  { id: 'editor', title: 'SQL editor' },
  { id: 'ai', title: 'AI' },
  { id: 'keyboard', title: 'Keyboard' },
  { id: 'servers', title: 'Servers' },
  { id: 'account', title: 'Account and sessions' },
  { id: 'file', title: 'Settings as a file' },
  { id: 'about', title: 'About' },
]

/** The sidebar of the settings. */
export function SettingsSections() {
  const current = useMaybeProject()
  return (
    <nav aria-label="Settings sections" className="flex flex-col gap-4 overflow-y-auto p-2 pt-3">
      {current ? <Sections heading={current.project.name} sections={projectSections} /> : null}
      <Sections heading="Studio" sections={studioSections} />
    </nav>
  )
}

function Sections(props: { readonly heading: string; readonly sections: readonly SettingsSection[] }) {
  const { hash } = useLocation()
  return (
    <div>
      <h2 className="truncate px-2 pb-1 text-sm font-medium text-text-muted">{props.heading}</h2>
      <ul>
        {props.sections.map(({ id, title }) => (
          <li key={id}>
            <Link
              to={`#${id}`}
              replace
              aria-current={hash === `#${id}` ? 'location' : undefined}
              className={cn(
                'flex h-7 items-center rounded-md px-2 transition-colors',
                hash === `#${id}` ? 'bg-bg-active' : 'hover:bg-bg-hover',
              )}
            >
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
