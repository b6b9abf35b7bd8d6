import { allowedName, nameProblem } from '@renderer/features/tables/draft-problems'
import { cn } from '@renderer/ui/cn'
import { useLayoutEffect, useRef, useState } from 'react'

export interface NameInputProps {
  readonly label: string
  readonly name: string
  /** Why the name cannot be, or null when it is taken over. */
  readonly onRename: (name: string) => string | null
  readonly onEnd: (by: 'enter' | 'escape' | 'blur') => void
  readonly className?: string
}

/** A name in its place: Enter and leaving take it, Escape leaves the old one. */
export function NameInput({ label, name, onRename, onEnd, className }: NameInputProps) {
  const [text, setText] = useState(name)
  const [problem, setProblem] = useState<string | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const ended = useRef(false)
  const settled = useRef(false)
  // At once, for the keys that follow; and again when a menu that this was chosen from has given its focus back.
  useLayoutEffect(() => {
    const focus = () => {
      if (document.activeElement === input.current) return
      input.current?.focus({ preventScroll: true })
      input.current?.select()
    }
    focus()
    const frame = requestAnimationFrame(() => {
      focus()
      settled.current = true
    })
    return () => cancelAnimationFrame(frame)
  }, [])

  function take(by: 'enter' | 'blur') {
    if (ended.current) return
    const typed = text.trim()
    // "First name" is taken as first_name.
    const next = nameProblem(typed) === null ? typed : (allowedName(typed) ?? typed)
    const wrong = next === name ? null : next === '' ? 'Give it a name.' : (nameProblem(next) ?? onRename(next))
    if (wrong !== null && by === 'enter') return setProblem(wrong)
    ended.current = true
    onEnd(by)
  }

  return (
    <span className="relative min-w-0 flex-1">
      <input
        ref={input}
        value={text}
        aria-label={label}
        aria-invalid={problem !== null || undefined}
        spellCheck={false}
        autoComplete="off"
        className={cn(
          'nodrag nopan h-6 w-full min-w-0 rounded-sm border border-focus bg-bg px-1 text-text outline-none aria-invalid:border-danger',
          className,
        )}
        onChange={(event) => {
          setText(event.target.value)
          setProblem(null)
        }}
        onBlur={() => settled.current && take('blur')}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Enter') take('enter')
          if (event.key === 'Escape') {
            ended.current = true
            onEnd('escape')
          }
        }}
      />
      {problem ? (
        <span
          role="alert"
          className="absolute top-7 left-0 z-10 w-56 rounded-md border border-danger bg-danger-subtle px-2 py-1 text-sm font-normal text-danger shadow-float"
        >
          {problem}
        </span>
      ) : null}
    </span>
  )
}
