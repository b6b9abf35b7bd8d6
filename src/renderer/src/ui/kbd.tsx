import { cn } from './cn'
import { isMac } from './platform'

const mac: Readonly<Record<string, string>> = {
  Mod: '⌘',
  Ctrl: '⌃',
  Shift: '⇧',
  Alt: '⌥',
  Enter: '↵',
  Backspace: '⌫',
  Delete: '⌦',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
}
const others: Readonly<Record<string, string>> = {
  Mod: 'Ctrl',
  Escape: 'Esc',
  Delete: 'Del',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
}

/** The spelling of a key of this platform: `Mod` is Cmd on a Mac and Ctrl elsewhere. */
export function keyNames(keys: string): readonly string[] {
  const names = isMac ? mac : others
  return keys.split('+').map((key) => names[key] ?? key)
}

/** The same as plain text, for `aria-keyshortcuts` and titles. */
export function shortcutText(keys: string): string {
  return keyNames(keys).join(isMac ? '' : '+')
}

/** A shortcut as people see it; `keys` is written `Mod+Shift+T`. */
export function Kbd({ keys, className }: { readonly keys: string; readonly className?: string | undefined }) {
  return (
    <kbd className={cn('inline-flex shrink-0 gap-0.5 font-sans text-xs text-text-muted', className)}>
      {keyNames(keys).map((name) => (
        <span
          key={name}
          className="inline-flex h-4 min-w-4 items-center justify-center rounded-sm border border-border bg-bg-subtle px-1"
        >
          {name}
        </span>
      ))}
    </kbd>
  )
}
