import type { LucideIcon } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import { cn } from './cn'
import { useField } from './field'

export interface SegmentedProps<Value extends string> {
  readonly value: Value
  readonly onValueChange: (value: Value) => void
  readonly options: ReadonlyArray<{ readonly value: Value; readonly label: string; readonly icon?: LucideIcon }>
  readonly 'aria-label': string
  readonly className?: string
}

/** One of two to four, all in sight. */
export function Segmented<Value extends string>(props: SegmentedProps<Value>) {
  const field = useField()
  return (
    <RadioGroup.Root
      orientation="horizontal"
      aria-label={props['aria-label']}
      aria-describedby={field['aria-describedby']}
      value={props.value}
      className={cn('inline-flex w-fit rounded-md border border-border bg-bg-subtle p-0.5', props.className)}
      onValueChange={(value) => {
        const option = props.options.find((candidate) => candidate.value === value)
        if (option) props.onValueChange(option.value)
      }}
    >
      {props.options.map(({ value, label, icon: Icon }) => (
        <RadioGroup.Item
          key={value}
          value={value}
          className="inline-flex h-6 items-center gap-1.5 rounded-sm px-2.5 text-text-muted transition-colors hover:text-text data-[state=checked]:bg-bg-raised data-[state=checked]:font-medium data-[state=checked]:text-text data-[state=checked]:shadow-[0_0_0_1px_var(--border-strong)]"
        >
          {Icon ? <Icon aria-hidden className="size-3.5" /> : null}
          {label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}
