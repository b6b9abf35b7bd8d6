import { cn } from '@renderer/ui/cn'
import { controlLooks } from '@renderer/ui/field'
import type { KeyboardEvent } from 'react'

export interface ClockFieldsProps {
  /** `HH:MM:SS`, or nothing. */
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onEnter: () => void
}

const parts = [
  { name: 'Hours', most: 23 },
  { name: 'Minutes', most: 59 },
  { name: 'Seconds', most: 59 },
] as const

/** Hours, minutes and seconds of 24 hours: typed, or walked with Up and Down. */
export function ClockFields({ value, onChange, onEnter }: ClockFieldsProps) {
  const numbers = value === '' ? [0, 0, 0] : value.split(':').map(Number)
  function put(index: number, next: number) {
    const most = parts[index]?.most ?? 59
    const within = next > most ? 0 : next < 0 ? most : next
    onChange(numbers.map((number, at) => String(at === index ? within : number).padStart(2, '0')).join(':'))
  }
  function onKeyDown(event: KeyboardEvent<HTMLInputElement>, index: number) {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key]
    if (by !== undefined) put(index, (numbers[index] ?? 0) + by)
    else if (event.key === 'Enter') onEnter()
    else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: three fields of one time, not a form's fieldset
    <div role="group" aria-label="Time" className="flex items-center gap-0.5 font-mono text-sm">
      {parts.map(({ name, most }, index) => (
        <span key={name} className="flex items-center gap-0.5">
          {index > 0 ? <span aria-hidden>:</span> : null}
          <input
            inputMode="numeric"
            aria-label={name}
            value={value === '' ? '' : String(numbers[index] ?? 0).padStart(2, '0')}
            placeholder="00"
            className={cn(controlLooks, 'h-7 w-8! text-center')}
            onFocus={(event) => event.currentTarget.select()}
            onChange={(event) => {
              const digits = event.target.value.replace(/\D/g, '').slice(-2)
              const number = Number(digits)
              if (digits !== '' && number <= most) put(index, number)
            }}
            onKeyDown={(event) => onKeyDown(event, index)}
          />
        </span>
      ))}
    </div>
  )
}
