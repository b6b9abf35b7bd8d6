import { Badge } from '@renderer/ui/badge'
import { cn } from '@renderer/ui/cn'
import { Checkbox } from '@renderer/ui/field'
import { countOf } from '@renderer/ui/figures'
import type { EditEffect } from '@shared/contract/tables.contract'
import { CircleAlert } from 'lucide-react'

export interface EffectItemProps {
  readonly effect: EditEffect
  readonly emptied: boolean
  readonly onEmptied: (on: boolean) => void
}

/** One change under review: its sentence, the values it touches, and why it cannot be. */
export function EffectItem({ effect, emptied, onEmptied }: EffectItemProps) {
  const isRetype = effect.edit.type === 'changeType'
  return (
    <li className="flex items-start gap-2 px-3 py-2">
      <div className="min-w-0 flex-1">
        <p className={cn('break-words', effect.refused && 'text-danger')}>
          {effect.refused ? <CircleAlert aria-hidden className="mr-1.5 inline size-3.5 align-[-2px]" /> : null}
          {effect.sentence}
        </p>
        {effect.examples.length > 0 ? (
          <p className="mt-0.5 truncate font-mono text-sm text-text-muted">{effect.examples.join(', ')}</p>
        ) : null}
        {isRetype && (effect.refused || emptied) ? (
          <div className="mt-1.5">
            <Checkbox
              label="Values that do not fit become NULL"
              checked={emptied}
              onCheckedChange={(checked) => onEmptied(checked === true)}
            />
          </div>
        ) : null}
      </div>
      {effect.refused ? <Badge tone="danger">Not possible</Badge> : null}
      {effect.affected > 0 ? <Badge tone="warning">{countOf(effect.affected, 'value')}</Badge> : null}
    </li>
  )
}
