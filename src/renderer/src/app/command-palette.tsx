import { filterByKeywords } from '@renderer/ui/command-filter'
import { Dialog, overlayLooks } from '@renderer/ui/dialog'
import { Kbd } from '@renderer/ui/kbd'
import { Command as Palette } from 'cmdk'
import { ChevronRight, Search } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { type Command, useAllCommands } from './commands'
import { mostRecent, recentCommands } from './preferences'
import { useStored } from './stored'

const groups = ['Table', 'Schema', 'SQL', 'Tabs', 'Go to', 'Project', 'View', 'Help'] as const
const groupNames: Readonly<Record<Command['group'], string>> = {
  Table: 'Tables',
  Schema: 'Schema canvas',
  SQL: 'SQL',
  Tabs: 'Tabs',
  'Go to': 'Go to',
  Project: 'Projects',
  View: 'View',
  Help: 'Help',
}

/** How many of the commands used last stand on top before anything is typed. */
const recentShown = 5

export function CommandPalette({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={overlayLooks} />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed top-[14vh] left-1/2 z-40 w-[calc(100vw-2rem)] max-w-150 -translate-x-1/2 overflow-hidden rounded-lg border border-border bg-bg-raised shadow-float outline-none data-[state=open]:animate-overlay-in"
        >
          <Radix.Title className="sr-only">Search tables and commands</Radix.Title>
          {open ? <Commands onClose={onClose} /> : null}
        </Radix.Content>
      </Radix.Portal>
    </Dialog>
  )
}

function Commands({ onClose }: { readonly onClose: () => void }) {
  const all = useAllCommands().filter(({ id, listedOnly, idle }) => id !== 'help.palette' && !listedOnly && !idle)
  const used = useStored(recentCommands)
  const recent = used.flatMap((id) => all.find((command) => command.id === id) ?? []).slice(0, recentShown)

  function run(command: Command) {
    recentCommands.write(mostRecent(used, command.id))
    onClose()
    command.run()
  }

  const item = (command: Command) => <PaletteItem key={command.id} command={command} onRun={() => run(command)} />
  return (
    <Palette label="Search tables and commands" loop filter={filterByKeywords}>
      <div className="flex items-center gap-2.5 border-b border-border px-4">
        <Search aria-hidden className="size-4 shrink-0 text-text-muted" />
        <Palette.Input
          placeholder="Search tables and commands"
          className="h-11 w-full bg-transparent text-lg outline-none"
        />
      </div>
      <Palette.List className="max-h-[min(26rem,56vh)] overflow-y-auto p-1.5">
        <Palette.Empty className="px-3 py-6 text-center text-text-muted">Nothing has this name.</Palette.Empty>
        {recent.length > 0 ? <Group heading="Recent">{recent.map(item)}</Group> : null}
        {groups.map((group) => {
          const commands = all.filter((command) => command.group === group && !recent.includes(command))
          return commands.length > 0 ? (
            <Group key={group} heading={groupNames[group]}>
              {commands.map(item)}
            </Group>
          ) : null
        })}
      </Palette.List>
    </Palette>
  )
}

function Group(props: { readonly heading: string; readonly children: React.ReactNode }) {
  return (
    <Palette.Group
      heading={props.heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-sm [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-text-muted"
    >
      {props.children}
    </Palette.Group>
  )
}

function PaletteItem({ command, onRun }: { readonly command: Command; readonly onRun: () => void }) {
  const Icon = command.icon ?? ChevronRight
  return (
    <Palette.Item
      value={command.id}
      keywords={[command.title, ...(command.keywords ?? [])]}
      className="flex h-8 items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-bg-active"
      onSelect={onRun}
    >
      <Icon aria-hidden className="size-4 shrink-0 text-text-muted" />
      <span className="flex-1 truncate">{command.title}</span>
      {command.shortcut ? <Shortcut shortcut={command.shortcut} /> : null}
    </Palette.Item>
  )
}

/** A shortcut, or the keys of a sequence one after the other. */
export function Shortcut({ shortcut }: { readonly shortcut: string }) {
  return (
    <span className="flex items-center gap-1">
      {shortcut.split(' ').map((keys) => (
        <Kbd key={keys} keys={keys} />
      ))}
    </span>
  )
}
