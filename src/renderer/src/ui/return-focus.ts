import { useRef } from 'react'

interface FocusHandlers {
  readonly onOpenAutoFocus?: ((event: Event) => void) | undefined
  readonly onCloseAutoFocus?: ((event: Event) => void) | undefined
}

/**
 * Gives the focus back to what had it when a dialog opened. Radix does so only for a trigger of its own, and most of
 * ours are opened by state. Handlers of the caller come first; `preventDefault` on closing means they took care of it.
 */
export function useReturnFocus({ onOpenAutoFocus, onCloseAutoFocus }: FocusHandlers = {}) {
  const before = useRef<Element | null>(null)
  return {
    onOpenAutoFocus(event: Event) {
      before.current = opener(document.activeElement)
      onOpenAutoFocus?.(event)
    },
    onCloseAutoFocus(event: Event) {
      onCloseAutoFocus?.(event)
      if (event.defaultPrevented) return
      event.preventDefault()
      if (before.current instanceof HTMLElement && before.current.isConnected)
        before.current.focus({ preventScroll: true })
    },
  }
}

/** An item of a menu is gone when the dialog closes; the menu's button is still there. */
function opener(active: Element | null): Element | null {
  const menu = active?.closest('[role=menu]')
  return menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : active
}

/** The panel itself, so that its title is read first and no button looks chosen. It needs a `tabIndex` of -1. */
export function focusPanel(event: Event) {
  event.preventDefault()
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
}
