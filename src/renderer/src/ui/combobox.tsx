import { Command } from 'cmdk'
import { Check, ChevronDown, Plus } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { cn } from './cn'
import { filterByKeywords } from './command-filter'
import { type ControlSize, controlHeights, controlLooks, useField } from './field'
import { Popover, PopoverContent, PopoverTrigger } from './popover'

export interface ComboboxOption {
  readonly value: string
  readonly label: string
  readonly icon?: ReactNode
  readonly hint?: string | undefined
  /** Other words that find it. */
  readonly keywords?: readonly string[]
}

export interface ComboboxProps {
  readonly value: string | null
  readonly options: readonly ComboboxOption[]
  readonly onValueChange: (value: string) => void
  readonly placeholder?: string
  readonly searchPlaceholder?: string
  /** Said when nothing matches. */
  readonly empty?: string
  /** Takes what was typed when no option has that name. */
  readonly onCreate?: ((text: string) => void) | undefined
  /** Set when the options come by search term from the server: no filtering here. */
  readonly onSearch?: ((text: string) => void) | undefined
  readonly size?: ControlSize
  readonly disabled?: boolean
  /** The list is wider than the control: its hints are sentences. */
  readonly wide?: boolean
  readonly className?: string | undefined
  readonly 'aria-label'?: string
}

/** One of many, found by typing. */
export function Combobox(props: ComboboxProps) {
  const [open, setOpen] = useState(false)
  const [search, setSearch] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const field = useField()
  const selected = props.options.find((option) => option.value === props.value)
  const label = props['aria-label'] ?? props.placeholder ?? 'Choose'

  // Opened again while it fades away, the list is not mounted anew, and nothing else gives it the focus.
  useEffect(() => {
    if (open) input.current?.focus()
  }, [open])

  function take(value: string) {
    setOpen(false)
    props.onValueChange(value)
  }

  return (
    <Popover
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        setSearch('')
        if (next) props.onSearch?.('')
      }}
    >
      <PopoverTrigger>
        <button
          type="button"
          role="combobox"
          aria-haspopup="dialog"
          aria-expanded={open}
          aria-label={props['aria-label']}
          disabled={props.disabled}
          {...field}
          className={cn(
            controlLooks,
            controlHeights[props.size ?? 'md'],
            'flex items-center gap-2 text-left',
            props.className,
          )}
        >
          {selected?.icon}
          <span className={cn('flex-1 truncate', !selected && !props.value && 'text-text-muted')}>
            {selected?.label ?? props.value ?? props.placeholder ?? 'Choose'}
          </span>
          <ChevronDown aria-hidden className="size-3.5 shrink-0 text-text-muted" />
        </button>
      </PopoverTrigger>
      <PopoverContent
        aria-label={label}
        className={cn(
          'max-w-100 overflow-hidden',
          props.wide ? 'w-90' : 'w-[max(var(--radix-popover-trigger-width),14rem)]',
        )}
      >
        <Command label={label} filter={filterByKeywords} shouldFilter={props.onSearch === undefined}>
          <Command.Input
            ref={input}
            value={search}
            placeholder={props.searchPlaceholder ?? 'Search'}
            className="h-8 w-full border-b border-border bg-transparent px-3 outline-none"
            onValueChange={(text) => {
              setSearch(text)
              props.onSearch?.(text)
            }}
          />
          <Command.List className="max-h-64 overflow-y-auto p-1">
            <Command.Empty className="px-2 py-3 text-text-muted">{props.empty ?? 'Nothing matches.'}</Command.Empty>
            {props.options.map((option) => (
              <Command.Item
                key={option.value}
                value={option.value}
                keywords={[option.label, ...(option.keywords ?? [])]}
                className="flex h-7 items-center gap-2 rounded-md px-2 data-[selected=true]:bg-bg-active"
                onSelect={() => take(option.value)}
              >
                {option.icon}
                <span className="flex-1 truncate">{option.label}</span>
                {option.hint ? <span className="truncate text-sm text-text-muted">{option.hint}</span> : null}
                {option.value === props.value ? <Check aria-hidden className="size-3.5 text-accent-text" /> : null}
              </Command.Item>
            ))}
            {props.onCreate && search.trim() && !props.options.some((option) => option.label === search.trim()) ? (
              <Command.Item
                forceMount
                value={`create:${search}`}
                className="flex h-7 items-center gap-2 rounded-md px-2 data-[selected=true]:bg-bg-active"
                onSelect={() => {
                  setOpen(false)
                  props.onCreate?.(search.trim())
                }}
              >
                <Plus aria-hidden className="size-3.5 text-text-muted" />
                <span className="truncate">Use “{search.trim()}”</span>
              </Command.Item>
            ) : null}
          </Command.List>
        </Command>
      </PopoverContent>
    </Popover>
  )
}
