import { Popover as Radix } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn'

export function Popover(props: ComponentProps<typeof Radix.Root>) {
  return <Radix.Root {...props} />
}

export function PopoverTrigger(props: ComponentProps<typeof Radix.Trigger>) {
  return <Radix.Trigger asChild {...props} />
}

export function PopoverAnchor(props: ComponentProps<typeof Radix.Anchor>) {
  return <Radix.Anchor asChild {...props} />
}

export function PopoverClose(props: ComponentProps<typeof Radix.Close>) {
  return <Radix.Close asChild {...props} />
}

/** What floats looks the same everywhere: menus, popovers, lists. */
export const floatLooks =
  'z-50 rounded-lg border border-border bg-bg-raised text-text shadow-float outline-none data-[state=closed]:animate-float-out data-[state=open]:animate-float-in'

/** Give it an `aria-label`, or an `aria-labelledby`: it is a dialog to a screen reader. */
export function PopoverContent({ className, ...rest }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        align="start"
        sideOffset={4}
        collisionPadding={8}
        className={cn(floatLooks, 'max-h-(--radix-popover-content-available-height) overflow-y-auto', className)}
        {...rest}
      />
    </Radix.Portal>
  )
}
