import { useMemo, useRef } from 'react'
import type { DraftState } from './draft-store'
import { openChanges } from './proposal'
import { type ShownTable, showTables } from './shown-tables'

/** The draft as the canvas draws it: against the server's schema, or with the ghosts of a proposal. */
export function useShown({ base, schema, edits, proposal }: DraftState): readonly ShownTable[] {
  const last = useRef<readonly ShownTable[]>([])
  return useMemo(() => {
    last.current = proposal
      ? showTables(
          schema,
          proposal.schema,
          openChanges(proposal).map(({ edit }) => edit),
          {
            withDropped: true,
            last: last.current,
          },
        )
      : showTables(base, schema, edits, { withDropped: false, last: last.current })
    return last.current
  }, [base, schema, edits, proposal])
}
