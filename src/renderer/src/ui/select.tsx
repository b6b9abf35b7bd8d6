import { Check, ChevronDown } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { cn } from './cn'
import { type ControlSize, controlHeights, controlLooks, useField } from './field'
import { Popover, PopoverAnchor, PopoverContent } from './popover'

export interface SelectOption<Value extends string = string> {
  readonly value: Value
  readonly label: string
  /** Before the label: a type's mark, say. */
  readonly icon?: ReactNode
  readonly hint?: string | undefined
}

export interface SelectProps<Value extends string> {
  readonly value: Value
  readonly options: ReadonlyArray<SelectOption<Value>>
  readonly onValueChange: (value: Value) => void
  readonly size?: ControlSize
  readonly disabled?: boolean
  readonly className?: string | undefined
  readonly 'aria-label'?: string
}

/** One of a few. Focus stays on the control; arrows, Home, End and typing move, Enter takes, Escape leaves. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const typed = useRef({ text: '', at: 0 })
  const list = useRef<HTMLDivElement>(null)
  const listId = useId()
  const field = useField()
  const { options } = props
  const selected = options.findIndex((option) => option.value === props.value)

  useEffect(() => {
    if (open) list.current?.children[active]?.scrollIntoView({ block: 'nearest' })
  }, [open, active])

  function show() {
    setActive(Math.max(0, selected))
    setOpen(true)
  }

  function take(index: number) {
    const option = options[index]
    setOpen(false)
    if (option && option.value !== props.value) props.onValueChange(option.value)
  }

  function find(key: string) {
    const now = Date.now()
    const text = (now - typed.current.at < 700 ? typed.current.text : '') + key.toLowerCase()
    typed.current = { text, at: now }
    const from = open ? active : Math.max(0, selected)
    const order = options.map((_, index) => (from + (text.length === 1 ? 1 : 0) + index) % options.length)
    const found = order.find((index) => options[index]?.label.toLowerCase().startsWith(text))
    if (found === undefined) return
    if (open) setActive(found)
    else take(found)
  }

  function onKeyDown(event: KeyboardEvent) {
    const { key } = event
    if (event.ctrlKey || event.metaKey) return
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[key]
    if (move !== undefined) {
      if (open) setActive((index) => Math.min(options.length - 1, Math.max(0, index + move)))
      else show()
    } else if (open && (key === 'Home' || key === 'End')) setActive(key === 'Home' ? 0 : options.length - 1)
    else if (key === 'Enter' || (key === ' ' && typed.current.text === '')) open ? take(active) : show()
    else if (open && key === 'Tab') return take(active)
    else if (key.length === 1 && key !== ' ') find(key)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverAnchor>
        <button
          type="button"
          role="combobox"
          aria-haspopup="listbox"
          aria-expanded={open}
          aria-controls={open ? listId : undefined}
          aria-activedescendant={open ? `${listId}-${active}` : undefined}
          aria-label={props['aria-label']}
          disabled={props.disabled}
          {...field}
          className={cn(
            controlLooks,
            controlHeights[props.size ?? 'md'],
            'flex items-center gap-2 text-left',
            props.className,
          )}
          onClick={() => (open ? setOpen(false) : show())}
          onKeyDown={onKeyDown}
          onBlur={() => setOpen(false)}
        >
          {options[selected]?.icon}
          <span className="flex-1 truncate">{options[selected]?.label ?? props.value}</span>
          <ChevronDown aria-hidden className="size-3.5 shrink-0 text-text-muted" />
        </button>
      </PopoverAnchor>
      <PopoverContent
        role="region"
        aria-label={props['aria-label'] ?? 'Options'}
        className="min-w-(--radix-popover-trigger-width) p-1"
        onOpenAutoFocus={(event) => event.preventDefault()}
        onCloseAutoFocus={(event) => event.preventDefault()}
      >
        <div ref={list} id={listId} role="listbox" aria-label={props['aria-label'] ?? 'Options'}>
          {options.map((option, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: focus and keys stay on the combobox, as ARIA describes it
            <div
              key={option.value}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === selected}
              className={cn(
                'flex h-7 items-center gap-2 rounded-md px-2 whitespace-nowrap',
                index === active && 'bg-bg-active',
              )}
              onPointerMove={() => setActive(index)}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(index)}
            >
              {option.icon}
              <span className="flex-1 truncate">{option.label}</span>
              {option.hint ? <span className="text-sm text-text-muted">{option.hint}</span> : null}
              <Check aria-hidden className={cn('size-3.5 text-accent-text', index !== selected && 'invisible')} />
            </div>
          ))}
        </div>
      </PopoverContent>
    </Popover>
  )
}
