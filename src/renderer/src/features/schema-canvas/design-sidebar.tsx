import { sidebarWidth, sidebarWidths } from '@renderer/app/preferences'
import { useSidebar } from '@renderer/app/sidebar-state'
import { useStored } from '@renderer/app/stored'
import { cn } from '@renderer/ui/cn'
import { ResizeHandle } from '@renderer/ui/resize-handle'
import type { ReactNode } from 'react'

/** At the left of the canvas, as wide as the sidebar of the other pages. */
export function DesignSidebar({ children }: { readonly children: ReactNode }) {
  const place = useSidebar()
  const width = useStored(sidebarWidth)
  if (place === 'hidden') return null
  return (
    <aside
      aria-label="Schema tools"
      style={{ width }}
      className={cn(
        'flex shrink-0 flex-col border-r border-border bg-bg-subtle',
        place === 'over' ? 'absolute inset-y-0 left-0 z-30 shadow-float' : 'relative',
      )}
    >
      {children}
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
  )
}
