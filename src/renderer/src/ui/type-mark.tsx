import type { BaseType } from '@shared/domain/column-type'
import {
  Binary,
  Braces,
  Calendar,
  CalendarClock,
  Clock,
  DecimalsArrowRight,
  Fingerprint,
  Hash,
  type LucideIcon,
  SquareCheck,
  Timer,
  Type,
} from 'lucide-react'
import { cn } from './cn'

interface TypeLook {
  readonly icon: LucideIcon
  /** Text colour class of the type's hue. */
  readonly hue: string
}

const number = { icon: Hash, hue: 'text-type-integer' }
const fraction = { icon: DecimalsArrowRight, hue: 'text-type-decimal' }
const text = { icon: Type, hue: 'text-type-text' }
const looks: Readonly<Record<BaseType, TypeLook>> = {
  smallint: number,
  integer: number,
  bigint: number,
  numeric: fraction,
  real: fraction,
  double: fraction,
  text,
  varchar: text,
  boolean: { icon: SquareCheck, hue: 'text-type-boolean' },
  date: { icon: Calendar, hue: 'text-type-time' },
  time: { icon: Clock, hue: 'text-type-time' },
  timestamp: { icon: CalendarClock, hue: 'text-type-time' },
  timestamptz: { icon: CalendarClock, hue: 'text-type-time' },
  interval: { icon: Timer, hue: 'text-type-time' },
  uuid: { icon: Fingerprint, hue: 'text-type-uuid' },
  jsonb: { icon: Braces, hue: 'text-type-json' },
  bytea: { icon: Binary, hue: 'text-type-bytes' },
}

/** The one picture and hue of a column type, the same in grid, filters, dialogs and completion. */
export function typeLook(base: BaseType): TypeLook {
  return looks[base]
}

export function TypeMark({ base, className }: { readonly base: BaseType; readonly className?: string }) {
  const { icon: Icon, hue } = looks[base]
  return <Icon aria-hidden className={cn('size-3.5 shrink-0', hue, className)} />
}
