import type { ReactNode } from 'react'
import { cn } from './cn'

const tones = {
  neutral: 'bg-bg-active text-text',
  accent: 'bg-accent-subtle text-accent-text',
  success: 'bg-success-subtle text-success',
  warning: 'bg-warning-subtle text-warning',
  danger: 'bg-danger-subtle text-danger',
  conflict: 'bg-conflict-subtle text-conflict',
} as const

export type BadgeTone = keyof typeof tones

export function Badge(props: { readonly tone?: BadgeTone; readonly className?: string; readonly children: ReactNode }) {
  return (
    <span
      className={cn(
        'inline-flex h-4.5 shrink-0 items-center gap-1 rounded-sm px-1.5 text-xs font-medium whitespace-nowrap tabular-nums',
        tones[props.tone ?? 'neutral'],
        props.className,
      )}
    >
      {props.children}
    </span>
  )
}
