import type { LucideIcon } from 'lucide-react'
import { Slot } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'
import { Tooltip } from './tooltip'

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger'
/** `md` is 28 px, in dialogs `lg` 32 px; `sm` (24 px) sits inside bars and rows. */
export type ButtonSize = 'sm' | 'md' | 'lg'

const looks: Readonly<Record<ButtonVariant, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover active:bg-accent-hover',
  secondary: 'border border-border-strong bg-bg-raised text-text hover:bg-bg-hover active:bg-bg-active',
  ghost:
    'text-text-muted hover:bg-bg-hover hover:text-text active:bg-bg-active aria-expanded:bg-bg-hover aria-expanded:text-text',
  danger: 'bg-danger-fill text-on-danger hover:bg-danger-fill-hover active:bg-danger-fill-hover',
}

const heights: Readonly<Record<ButtonSize, string>> = {
  sm: 'h-6 gap-1 px-2 text-sm',
  md: 'h-7 gap-1.5 px-2.5',
  lg: 'h-8 gap-1.5 px-3.5',
}

const widths: Readonly<Record<ButtonSize, string>> = { sm: 'size-6', md: 'size-7', lg: 'size-8' }

const base =
  'inline-flex shrink-0 items-center justify-center rounded-md font-medium whitespace-nowrap transition-colors disabled:opacity-50 disabled:pointer-events-none'

export interface ButtonProps extends ComponentProps<'button'> {
  readonly variant?: ButtonVariant
  readonly size?: ButtonSize
  readonly icon?: LucideIcon | undefined
  /** Gives the looks to the child (a link) instead. The icon is then the child's own. */
  readonly asChild?: boolean
}

/** The one button. Say what it does with a verb: "Create table", "Delete 3 records". */
export function Button({
  variant = 'secondary',
  size = 'md',
  icon: Icon,
  asChild = false,
  className,
  children,
  ...rest
}: ButtonProps) {
  const classes = cn(base, looks[variant], heights[size], className)
  if (asChild)
    return (
      <Slot.Root className={classes} {...rest}>
        {children}
      </Slot.Root>
    )
  return (
    <button type="button" className={classes} {...rest}>
      {Icon ? <Icon aria-hidden className="-ml-0.5 size-3.5 shrink-0" /> : null}
      {children}
    </button>
  )
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  /** Read aloud, and shown as the tooltip. */
  readonly label: string
  readonly icon: LucideIcon
  readonly size?: ButtonSize
  readonly variant?: ButtonVariant
  readonly shortcut?: string | undefined
  readonly tooltip?: ReactNode
  readonly side?: 'top' | 'right' | 'bottom' | 'left'
}

/** A button that shows only a picture: its label is its tooltip and its name. */
export function IconButton({
  label,
  icon: Icon,
  size = 'md',
  variant = 'ghost',
  shortcut,
  tooltip,
  side = 'bottom',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip content={tooltip ?? label} shortcut={shortcut} side={side}>
      <button type="button" aria-label={label} className={cn(base, looks[variant], widths[size], className)} {...rest}>
        <Icon aria-hidden className={size === 'sm' ? 'size-3.5' : 'size-4'} />
      </button>
    </Tooltip>
  )
}
