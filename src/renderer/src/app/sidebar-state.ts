import { useSyncExternalStore } from 'react'
import { sidebarShown } from './preferences'
import { useStored } from './stored'

/** Narrower windows have no room for it: it folds, and opens over the page. */
const narrow = window.matchMedia('(max-width: 899px)')

let openOverPage = false
const listeners = new Set<() => void>()

function set(open: boolean) {
  openOverPage = open
  for (const listener of listeners) listener()
}

narrow.addEventListener('change', () => set(false))

export function toggleSidebar(): void {
  if (narrow.matches) set(!openOverPage)
  else sidebarShown.write(!sidebarShown.read())
}

/** A page was chosen: what lies over it goes. */
export function closeSidebarOverPage(): void {
  if (openOverPage) set(false)
}

export function useSidebar(): 'docked' | 'over' | 'hidden' {
  const docked = useStored(sidebarShown)
  const isNarrow = useSyncExternalStore(subscribe, () => narrow.matches)
  const over = useSyncExternalStore(subscribe, () => openOverPage)
  if (isNarrow) return over ? 'over' : 'hidden'
  return docked ? 'docked' : 'hidden'
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  narrow.addEventListener('change', listener)
  return () => {
    listeners.delete(listener)
    narrow.removeEventListener('change', listener)
  }
}
