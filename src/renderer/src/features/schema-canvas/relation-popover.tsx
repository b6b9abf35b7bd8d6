import { Button } from '@renderer/ui/button'
import { Checkbox, Field } from '@renderer/ui/field'
import { Popover, PopoverAnchor, PopoverContent } from '@renderer/ui/popover'
import { Segmented } from '@renderer/ui/segmented'
import { Select } from '@renderer/ui/select'
import { findColumn, findTable } from '@shared/domain/apply-edit'
import type { OnDelete } from '@shared/domain/table-schema'
import { useMemo, useState } from 'react'
import { useActions } from './canvas-actions'
import { useMoment } from './canvas-ui'
import { planWords } from './connect-layer'
import type { Point } from './place-tables'
import { type Cardinality, planRelation, type RelationChoice, type RelationPlan, relationEdits } from './relation-rules'

const deletions: ReadonlyArray<{ readonly value: OnDelete; readonly label: string; readonly hint: string }> = [
  { value: 'restrict', label: 'Refuse', hint: 'It cannot be deleted' },
  { value: 'cascade', label: 'Delete too', hint: 'These records go with it' },
  { value: 'set_null', label: 'Set to NULL', hint: 'The reference is emptied' },
]

/** Asked after a line was drawn: how many on either side, and what a deletion does. */
export function ConnectingPopover() {
  const { store, ui } = useActions()
  const connecting = useMoment((moment) => moment.connecting)
  if (!connecting) return null
  const planned = planRelation(store.state().schema, connecting.from, connecting.to)
  if (!planned.ok) return null
  return (
    <NewRelation
      key={JSON.stringify(planned.plan)}
      plan={planned.plan}
      at={connecting.at}
      onEnd={() => ui.set({ connecting: null })}
    />
  )
}

function NewRelation(props: { readonly plan: RelationPlan; readonly at: Point; readonly onEnd: () => void }) {
  const actions = useActions()
  const { plan } = props
  const source = findTable(actions.schema, plan.from.table)
  const column = plan.from.column === null ? null : findColumn(source, plan.from.column)
  const [choice, setChoice] = useState<RelationChoice>({
    cardinality: column?.unique ? 'one-to-one' : 'many-to-one',
    onDelete: 'restrict',
    required: column?.required === true || column?.primary_key === true,
  })
  const [problem, setProblem] = useState<string | null>(null)

  function connect() {
    let failure: string | null
    try {
      const edits = relationEdits(actions.schema, plan, choice)
      if (choice.cardinality === 'many-to-many')
        failure = actions.addByEdits(edits) ? null : 'The join table could not be made.'
      else failure = actions.try(edits, { label: planLabel(plan) })
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error)
    }
    if (failure === null) props.onEnd()
    else setProblem(failure)
  }

  return (
    <FloatingAt at={props.at} label="New relation" onEnd={props.onEnd}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          connect()
        }}
      >
        <p className="font-medium">{planWords(plan)}</p>
        <RelationFields
          plan={plan}
          choice={choice}
          pairs
          keyColumn={column?.primary_key === true}
          onChange={(next) => {
            setChoice(next)
            setProblem(null)
          }}
        />
        {problem ? (
          <p role="alert" className="text-sm text-danger">
            {problem}
          </p>
        ) : null}
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={props.onEnd}>
            Cancel
          </Button>
          <Button variant="primary" type="submit">
            {choice.cardinality === 'many-to-many' ? 'Add join table' : 'Connect'}
          </Button>
        </div>
      </form>
    </FloatingAt>
  )
}

