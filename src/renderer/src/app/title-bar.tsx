import { IconButton } from '@renderer/ui/button'
import { Kbd } from '@renderer/ui/kbd'
import { Logo } from '@renderer/ui/logo'
import { PanelLeft, Search } from 'lucide-react'
import { Link } from 'react-router'
import { useMaybeProject } from './current-project'
import { layers } from './layers'
import { paths } from './paths'
import { ProjectSwitcher } from './project-switcher'
import { toggleSidebar } from './sidebar-state'

/** On the desktop it is also the window's title bar: `titlebar-area-*` is the room that the window's buttons leave. */
export function TitleBar() {
  const current = useMaybeProject()
  return (
    <header className="app-drag flex h-10 shrink-0 items-center gap-2 border-b border-border bg-bg-subtle pr-[calc(0.75rem+100vw-env(titlebar-area-x,0px)-env(titlebar-area-width,100vw))] pl-[env(titlebar-area-x,0px)]">
      <div className="app-no-drag flex min-w-0 flex-1 items-center gap-1">
        <Link
          to={paths.projects}
          aria-label="All projects"
          className="flex h-10 w-12 shrink-0 items-center justify-center"
        >
          <Logo className="size-5" />
        </Link>
        <ProjectSwitcher />
        {current ? (
          <IconButton label="Toggle the sidebar" icon={PanelLeft} shortcut="Mod+B" onClick={toggleSidebar} />
        ) : null}
      </div>
      <button
        type="button"
        aria-keyshortcuts="Control+K Meta+K"
        className="app-no-drag flex h-7 w-80 max-w-[38vw] min-w-0 items-center gap-2 rounded-md border border-border bg-bg px-2 text-text-muted transition-colors hover:border-border-strong hover:text-text"
        onClick={() => layers.show('palette')}
      >
        <Search aria-hidden className="size-3.5 shrink-0" />
        <span className="flex-1 truncate text-left">Search tables and commands</span>
        <Kbd keys="Mod+K" className="max-sm:hidden" />
      </button>
      <div className="flex-1" />
    </header>
  )
}
