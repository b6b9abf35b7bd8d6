import { Check, Minus } from 'lucide-react'
import { Checkbox as RadixCheckbox, Switch as RadixSwitch } from 'radix-ui'
import { type ComponentProps, createContext, type ReactNode, useContext, useId } from 'react'
import { cn } from './cn'

interface FieldWiring {
  readonly id: string
  readonly describedBy: string | undefined
  readonly invalid: boolean
}

const FieldContext = createContext<FieldWiring | null>(null)

/** The id, description and validity that the Field around gives to its control. */
export function useField() {
  const field = useContext(FieldContext)
  return field
    ? { id: field.id, 'aria-describedby': field.describedBy, 'aria-invalid': field.invalid || undefined }
    : {}
}

export interface FieldProps {
  readonly label: ReactNode
  readonly hint?: ReactNode
  /** A sentence; shown under the control and read with it. */
  readonly error?: string | null | undefined
  /** The label is read but not seen. */
  readonly hideLabel?: boolean
  /** At the right end of the label's line: "Optional", say. */
  readonly aside?: ReactNode
  readonly className?: string | undefined
  readonly children: ReactNode
}

/** A label over one control, its hint and its error, wired for screen readers. */
export function Field({ label, hint, error, hideLabel = false, aside, className, children }: FieldProps) {
  const id = useId()
  const described = [hint ? `${id}-hint` : null, error ? `${id}-error` : null].filter(Boolean).join(' ')
  return (
    <FieldContext value={{ id, describedBy: described || undefined, invalid: Boolean(error) }}>
      <div className={cn('flex min-w-0 flex-col gap-1', className)}>
        <div className={hideLabel ? 'sr-only' : 'flex items-baseline justify-between gap-2'}>
          <label htmlFor={id} className="font-medium">
            {label}
          </label>
          {aside ? <span className="text-sm text-text-muted">{aside}</span> : null}
        </div>
        {children}
        {hint ? (
          <p id={`${id}-hint`} className="text-sm text-text-muted">
            {hint}
          </p>
        ) : null}
        {error ? (
          <p id={`${id}-error`} role="alert" className="text-sm text-danger">
            {error}
          </p>
        ) : null}
      </div>
    </FieldContext>
  )
}

/** The box that text controls share; `aria-invalid` turns it red. */
export const controlLooks =
  'w-full min-w-0 rounded-md border border-border-strong bg-bg text-text transition-colors placeholder:text-text-muted focus-visible:border-focus focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-danger aria-invalid:outline-danger disabled:opacity-60'

export type ControlSize = 'md' | 'lg'
export const controlHeights: Readonly<Record<ControlSize, string>> = { md: 'h-7 px-2', lg: 'h-8 px-2.5' }

export interface TextInputProps extends Omit<ComponentProps<'input'>, 'size'> {
  readonly size?: ControlSize
  readonly mono?: boolean
}

export function TextInput({ size = 'md', mono = false, className, ...rest }: TextInputProps) {
  return (
    <input
      type="text"
      autoComplete="off"
      spellCheck={false}
      {...useField()}
      className={cn(controlLooks, controlHeights[size], mono && 'font-mono', className)}
      {...rest}
    />
  )
}

export interface TextAreaProps extends ComponentProps<'textarea'> {
  readonly mono?: boolean
}

export function TextArea({ mono = false, className, ...rest }: TextAreaProps) {
  return (
    <textarea
      rows={3}
      spellCheck={false}
      {...useField()}
      className={cn(controlLooks, 'resize-y px-2.5 py-1.5', mono && 'font-mono', className)}
      {...rest}
    />
  )
}

export interface NumberInputProps extends Omit<TextInputProps, 'value' | 'onChange' | 'inputMode'> {
  /** The text as typed: a bigint or numeric would lose digits as a number. */
  readonly value: string
  readonly onValueChange: (value: string) => void
  readonly decimal?: boolean
}

/** Takes digits, a sign and, with `decimal`, a point and an exponent; other keys do nothing. */
export function NumberInput({ onValueChange, decimal = false, className, ...rest }: NumberInputProps) {
  const allowed = decimal ? /^-?\d*\.?\d*(e[-+]?\d*)?$/i : /^-?\d*$/
  return (
    <TextInput
      mono
      inputMode={decimal ? 'decimal' : 'numeric'}
      className={cn('text-right tabular-nums', className)}
      {...rest}
      onChange={(event) => {
        if (allowed.test(event.target.value)) onValueChange(event.target.value)
      }}
    />
  )
}

export interface CheckboxProps extends ComponentProps<typeof RadixCheckbox.Root> {
  /** Beside the box. Without it, give an `aria-label` or put it in a Field. */
  readonly label?: ReactNode
}

export function Checkbox({ label, className, ...rest }: CheckboxProps) {
  const field = useField()
  const own = useId()
  const id = rest.id ?? field.id ?? own
  const box = (
    <RadixCheckbox.Root
      {...field}
      {...rest}
      id={id}
      className={cn(
        'group inline-flex size-4 shrink-0 items-center justify-center rounded-sm border border-border-strong bg-bg text-on-accent transition-colors disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent',
        className,
      )}
    >
      <RadixCheckbox.Indicator>
        <Check aria-hidden strokeWidth={3} className="size-3 group-data-[state=indeterminate]:hidden" />
        <Minus aria-hidden strokeWidth={3} className="hidden size-3 group-data-[state=indeterminate]:block" />
      </RadixCheckbox.Indicator>
    </RadixCheckbox.Root>
  )
  if (label === undefined) return box
  return (
    <span className="inline-flex items-center gap-2">
      {box}
      <label htmlFor={id}>{label}</label>
    </span>
  )
}

export interface SwitchProps extends ComponentProps<typeof RadixSwitch.Root> {
  readonly label?: ReactNode
}

export function Switch({ label, className, ...rest }: SwitchProps) {
  const field = useField()
  const own = useId()
  const id = rest.id ?? field.id ?? own
  const control = (
    <RadixSwitch.Root
      {...field}
      {...rest}
      id={id}
      className={cn(
        'inline-flex h-4 w-7 shrink-0 items-center rounded-full bg-border-strong p-0.5 transition-colors disabled:opacity-50 data-[state=checked]:bg-accent',
        className,
      )}
    >
      <RadixSwitch.Thumb className="block size-3 rounded-full bg-bg transition-transform data-[state=checked]:translate-x-3 data-[state=checked]:bg-on-accent" />
    </RadixSwitch.Root>
  )
  if (label === undefined) return control
  return (
    <span className="inline-flex items-center gap-2">
      {control}
      <label htmlFor={id}>{label}</label>
    </span>
  )
}
