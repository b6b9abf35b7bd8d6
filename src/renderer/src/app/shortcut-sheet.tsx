import { Sheet, SheetContent } from '@renderer/ui/sheet'
import { Shortcut } from './command-palette'
import { type Command, useAllCommands } from './commands'

const order = ['Go to', 'Tabs', 'Table', 'Schema', 'SQL', 'Project', 'View', 'Help'] as const
const names: Readonly<Record<Command['group'], string>> = {
  'Go to': 'Go to',
  Tabs: 'Tabs',
  Table: 'Table editor',
  Schema: 'Schema canvas',
  SQL: 'SQL',
  Project: 'Projects',
  View: 'View',
  Help: 'Help',
}

/** Every shortcut that works on this page. */
export function ShortcutSheet({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const commands = useAllCommands()
  return (
    <Sheet open={open} onOpenChange={(next) => !next && onClose()}>
      <SheetContent title="Keyboard shortcuts" description="Letters rest while you type.">
        <div className="flex-1 overflow-y-auto px-4 py-3">
          {order.map((group) => {
            const listed = commands.filter((command) => command.group === group && command.shortcut)
            return listed.length > 0 ? (
              <section key={group} aria-label={names[group]} className="mb-4">
                <h3 className="mb-1 text-sm font-medium text-text-muted">{names[group]}</h3>
                <ul>
                  {listed.map((command) => (
                    <li key={command.id} className="flex h-7 items-center justify-between gap-4">
                      <span className="truncate">{command.title}</span>
                      {command.shortcut ? <Shortcut shortcut={command.shortcut} /> : null}
                    </li>
                  ))}
                </ul>
              </section>
            ) : null
          })}
        </div>
      </SheetContent>
    </Sheet>
  )
}
