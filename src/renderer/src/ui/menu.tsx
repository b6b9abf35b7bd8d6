import { ChevronRight, type LucideIcon } from 'lucide-react'
import { ContextMenu as Context, DropdownMenu as Dropdown } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'
import { Standing, useFloatingLandmark } from './floating-landmark'
import { Kbd } from './kbd'
import { floatLooks } from './popover'

const contentLooks = cn(floatLooks, 'min-w-44 max-w-80 p-1')
const itemLooks =
  'relative flex h-7 items-center gap-2 rounded-md px-2 outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-bg-active data-[state=open]:bg-bg-active'
const dangerLooks = 'text-danger data-[highlighted]:bg-danger-subtle'

interface ItemExtras {
  readonly icon?: LucideIcon | undefined
  readonly shortcut?: string | undefined
  readonly danger?: boolean
}

function ItemBody(props: ItemExtras & { readonly children: ReactNode }) {
  const Icon = props.icon
  return (
    <>
      {Icon ? (
        <Icon aria-hidden className={cn('size-3.5 shrink-0', props.danger ? 'text-current' : 'text-text-muted')} />
      ) : null}
      <span className="flex-1 truncate">{props.children}</span>
      {props.shortcut ? <Kbd keys={props.shortcut} className="ml-4" /> : null}
    </>
  )
}

/** What Radix has twice, under the same names: once for each kind of menu. */
function itemsOf(Radix: Pick<typeof Dropdown | typeof Context, 'Item' | 'Separator'>) {
  return {
    Item({ icon, shortcut, danger = false, className, children, ...rest }: MenuItemProps) {
      return (
        <Radix.Item className={cn(itemLooks, danger && dangerLooks, className)} {...rest}>
          <ItemBody icon={icon} shortcut={shortcut} danger={danger}>
            {children}
          </ItemBody>
        </Radix.Item>
      )
    },
    Separator: () => <Radix.Separator className="-mx-1 my-1 h-px bg-border" />,
  }
}

export type MenuItemProps = ComponentProps<typeof Dropdown.Item> & ItemExtras

export const { Item: DropdownMenuItem, Separator: DropdownMenuSeparator } = itemsOf(Dropdown)
export const { Item: ContextMenuItem, Separator: ContextMenuSeparator } = itemsOf(Context)

/** Not modal: what is around an open menu stays readable, and one click outside closes it. */
export function DropdownMenu(props: ComponentProps<typeof Dropdown.Root>) {
  return <Dropdown.Root modal={false} {...props} />
}
export function DropdownMenuTrigger(props: ComponentProps<typeof Dropdown.Trigger>) {
  return <Dropdown.Trigger asChild {...props} />
}
export function DropdownMenuContent({ className, children, ...rest }: ComponentProps<typeof Dropdown.Content>) {
  const landmark = useFloatingLandmark('Menu')
  return (
    <Dropdown.Portal container={landmark}>
      <Dropdown.Content
        align="start"
        sideOffset={4}
        collisionPadding={8}
        className={cn(contentLooks, className)}
        {...rest}
      >
        <Standing landmark={landmark} />
        {children}
      </Dropdown.Content>
    </Dropdown.Portal>
  )
}
export function DropdownMenuLabel(props: ComponentProps<typeof Dropdown.Label>) {
  return <Dropdown.Label className="px-2 pt-1.5 pb-1 text-sm font-medium text-text-muted" {...props} />
}

export function ContextMenu(props: ComponentProps<typeof Context.Root>) {
  return <Context.Root modal={false} {...props} />
}
export function ContextMenuTrigger(props: ComponentProps<typeof Context.Trigger>) {
  return <Context.Trigger asChild {...props} />
}
export function ContextMenuContent({ className, children, ...rest }: ComponentProps<typeof Context.Content>) {
  const landmark = useFloatingLandmark('Menu')
  return (
    <Context.Portal container={landmark}>
      <Context.Content collisionPadding={8} className={cn(contentLooks, className)} {...rest}>
        <Standing landmark={landmark} />
        {children}
      </Context.Content>
    </Context.Portal>
  )
}
export function ContextMenuSub(props: ComponentProps<typeof Context.Sub>) {
  return <Context.Sub {...props} />
}
export function ContextMenuSubTrigger(props: ComponentProps<typeof Context.SubTrigger> & ItemExtras) {
  const { icon, children, ...rest } = props
  return (
    <Context.SubTrigger className={itemLooks} {...rest}>
      <ItemBody icon={icon}>{children}</ItemBody>
      <ChevronRight aria-hidden className="size-3.5 text-text-muted" />
    </Context.SubTrigger>
  )
}
export function ContextMenuSubContent({ children, ...rest }: ComponentProps<typeof Context.SubContent>) {
  const landmark = useFloatingLandmark('Submenu')
  return (
    <Context.Portal container={landmark}>
      <Context.SubContent sideOffset={2} collisionPadding={8} className={contentLooks} {...rest}>
        <Standing landmark={landmark} />
        {children}
      </Context.SubContent>
    </Context.Portal>
  )
}
