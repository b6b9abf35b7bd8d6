import { useTables } from '@renderer/app/current-project'
import { toAppError, useApi } from '@renderer/bridge/api'
import { EmptyState } from '@renderer/ui/empty-state'
import { ErrorState } from '@renderer/ui/error-state'
import { Panel } from '@renderer/ui/panel'
import { Select } from '@renderer/ui/select'
import { Skeleton } from '@renderer/ui/skeleton'
import { toast } from '@renderer/ui/toast'
import type { Table } from '@shared/contract/tables.contract'
import { type AccessRules, type Verb, type VerbRule, verbs } from '@shared/domain/access-rule'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { RuleTester } from './rule-tester'

const verbNames: Readonly<Record<Verb, string>> = {
  select: 'Read',
  insert: 'Create',
  update: 'Change',
  delete: 'Delete',
}

/** Who may do what with each table, and a trial of it. */
export function ApiRules({ databaseId }: { readonly databaseId: string }) {
  const { query } = useApi()
  const queryClient = useQueryClient()
  const tables = useTables()
  const options = query.rules.list.queryOptions({ input: { databaseId } })
  const { data, error, refetch } = useQuery(options)
  const [chosen, setChosen] = useState<string | null>(null)
  const set = useMutation(
    query.rules.set.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: options.queryKey }),
      onError: (failure) => toast.error(toAppError(failure).message),
    }),
  )
  const tested = tables.find(({ id }) => id === chosen) ?? tables[0]
  if (error && !data)
    return <ErrorState error={error} title="The rules could not be read" onRetry={() => void refetch()} />
  return (
    <div className="flex flex-col gap-5">
      <Panel title="Access rules">
        <p className="border-b border-border px-4 py-2.5 text-text-muted">
          New tables are closed. Secret keys pass the rules, and password hashes are never shown to anybody.
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
            <table className="w-full min-w-190 border-collapse">
              <thead>
                <tr className="border-b border-border text-left text-sm text-text-muted">
                  <th className="px-4 py-2 font-medium">Table</th>
                  {verbs.map((verb) => (
                    <th key={verb} className="px-2 py-2 font-medium">
                      {verbNames[verb]}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {data.tables.map(({ table_id, table_name, rules, hidden }) => (
                  <tr key={table_id} className="border-b border-border last:border-b-0">
                    <th scope="row" className="max-w-48 truncate px-4 py-2 text-left font-medium">
                      {table_name}
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
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
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

function toInput(rules: AccessRules) {
  return {
    select: rules.select,
    insert: rules.insert,
    update: rules.update,
    delete: rules.delete,
  }
}

/** A condition that the API has set stays when the rest is not touched. */
function RuleSelect(props: {
  readonly label: string
  readonly table: Table | undefined
  readonly rule: VerbRule
  readonly onChange: (rule: VerbRule) => void
}) {
  const owners = (props.table?.schema_json.columns ?? []).filter(
    ({ name, type, references }) =>
      (type === 'uuid' && (references?.table === 'users' || props.table?.table_name === 'users')) ||
      (type === 'text' && references?.table === 'users') ||
      (type === 'uuid' && /user|owner|author/.test(name)),
  )
  const { rule } = props
  const conditional = typeof rule === 'object' && rule.where !== undefined
  const value = typeof rule === 'string' ? rule : 'owner' in rule ? `owner ${rule.owner}` : rule.allow
  const named = typeof rule === 'object' && 'owner' in rule ? [rule.owner] : []
  const names = [...new Set([...owners.map(({ name }) => name), ...named])]
  return (
    <Select
      aria-label={props.label}
      value={conditional ? 'conditional' : value}
      options={[
        ...(conditional ? [{ value: 'conditional', label: `${wordOf(value)}, on a condition` }] : []),
        { value: 'none', label: 'Nobody' },
        { value: 'public', label: 'Everybody' },
        { value: 'authenticated', label: 'Signed in' },
        ...names.map((name) => ({ value: `owner ${name}`, label: `Own (${name})` })),
      ]}
      onValueChange={(next) => {
        if (next === 'conditional' || next === value) return
        if (next === 'none' || next === 'public' || next === 'authenticated') props.onChange(next)
        else props.onChange({ owner: next.slice('owner '.length) })
      }}
    />
  )
}

function wordOf(value: string): string {
  if (value.startsWith('owner ')) return `Own (${value.slice('owner '.length)})`
  return value === 'public' ? 'Everybody' : 'Signed in'
}
