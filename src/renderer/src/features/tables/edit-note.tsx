import { cn } from '@renderer/ui/cn'
import { Segmented } from '@renderer/ui/segmented'
import type { EditEffect } from '@shared/contract/tables.contract'
import { effectSentence, losesValues, offersNull } from './effect-words'

export interface EditNoteProps {
  readonly effects: readonly EditEffect[]
  readonly onUnfit: (unfit: 'refuse' | 'null') => void
}

/** Under a column: what its changes do to the records that exist. */
export function EditNote({ effects, onUnfit }: EditNoteProps) {
  return (
    <ul className="flex flex-col gap-1 pt-0.5 pr-9 pb-1.5 pl-9 text-sm">
      {effects.map((effect) => (
        <li key={JSON.stringify(effect.edit)} className="flex flex-col items-start gap-1.5">
          <span
            className={cn('break-words', losesValues(effect) || effect.refused ? 'text-danger' : 'text-text-muted')}
          >
            {effectSentence(effect)}
          </span>
          {effect.edit.type === 'changeType' && offersNull(effect) ? (
            <Segmented
              aria-label="Values that do not fit"
              value={effect.edit.unfit ?? 'refuse'}
              options={[
                { value: 'refuse', label: 'Refuse' },
                { value: 'null', label: 'Set to NULL' },
              ]}
              onValueChange={onUnfit}
            />
          ) : null}
        </li>
      ))}
    </ul>
  )
}
