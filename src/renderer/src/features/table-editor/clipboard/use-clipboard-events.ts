import { type RefObject, useEffect, useRef } from 'react'

export interface ClipboardHandlers {
  readonly copy: (event: ClipboardEvent) => void
  readonly cut: (event: ClipboardEvent) => void
  readonly paste: (event: ClipboardEvent) => void
}

/**
 * The clipboard's events while an element has the focus. They are listened for on the document: where nothing is selected,
 * older Chromium sends them to the body.
 */
export function useClipboardEvents(element: RefObject<HTMLElement | null>, handlers: ClipboardHandlers): void {
  const latest = useRef(handlers)
  latest.current = handlers
  useEffect(() => {
    const listen = (kind: keyof ClipboardHandlers) => (event: ClipboardEvent) => {
      const isOurs = element.current !== null && document.activeElement === element.current
      if (isOurs && !event.defaultPrevented) latest.current[kind](event)
    }
    const [copy, cut, paste] = [listen('copy'), listen('cut'), listen('paste')]
    document.addEventListener('copy', copy)
    document.addEventListener('cut', cut)
    document.addEventListener('paste', paste)
    return () => {
      document.removeEventListener('copy', copy)
      document.removeEventListener('cut', cut)
      document.removeEventListener('paste', paste)
    }
  }, [element])
}
