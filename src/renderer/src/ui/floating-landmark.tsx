import { useLayoutEffect, useState } from 'react'

/**
 * A landmark at the end of the page for what floats and is no dialog: whoever goes through the page by landmarks meets an
 * open menu too. Each menu has its own, there while it is open: a dialog hides from screen readers what stands beside it
 * when it opens, so what opens above the dialog must not stand in that.
 */
export function useFloatingLandmark(name: string): HTMLElement {
  const [landmark] = useState(() => {
    const section = document.createElement('section')
    section.setAttribute('aria-label', name)
    return section
  })
  return landmark
}

/** Inside what floats: its landmark is part of the page as long as this is. */
export function Standing({ landmark }: { readonly landmark: HTMLElement }) {
  useLayoutEffect(() => {
    document.body.append(landmark)
    return () => landmark.remove()
  }, [landmark])
  return null
}
