import { SettingsSections } from '@renderer/features/settings/settings-sections'
import { TableList } from '@renderer/features/tables/table-list'
import { cn } from '@renderer/ui/cn'
import { ResizeHandle } from '@renderer/ui/resize-handle'
import { lazy, Suspense, useEffect } from 'react'
import { useLocation } from 'react-router'
import { useMaybeProject } from './current-project'
import { sqlSidebar } from './pages'
import { sidebarWidth, sidebarWidths } from './preferences'
import { closeSidebarOverPage, useSidebar } from './sidebar-state'
import { useStored } from './stored'

const SqlSidebar = lazy(sqlSidebar)

/** Beside the page: the tables, or in the settings their sections. */
export function Sidebar() {
  const place = useSidebar()
  const width = useStored(sidebarWidth)
  const current = useMaybeProject()
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page was chosen
  useEffect(closeSidebarOverPage, [pathname])
  useEffect(() => {
    if (place !== 'over') return
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) closeSidebarOverPage()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [place])
  const settings = pathname.endsWith('/settings')
  // The canvas has its tools there.
  if (pathname.endsWith('/schema')) return null
  const sql = pathname.endsWith('/sql')
  if (place === 'hidden' || (!current && !settings)) return null
  return (
    <>
      {place === 'over' ? (
        <div
          aria-hidden
          className="absolute inset-x-0 top-10 bottom-6 z-20 animate-overlay-in bg-overlay"
          onClick={closeSidebarOverPage}
        />
      ) : null}
      <aside
        aria-label={settings ? 'Settings' : sql ? 'Queries' : 'Tables'}
        style={{ width }}
        className={cn(
          'flex shrink-0 flex-col border-r border-border bg-bg-subtle',
          place === 'over' ? 'absolute top-10 bottom-6 left-12 z-30 shadow-float' : 'relative',
        )}
      >
        <Suspense>{settings ? <SettingsSections /> : sql ? <SqlSidebar /> : <TableList />}</Suspense>
        {place === 'docked' ? (
          <ResizeHandle
            label="Resize the sidebar"
            size={width}
            min={sidebarWidths.min}
            max={sidebarWidths.max}
            onResize={sidebarWidth.write}
            onReset={() => sidebarWidth.write(sidebarWidths.first)}
            className="-right-[3px]"
          />
        ) : null}
      </aside>
    </>
  )
}
