import { useCommands } from '@renderer/app/commands'
import { saveAutomatically } from '@renderer/app/preferences'
import { useStored } from '@renderer/app/stored'
import { toAppError } from '@renderer/bridge/api'
import { countOf } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import { ListChecks, Redo2, Save, Timer, Undo2 } from 'lucide-react'
import type { Staging } from './staging'

export interface StagingCommandsInput {
  /** A new record could not be saved: this value is missing. */
  readonly onIncomplete: (at: { readonly id: string; readonly column: string }) => void
  readonly onReview: () => void
}

/** Save, undo, redo and discard as a person gives them: each says what came of it. */
export function useStagingCommands(staging: Staging, { onIncomplete, onReview }: StagingCommandsInput) {
  async function save() {
    if (staging.edits.isEmpty) return
    const { saved, operations, incomplete } = await staging.save()
    if (saved > 0)
      toast.success(`${countOf(saved, 'change')} saved.`, {
        undo: async () => void (await staging.undoOperations(operations)),
      })
    if (incomplete) {
      toast.error(`A new record needs a value in "${incomplete.column}" before it can be saved.`)
      onIncomplete(incomplete)
    }
  }

  async function step(take: () => Promise<string | null>, done: string) {
    try {
      const what = await take()
      if (what !== null) toast.success(`${what} ${done}.`)
    } catch (error) {
      toast.error(`This could not be ${done}. ${toAppError(error).message}`)
    }
  }

  async function discard() {
    const { changes } = staging.edits.counts
    await staging.discard()
    toast.success(`${countOf(changes, 'change')} discarded.`, { undo: async () => void (await staging.undo()) })
  }

  const commands = {
    save: () => void save(),
    undo: () => void step(() => staging.undo(), 'undone'),
    redo: () => void step(() => staging.redo(), 'done again'),
    discard: () => void discard(),
  }
  const automatic = useStored(saveAutomatically)
  const nothingShown = staging.edits.counts.changes === 0
  useCommands([
    {
      id: 'records.save',
      title: 'Save changes',
      group: 'Table',
      shortcut: 'Mod+S',
      icon: Save,
      // What was typed just before is on its way to being kept, and is saved with the rest.
      idle: nothingShown,
      run: commands.save,
    },
    {
      id: 'records.review',
      title: 'Review changes',
      group: 'Table',
      shortcut: 'Mod+.',
      icon: ListChecks,
      idle: nothingShown,
      run: () => (staging.edits.isEmpty ? undefined : onReview()),
    },
    {
      id: 'records.automatic',
      title: automatic ? 'Keep edits until Save' : 'Save edits at once',
      group: 'Table',
      icon: Timer,
      keywords: ['autosave', 'automatically', 'stage'],
      run: () => saveAutomatically.write(!automatic),
    },
    {
      id: 'records.undo',
      title: 'Undo',
      group: 'Table',
      shortcut: 'Mod+Z',
      icon: Undo2,
      listedOnly: true,
      run: commands.undo,
    },
    {
      id: 'records.redo',
      title: 'Redo',
      group: 'Table',
      shortcut: 'Mod+Shift+Z',
      icon: Redo2,
      listedOnly: true,
      run: commands.redo,
    },
  ])
  return commands
}
