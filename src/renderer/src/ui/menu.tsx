import { Check, ChevronRight, type LucideIcon } from 'lucide-react'
import { ContextMenu as Context, DropdownMenu as Dropdown } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'
import { Kbd } from './kbd'
import { floatLooks } from './popover'

const contentLooks = cn(floatLooks, 'min-w-44 max-w-80 p-1')
const itemLooks =
  'relative flex h-7 items-center gap-2 rounded-md px-2 outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-bg-active data-[state=open]:bg-bg-active'
const dangerLooks = 'text-danger data-[highlighted]:bg-danger-subtle'
const labelLooks = 'px-2 pt-1.5 pb-1 text-sm font-medium text-text-muted'
const separatorLooks = '-mx-1 my-1 h-px bg-border'
const choiceLooks = cn(itemLooks, 'pl-7')

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

const tick = <Check aria-hidden className="absolute left-2 size-3.5 text-accent-text" />

/** Not modal: what is around an open menu stays readable, and one click outside closes it. */
export function DropdownMenu(props: ComponentProps<typeof Dropdown.Root>) {
  return <Dropdown.Root modal={false} {...props} />
}
export function DropdownMenuTrigger(props: ComponentProps<typeof Dropdown.Trigger>) {
  return <Dropdown.Trigger asChild {...props} />
}
export function DropdownMenuContent({ className, ...rest }: ComponentProps<typeof Dropdown.Content>) {
  return (
    <Dropdown.Portal>
      <Dropdown.Content
        align="start"
        sideOffset={4}
        collisionPadding={8}
        className={cn(contentLooks, className)}
        {...rest}
      />
    </Dropdown.Portal>
  )
}
export function DropdownMenuItem({
  icon,
  shortcut,
  danger = false,
  className,
  children,
  ...rest
}: ComponentProps<typeof Dropdown.Item> & ItemExtras) {
  return (
    <Dropdown.Item className={cn(itemLooks, danger && dangerLooks, className)} {...rest}>
      <ItemBody icon={icon} shortcut={shortcut} danger={danger}>
        {children}
      </ItemBody>
    </Dropdown.Item>
  )
}
export function DropdownMenuCheckboxItem({ children, ...rest }: ComponentProps<typeof Dropdown.CheckboxItem>) {
  return (
    <Dropdown.CheckboxItem className={choiceLooks} {...rest}>
      <Dropdown.ItemIndicator>{tick}</Dropdown.ItemIndicator>
      <ItemBody>{children}</ItemBody>
    </Dropdown.CheckboxItem>
  )
}
export function DropdownMenuRadioGroup(props: ComponentProps<typeof Dropdown.RadioGroup>) {
  return <Dropdown.RadioGroup {...props} />
}
export function DropdownMenuRadioItem({ children, ...rest }: ComponentProps<typeof Dropdown.RadioItem>) {
  return (
    <Dropdown.RadioItem className={choiceLooks} {...rest}>
      <Dropdown.ItemIndicator>{tick}</Dropdown.ItemIndicator>
      <ItemBody>{children}</ItemBody>
    </Dropdown.RadioItem>
  )
}
export function DropdownMenuLabel(props: ComponentProps<typeof Dropdown.Label>) {
  return <Dropdown.Label className={labelLooks} {...props} />
}
export function DropdownMenuSeparator() {
  return <Dropdown.Separator className={separatorLooks} />
}
export function DropdownMenuSub(props: ComponentProps<typeof Dropdown.Sub>) {
  return <Dropdown.Sub {...props} />
}
export function DropdownMenuSubTrigger({
  icon,
  children,
  ...rest
}: ComponentProps<typeof Dropdown.SubTrigger> & ItemExtras) {
  return (
    <Dropdown.SubTrigger className={itemLooks} {...rest}>
      <ItemBody icon={icon}>{children}</ItemBody>
      <ChevronRight aria-hidden className="size-3.5 text-text-muted" />
    </Dropdown.SubTrigger>
  )
}
export function DropdownMenuSubContent(props: ComponentProps<typeof Dropdown.SubContent>) {
  return (
    <Dropdown.Portal>
      <Dropdown.SubContent sideOffset={2} collisionPadding={8} className={contentLooks} {...props} />
    </Dropdown.Portal>
  )
}

export function ContextMenu(props: ComponentProps<typeof Context.Root>) {
  return <Context.Root modal={false} {...props} />
}
export function ContextMenuTrigger(props: ComponentProps<typeof Context.Trigger>) {
  return <Context.Trigger asChild {...props} />
}
export function ContextMenuContent({ className, ...rest }: ComponentProps<typeof Context.Content>) {
  return (
    <Context.Portal>
      <Context.Content collisionPadding={8} className={cn(contentLooks, className)} {...rest} />
    </Context.Portal>
  )
}
export function ContextMenuItem({
  icon,
  shortcut,
  danger = false,
  className,
  children,
  ...rest
}: ComponentProps<typeof Context.Item> & ItemExtras) {
  return (
    <Context.Item className={cn(itemLooks, danger && dangerLooks, className)} {...rest}>
      <ItemBody icon={icon} shortcut={shortcut} danger={danger}>
        {children}
      </ItemBody>
    </Context.Item>
  )
}
export function ContextMenuCheckboxItem({ children, ...rest }: ComponentProps<typeof Context.CheckboxItem>) {
  return (
    <Context.CheckboxItem className={choiceLooks} {...rest}>
      <Context.ItemIndicator>{tick}</Context.ItemIndicator>
      <ItemBody>{children}</ItemBody>
    </Context.CheckboxItem>
  )
}
export function ContextMenuLabel(props: ComponentProps<typeof Context.Label>) {
  return <Context.Label className={labelLooks} {...props} />
}
export function ContextMenuSeparator() {
  return <Context.Separator className={separatorLooks} />
}
export function ContextMenuSub(props: ComponentProps<typeof Context.Sub>) {
  return <Context.Sub {...props} />
}
export function ContextMenuSubTrigger({
  icon,
  children,
  ...rest
}: ComponentProps<typeof Context.SubTrigger> & ItemExtras) {
  return (
    <Context.SubTrigger className={itemLooks} {...rest}>
      <ItemBody icon={icon}>{children}</ItemBody>
      <ChevronRight aria-hidden className="size-3.5 text-text-muted" />
    </Context.SubTrigger>
  )
}
export function ContextMenuSubContent(props: ComponentProps<typeof Context.SubContent>) {
  return (
    <Context.Portal>
      <Context.SubContent sideOffset={2} collisionPadding={8} className={contentLooks} {...props} />
    </Context.Portal>
  )
}
