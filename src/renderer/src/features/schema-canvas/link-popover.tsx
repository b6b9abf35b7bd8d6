import { referenceChoices } from '@renderer/features/tables/reference-choices'
import { Button } from '@renderer/ui/button'
import { Combobox } from '@renderer/ui/combobox'
import { Field } from '@renderer/ui/field'
import { useState } from 'react'
import { useActions } from './canvas-actions'
import { type SchemaSpot, useMoment } from './canvas-ui'
import { FloatingAt } from './relation-popover'
import { planRelation } from './relation-rules'

/** Chooses the two ends of a relation without drawing; its cardinality is asked next. */
export function LinkPopover() {
  const linking = useMoment((moment) => moment.linking)
  if (!linking) return null
  return <Ends key={`${linking.table}.${linking.column}`} {...linking} />
}

interface EndsProps {
  readonly table: string | null
  readonly column: string | null
  readonly at: { readonly x: number; readonly y: number }
}

function Ends({ table, column, at }: EndsProps) {
  const actions = useActions()
  const { schema, ui } = actions
  const [from, setFrom] = useState(table)
  const [to, setTo] = useState<string | null>(null)
  const source = schema.tables.find(({ name }) => name === from)
  const choices = source ? referenceChoices(schema.tables, source) : []
  const choice = choices.find(({ value }) => value === to)
  const target: SchemaSpot | null =
    choice && from !== null ? { table: choice.table ?? from, column: choice.column } : null
  const planned =
    target && from !== null
      ? column !== null && from === table
        ? planRelation(schema, { table: from, column }, target)
        : planRelation(schema, target, { table: from, column: null })
      : null
  const onEnd = () => ui.set({ linking: null })

  return (
    <FloatingAt at={at} label="Connect tables" onEnd={onEnd}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (!target || from === null || !planned?.ok) return
          const start: SchemaSpot = column !== null && from === table ? { table: from, column } : target
          const end: SchemaSpot = start === target ? { table: from, column: null } : target
          ui.set({ linking: null, connecting: { from: start, to: end, at } })
        }}
      >
        {column === null ? (
          <Field label="Table that refers">
            <Combobox
              value={from}
              placeholder="Choose a table"
              options={schema.tables.map(({ name }) => ({ value: name, label: name }))}
              searchPlaceholder="Search tables"
              onValueChange={setFrom}
            />
          </Field>
        ) : (
          <p className="font-medium">
            {table}.{column} refers to
          </p>
        )}
        <Field label="Refers to" hideLabel={column !== null}>
          <Combobox
            aria-label="Refers to"
            value={to}
            disabled={!source}
            placeholder="Choose a key or a unique column"
            options={choices.map(({ value, label, type }) => ({ value, label, hint: type }))}
            searchPlaceholder="Search tables and columns"
            empty="Only keys and unique columns can be referred to."
            onValueChange={setTo}
          />
        </Field>
        {planned && !planned.ok ? (
          <p role="alert" className="text-sm text-danger">
            {planned.reason}
          </p>
        ) : null}
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onEnd}>
            Cancel
          </Button>
          <Button variant="primary" type="submit" disabled={!planned?.ok}>
            Next
          </Button>
        </div>
      </form>
    </FloatingAt>
  )
}
