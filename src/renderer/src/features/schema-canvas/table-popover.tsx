import { draftsOf } from '@renderer/features/tables/column-draft'
import { namesOf, setsOf } from '@renderer/features/tables/unique-sets'
import { UniqueSetsField } from '@renderer/features/tables/unique-sets-field'
import { primaryKeyOf } from '@shared/domain/table-schema'
import { useState, useSyncExternalStore } from 'react'
import { useActions } from './canvas-actions'
import { useMoment } from './canvas-ui'
import { CommentField } from './comment-field'
import { SpotPopover } from './spot-popover'

/** Comment, key and rules of one table, beside its header. */
export function TablePopover() {
  const spot = useMoment(({ details }) => details)
  if (!spot || spot.column !== null) return null
  return <OpenTable key={spot.table} name={spot.table} />
}

function OpenTable({ name }: { readonly name: string }) {
  const actions = useActions()
  const { store, ui } = actions
  const [problem, setProblem] = useState<string | null>(null)
  const { schema } = useSyncExternalStore(store.subscribe, store.state)
  const table = schema.tables.find((one) => one.name === name)
  if (!table) return null
  const spot = { table: name, column: null }
  const columns = draftsOf(table)
  const key = primaryKeyOf(table).map((column) => column.name)
  return (
    <SpotPopover
      spot={spot}
      label={`Table ${name}`}
      title={name}
      problem={problem}
      onEnd={() => ui.set({ details: null })}
    >
      <div className="flex flex-col gap-3 px-8 py-1">
        <CommentField spot={spot} comment={table.comment} />
        <p className="text-text-muted">
          {key.length === 0 ? 'It has no key.' : `Its key is ${key.join(', ')}.`}{' '}
          {actions.choosesKey(name)
            ? 'Choose others in the details of a column, until the table is made.'
            : 'It was chosen when the table was made.'}
        </p>
        <UniqueSetsField
          columns={columns}
          sets={setsOf(table)}
          onChange={(sets) =>
            setProblem(
              actions.setUniqueSets(
                name,
                sets.map((set) => namesOf(set, columns)),
              ),
            )
          }
        />
      </div>
    </SpotPopover>
  )
}
