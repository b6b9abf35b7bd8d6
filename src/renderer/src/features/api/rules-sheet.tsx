import { toAppError, useApi } from '@renderer/bridge/api'
import { gridColumns } from '@renderer/features/table-editor/grid-column'
import { Button } from '@renderer/ui/button'
import { Checkbox } from '@renderer/ui/field'
import { Select } from '@renderer/ui/select'
import { Sheet, SheetContent } from '@renderer/ui/sheet'
import { TypeMark } from '@renderer/ui/type-mark'
import type { TableRules } from '@shared/contract/rules.contract'
import type { Table } from '@shared/contract/tables.contract'
import { type AccessRules, ruleSentence, type Verb, verbs } from '@shared/domain/access-rule'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { allowOf, allowOptions, readAllow, ruleOf, whereOf } from './rule-allow'
import { RuleCondition } from './rule-condition'

export const verbNames: Readonly<Record<Verb, string>> = {
  select: 'Read',
  insert: 'Create',
  update: 'Change',
  delete: 'Delete',
}

/** The rules of one table in full: conditions, and the columns that only secret keys see. Saved together. */
export function RulesSheet(props: {
  readonly databaseId: string
  readonly table: Table
  readonly known: TableRules
  readonly onClose: () => void
}) {
  const { databaseId, table, known, onClose } = props
  const { query } = useApi()
  const queryClient = useQueryClient()
  const [rules, setRules] = useState<AccessRules>(known.rules)
  const [hidden, setHidden] = useState<readonly string[]>(known.hidden ?? [])
  const columns = gridColumns(table.schema_json)
  const isChanged = JSON.stringify([rules, hidden]) !== JSON.stringify([known.rules, known.hidden ?? []])
  const save = useMutation(
    query.rules.set.mutationOptions({
      async onSuccess() {
        await queryClient.invalidateQueries({ queryKey: query.rules.list.queryKey({ input: { databaseId } }) })
        onClose()
      },
    }),
  )
  return (
    <Sheet open onOpenChange={(open) => (open ? undefined : onClose())}>
      <SheetContent
        title={`Access to ${table.table_name}`}
        description="Who reaches which records through the API."
        className="w-150"
      >
        <form
          className="flex min-h-0 flex-1 flex-col"
          onSubmit={(event) => {
            event.preventDefault()
            save.mutate({ databaseId, tableId: table.id, ...rules, hidden: [...hidden] })
          }}
        >
          <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto px-4 py-4">
            {verbs.map((verb) => {
              const rule = rules[verb]
              const set = (next: AccessRules[Verb]) => setRules((old) => ({ ...old, [verb]: next }))
              return (
                <section key={verb} aria-label={verbNames[verb]} className="flex flex-col gap-1.5">
                  <div className="flex items-center gap-3">
                    <h3 className="w-16 font-medium">{verbNames[verb]}</h3>
                    <Select
                      aria-label={`Who may ${verbNames[verb].toLowerCase()}`}
                      className="w-56!"
                      value={allowOf(rule)}
                      options={allowOptions(table.schema_json, rule)}
                      onValueChange={(next) => set(ruleOf(readAllow(next), whereOf(rule)))}
                    />
                  </div>
                  {rule === 'none' ? null : (
                    <div className="pl-19">
                      <RuleCondition
                        label={`Condition to ${verbNames[verb].toLowerCase()}`}
                        columns={columns}
                        where={whereOf(rule)}
                        onWhere={(where) => set(ruleOf(allowOf(rule), where))}
                      />
                    </div>
                  )}
                  <p className="pl-19 text-sm text-text-muted">{ruleSentence(verb, rule)}</p>
                </section>
              )
            })}
            <section aria-label="Hidden columns" className="flex flex-col gap-1.5 border-t border-border pt-4">
              <h3 className="font-medium">Hidden columns</h3>
              <p className="text-sm text-text-muted">
                What is ticked is neither read nor written by apps; only a secret key sees it.
              </p>
              <ul className="grid grid-cols-2 gap-x-4 gap-y-1">
                {columns.map(({ name, type, secret }) => (
                  <li key={name}>
                    <Checkbox
                      checked={secret || hidden.includes(name)}
                      disabled={secret}
                      label={
                        <span className="flex h-7 min-w-0 items-center gap-1.5">
                          <TypeMark base={type.base} />
                          <span className="truncate">{name}</span>
                          {secret ? <span className="text-sm text-text-muted">always</span> : null}
                        </span>
                      }
                      onCheckedChange={(checked) =>
                        setHidden((old) => (checked === true ? [...old, name] : old.filter((one) => one !== name)))
                      }
                    />
                  </li>
                ))}
              </ul>
            </section>
            {save.error ? (
              <p role="alert" className="text-danger">
                {toAppError(save.error).message}
              </p>
            ) : null}
          </div>
          <div className="flex justify-end gap-2 border-t border-border px-4 py-3">
            <Button type="button" size="lg" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" size="lg" variant="primary" disabled={!isChanged || save.isPending}>
              Save rules
            </Button>
          </div>
        </form>
      </SheetContent>
    </Sheet>
  )
}