/** What a relation is, where it was clicked; each change is a step of the draft. */
export function RelationPopover({ at, onEnd }: { readonly at: Point; readonly onEnd: () => void }) {
  const actions = useActions()
  const id = useMoment(({ relation }) => relation)
  const [problem, setProblem] = useState<string | null>(null)
  const spot = id === null ? null : actions.spotOfRelation(id)
  if (id === null || spot === null) return null
  const column = findColumn(findTable(actions.schema, spot.table), spot.column)
  if (!column.references) return null
  const { references } = column
  const plan: RelationPlan = { from: spot, to: { table: references.table, column: references.column } }
  return (
    <FloatingAt at={at} label="Relation" onEnd={onEnd}>
      <div className="flex flex-col gap-3">
        <p className="font-medium">{planWords(plan)}</p>
        <RelationFields
          plan={plan}
          keyColumn={column.primary_key === true}
          choice={{
            cardinality: column.unique ? 'one-to-one' : 'many-to-one',
            onDelete: references.on_delete ?? 'restrict',
            required: column.required === true || column.primary_key === true,
          }}
          onChange={(choice) =>
            setProblem(
              actions.try(relationEdits(actions.schema, plan, choice), {
                label: `Change the relation of ${spot.table}.${spot.column}`,
              }),
            )
          }
        />
        {problem ? (
          <p role="alert" className="text-sm text-danger">
            {problem}
          </p>
        ) : null}
        <div className="flex justify-end">
          <Button
            onClick={() => {
              actions.removeRelation(id)
              onEnd()
            }}
          >
            Disconnect
          </Button>
        </div>
      </div>
    </FloatingAt>
  )
}

interface RelationFieldsProps {
  readonly plan: RelationPlan
  readonly choice: RelationChoice
  /** Many to many can be chosen: a table between is made. */
  readonly pairs?: boolean
  readonly keyColumn: boolean
  readonly onChange: (choice: RelationChoice) => void
}

function RelationFields({ plan, choice, pairs = false, keyColumn, onChange }: RelationFieldsProps) {
  const { from, to } = plan
  const isPair = choice.cardinality === 'many-to-many'
  const options = useMemo(() => {
    const all: ReadonlyArray<{ readonly value: Cardinality; readonly label: string }> = [
      { value: 'many-to-one', label: 'Many to one' },
      { value: 'one-to-one', label: 'One to one' },
      { value: 'many-to-many', label: 'Many to many' },
    ]
    return pairs && from.table !== to.table ? all : all.slice(0, 2)
  }, [pairs, from.table, to.table])
  return (
    <>
      <div className="flex flex-col gap-1">
        <Segmented
          aria-label="Cardinality"
          className="whitespace-nowrap"
          value={choice.cardinality}
          options={options}
          onValueChange={(cardinality) => onChange({ ...choice, cardinality })}
        />
        <p className="text-sm text-text-muted">{cardinalityWords(plan, choice.cardinality)}</p>
      </div>
      {isPair ? null : (
        <>
          <Field label={`When a record of ${to.table} is deleted`}>
            <Select
              value={choice.onDelete}
              options={choice.required ? deletions.filter(({ value }) => value !== 'set_null') : deletions}
              onValueChange={(onDelete) => onChange({ ...choice, onDelete })}
            />
          </Field>
          <Checkbox
            label="Every record needs one"
            checked={choice.required}
            disabled={keyColumn || choice.onDelete === 'set_null'}
            onCheckedChange={(checked) => onChange({ ...choice, required: checked === true })}
          />
        </>
      )}
    </>
  )
}

function cardinalityWords({ from, to }: RelationPlan, cardinality: Cardinality): string {
  switch (cardinality) {
    case 'many-to-one':
      return `Many records of ${from.table} can share one of ${to.table}.`
    case 'one-to-one':
      return `Each record of ${to.table} belongs to at most one of ${from.table}.`
    case 'many-to-many':
      return `A table between them holds pairs of ${from.table} and ${to.table}.`
  }
}

function planLabel({ from, to }: RelationPlan): string {
  return `Connect ${from.table}${from.column === null ? '' : `.${from.column}`} to ${to.table}.${to.column}`
}

interface FloatingAtProps {
  readonly at: Point
  readonly label: string
  readonly onEnd: () => void
  readonly children: React.ReactNode
}

/** A popover at a point of the window. */
export function FloatingAt({ at, label, onEnd, children }: FloatingAtProps) {
  return (
    <Popover open onOpenChange={(open) => !open && onEnd()}>
      <PopoverAnchor>
        <span aria-hidden className="fixed size-px" style={{ left: at.x, top: at.y }} />
      </PopoverAnchor>
      <PopoverContent aria-label={label} className="w-96 p-3">
        {children}
      </PopoverContent>
    </Popover>
  )
}
