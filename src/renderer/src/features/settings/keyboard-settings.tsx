import { Shortcut } from '@renderer/app/command-palette'
import { type Command, keysOf, useAllCommands } from '@renderer/app/commands'
import { shortcutChoices } from '@renderer/app/preferences'
import { useStored } from '@renderer/app/stored'
import { Button, IconButton } from '@renderer/ui/button'
import { shortcutText } from '@renderer/ui/kbd'
import { RotateCcw } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { Setting, SettingsGroup } from './setting'

/** Every command with its keys; they are set by pressing them. */
export function KeyboardSettings() {
  const commands = useAllCommands().filter(
    ({ id, listedOnly }) => listedOnly !== true && !/^(table|project)\.[0-9a-f-]{36}$/.test(id),
  )
  const choices = useStored(shortcutChoices)
  const [recording, setRecording] = useState<string | null>(null)
  const [clash, setClash] = useState<{ readonly id: string; readonly sentence: string } | null>(null)

  function choose(command: Command, shortcut: string | null) {
    const other =
      shortcut === null ? undefined : commands.find((one) => one.id !== command.id && one.shortcut === shortcut)
    if (other)
      return setClash({
        id: command.id,
        sentence: `${shortcutText(shortcut ?? '')} is “${other.title}”. Choose other keys, or change that first.`,
      })
    setClash(null)
    setRecording(null)
    shortcutChoices.write({ ...choices, [command.id]: shortcut })
  }

  function onKeyDown(event: KeyboardEvent, command: Command) {
    if (recording !== command.id || event.key === 'Tab') return
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape') {
      setClash(null)
      return setRecording(null)
    }
    if (['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return
    if (event.key === 'Backspace' || event.key === 'Delete') return choose(command, null)
    choose(command, keysOf(event.nativeEvent))
  }

  function reset(id: string) {
    shortcutChoices.write(Object.fromEntries(Object.entries(choices).filter(([name]) => name !== id)))
  }

  return (
    <SettingsGroup id="keyboard" title="Keyboard">
      {commands.map((command) => (
        <Setting key={command.id} label={command.title} keywords={`shortcut keys ${command.group}`}>
          {clash?.id === command.id ? (
            <span role="alert" className="text-sm text-danger">
              {clash.sentence}
            </span>
          ) : null}
          <Button
            aria-label={`Keys for ${command.title}`}
            variant={recording === command.id ? 'primary' : 'ghost'}
            onClick={() => {
              setClash(null)
              setRecording(recording === command.id ? null : command.id)
            }}
            onBlur={() => recording === command.id && setRecording(null)}
            onKeyDown={(event) => onKeyDown(event, command)}
          >
            {recording === command.id ? (
              'Press the keys'
            ) : command.shortcut ? (
              <Shortcut shortcut={command.shortcut} />
            ) : (
              'None'
            )}
          </Button>
          {Object.hasOwn(choices, command.id) ? (
            <IconButton
              label={`Reset the keys of ${command.title}`}
              icon={RotateCcw}
              size="sm"
              onClick={() => reset(command.id)}
            />
          ) : null}
        </Setting>
      ))}
    </SettingsGroup>
  )
}
