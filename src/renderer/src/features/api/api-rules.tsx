import { useTables } from '@renderer/app/current-project'
import { toAppError, useApi } from '@renderer/bridge/api'
import { IconButton } from '@renderer/ui/button'
import { EmptyState } from '@renderer/ui/empty-state'
import { ErrorState } from '@renderer/ui/error-state'
import { countOf } from '@renderer/ui/figures'
import { Panel } from '@renderer/ui/panel'
import { Select } from '@renderer/ui/select'
import { Skeleton } from '@renderer/ui/skeleton'
import { toast } from '@renderer/ui/toast'
import type { Table } from '@shared/contract/tables.contract'
import { type AccessRules, type VerbRule, verbs } from '@shared/domain/access-rule'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ListFilter, ShieldCheck, SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import { allowOf, allowOptions, readAllow, ruleOf, whereOf } from './rule-allow'
import { RuleTester } from './rule-tester'
import { RulesSheet, verbNames } from './rules-sheet'

/** Who may do what with each table, and a trial of it. */
export function ApiRules({ databaseId }: { readonly databaseId: string }) {
  const { query } = useApi()
  const queryClient = useQueryClient()
  const tables = useTables()
  const options = query.rules.list.queryOptions({ input: { databaseId } })
  const { data, error, refetch } = useQuery(options)
  const [chosen, setChosen] = useState<string | null>(null)
  const [edited, setEdited] = useState<string | null>(null)
  const set = useMutation(
    query.rules.set.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: options.queryKey }),
      onError: (failure) => toast.error(toAppError(failure).message),
    }),
  )
  const tested = tables.find(({ id }) => id === chosen) ?? tables[0]
  const editedTable = tables.find(({ id }) => id === edited)
  const editedRules = data?.tables.find(({ table_id }) => table_id === edited)
  if (error && !data)
    return <ErrorState error={error} title="The rules could not be read" onRetry={() => void refetch()} />
  return (
    <div className="flex flex-col gap-5">
      <Panel title="Access rules">
        <p className="border-b border-border px-4 py-2.5 text-text-muted">
          New tables are closed. Conditions narrow a rule to some records. Secret keys pass the rules, and password
          hashes are never shown to anybody.
        </p>
        {data === undefined ? (
          <div className="flex flex-col gap-3 px-4 py-4">
            {[0, 1, 2].map((row) => (
              <Skeleton key={row} className="h-8 w-full" />
            ))}
          </div>
        ) : data.tables.length === 0 ? (
          <EmptyState icon={ShieldCheck} title="No tables yet">
            Create a table; it begins closed, and is opened here.
          </EmptyState>
        ) : (
          <div className="overflow-x-auto">
            <table className="w-full min-w-160 table-fixed border-collapse">
              <thead>
                <tr className="border-b border-border text-left text-sm text-text-muted">
                  <th className="px-4 py-2 font-medium">Table</th>
                  {verbs.map((verb) => (
                    <th key={verb} className="w-[20%] px-2 py-2 font-medium min-[1100px]:w-[17%]">
                      {verbNames[verb]}
                    </th>
                  ))}
                  <th className="w-24 px-2 py-2 font-medium max-[1100px]:hidden">Hidden</th>
                </tr>
              </thead>
              <tbody>
                {data.tables.map(({ table_id, table_name, rules, hidden }) => (
                  <tr key={table_id} className="border-b border-border last:border-b-0">
                    <th scope="row" className="max-w-56 px-4 py-2 text-left font-medium">
                      <span className="flex items-center gap-1">
                        <span className="min-w-0 flex-1 truncate">{table_name}</span>
                        <IconButton
                          size="sm"
                          label={`Conditions and hidden columns of ${table_name}`}
                          icon={SlidersHorizontal}
                          onClick={() => setEdited(table_id)}
                        />
                      </span>
                    </th>
                    {verbs.map((verb) => (
                      <td key={verb} className="px-2 py-2">
                        <RuleSelect
                          label={`${verbNames[verb]} ${table_name}`}
                          table={tables.find(({ id }) => id === table_id)}
                          rule={rules[verb]}
                          onChange={(rule) =>
                            set.mutate({
                              databaseId,
                              tableId: table_id,
                              ...toInput({ ...rules, [verb]: rule }),
                              ...(hidden ? { hidden } : {}),
                            })
                          }
                        />
                      </td>
                    ))}
                    <td
                      className="px-2 py-2 text-sm text-text-muted tabular-nums max-[1100px]:hidden"
                      title={hidden?.join(', ')}
                    >
                      {hidden === undefined || hidden.length === 0 ? 'None' : countOf(hidden.length, 'column')}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
      {editedTable && editedRules ? (
        <RulesSheet
          key={editedTable.id}
          databaseId={databaseId}
          table={editedTable}
          known={editedRules}
          onClose={() => setEdited(null)}
        />
      ) : null}
      {tested ? (
        <RuleTester
          databaseId={databaseId}
          tables={tables}
          table={tested}
          onTable={setChosen}
          version={JSON.stringify(data?.tables ?? [])}
        />
      ) : null}
    </div>
  )
}

/** Who is let in. A condition stays what it is, and is set with all else of the table. */
function RuleSelect(props: {
  readonly label: string
  readonly table: Table | undefined
  readonly rule: VerbRule
  readonly onChange: (rule: VerbRule) => void
}) {
  const { rule } = props
  const value = allowOf(rule)
  const where = whereOf(rule)
  return (
    <span className="flex items-center gap-1">
      <Select
        aria-label={props.label}
        value={value}
        options={allowOptions(props.table?.schema_json, rule)}
        onValueChange={(next) => {
          if (next !== value) props.onChange(ruleOf(readAllow(next), where))
        }}
      />
      {where === undefined ? null : (
        <ListFilter role="img" aria-label="on a condition" className="size-3.5 shrink-0 text-accent-text" />
      )}
    </span>
  )
}

function toInput({ select, insert, update, delete: remove }: AccessRules) {
  return { select, insert, update, delete: remove }
}
