import type { LucideIcon } from 'lucide-react'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { isMac } from '../ui/platform'
import { shortcutChoices } from './preferences'

/** Something the studio can do: in the palette, on a shortcut, in the shortcut sheet. */
export interface Command {
  readonly id: string
  /** A verb and its object: "Create table". */
  readonly title: string
  readonly group: 'Go to' | 'Table' | 'Schema' | 'SQL' | 'Tabs' | 'Project' | 'View' | 'Help'
  /** `Mod+Shift+T`, or a sequence: `G T`. */
  readonly shortcut?: string | undefined
  readonly icon?: LucideIcon | undefined
  readonly keywords?: readonly string[] | undefined
  /** Only in the sheet: its keys are handled by what has the focus (the grid). */
  readonly listedOnly?: boolean
  /** Has nothing to do just now: the palette leaves it out. Its keys still reach it, so that none is lost by haste. */
  readonly idle?: boolean
  readonly run: () => void
}

let registered: ReadonlyMap<symbol, readonly Command[]> = new Map()
let all: readonly Command[] = []
const listeners = new Set<() => void>()

function change(next: ReadonlyMap<symbol, readonly Command[]>) {
  registered = next
  const unique = new Map([...registered.values()].flat().map((command) => [command.id, command]))
  all = [...unique.values()].map(withChosenKeys)
  for (const listener of listeners) listener()
}

/** Its own keys, unless others were chosen. */
function withChosenKeys(command: Command): Command {
  const choices = shortcutChoices.read()
  if (!Object.hasOwn(choices, command.id)) return command
  return { ...command, shortcut: choices[command.id] ?? undefined }
}

shortcutChoices.subscribe(() => change(registered))

/** Offers these commands while the component is mounted. `run` may change freely; the rest by its text. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands)
  latest.current = commands
  const shape = commands
    .map(({ id, title, group, shortcut, idle }) => [id, title, group, shortcut, idle].join('\t'))
    .join('\n')
  useEffect(() => {
    if (shape === '') return
    const owner = Symbol()
    const stable = latest.current.map((command) => ({
      ...command,
      run: () => latest.current.find(({ id }) => id === command.id)?.run(),
    }))
    change(new Map([...registered, [owner, stable]]))
    return () => change(new Map([...registered].filter(([other]) => other !== owner)))
  }, [shape])
}

export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => all,
  )
}

/** A second key of a sequence counts for this long. */
const sequenceMs = 1200
let pending: { key: string; at: number } | null = null

/** Runs the command whose shortcut was pressed. Keys without Ctrl or Cmd rest while somebody types or walks a grid. */
export function handleShortcut(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.repeat) return
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey
  if (plain && takesKeys(event.target)) return
  const pressed = keysOf(event)
  const sequence = pending && Date.now() - pending.at < sequenceMs ? `${pending.key} ${pressed}` : null
  pending = null
  const usable = all.filter((command) => command.shortcut && !command.listedOnly)
  const command =
    usable.find(({ shortcut }) => shortcut === sequence) ?? usable.find(({ shortcut }) => shortcut === pressed)
  if (command) {
    event.preventDefault()
    command.run()
  } else if (plain && usable.some(({ shortcut }) => shortcut?.startsWith(`${pressed} `)))
    pending = { key: pressed, at: Date.now() }
}

/** What was pressed, as shortcuts are written. */
export function keysOf(event: KeyboardEvent): string {
  const mod = isMac ? event.metaKey : event.ctrlKey
  // With Alt a Mac types another character: what is on the key counts.
  const letter = event.altKey ? /^Key([A-Z])$/.exec(event.code)?.[1] : undefined
  const key = letter ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key)
  // The character already tells whether Shift was held ("?"); letters and named keys do not.
  const shift = event.shiftKey && (event.key.length > 1 || /[A-Z]/.test(key))
  return [mod && 'Mod', event.altKey && 'Alt', shift && 'Shift', key].filter(Boolean).join('+')
}

function takesKeys(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable=true], [role=grid], [role=dialog], [role=menu]') !== null
  )
}
