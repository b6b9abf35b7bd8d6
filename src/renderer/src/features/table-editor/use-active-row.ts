import { useEffect, useRef } from 'react'
import type { GridProps } from './grid-props'
import type { GridSubject } from './grid-subject'
import type { Staging } from './staged/staging'

/** What is beside the grid follows its active row, and the new record that is being written is not saved by itself. */
export function useActiveRow(
  row: number,
  subject: GridSubject | undefined,
  { staging, onActive }: { readonly staging: Staging; readonly onActive: GridProps['onActive'] },
): void {
  const held = subject?.kind === 'new' ? subject.id : null
  useEffect(() => staging.hold(held), [staging, held])

  const latest = useRef({ subject, onActive })
  latest.current = { subject, onActive }
  const about = subject?.kind === 'new' ? subject.row : subject?.record
  const staged = subject?.kind === 'record' ? subject.staged : undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: a subject is made anew with every draw; these say what it is
  useEffect(() => {
    const { subject: now, onActive: tell } = latest.current
    tell(now ? { row, subject: now } : null)
  }, [row, about, staged])
}
