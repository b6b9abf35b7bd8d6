import { type RefObject, useEffect } from 'react'
import { useLocation } from 'react-router'

/**
 * Brings the section that the address names to the top, and keeps it there while what is above it still grows: each
 * section fetches what it shows. The first thing that the person does ends it.
 */
export function useHashSection(content: RefObject<HTMLElement | null>): void {
  const { hash, key } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same section can be asked for again
  useEffect(() => {
    const shown = content.current
    if (hash === '' || shown === null) return
    const observer = new ResizeObserver(() =>
      document.getElementById(hash.slice(1))?.scrollIntoView({ block: 'start', behavior: 'instant' }),
    )
    const settle = () => {
      observer.disconnect()
      for (const name of doings) window.removeEventListener(name, settle, true)
    }
    for (const name of doings) window.addEventListener(name, settle, true)
    // It tells the size that there is at once.
    observer.observe(shown)
    return settle
  }, [hash, key, content])
}

const doings = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const
