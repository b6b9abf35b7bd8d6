import { useTables } from '@renderer/app/current-project'
import { toAppError, useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { formatCount } from '@renderer/ui/figures'
import { Skeleton } from '@renderer/ui/skeleton'
import type { TableRecord } from '@shared/contract/records.contract'
import { labelColumn } from '@shared/domain/label-column'
import type { ColumnReference, TableSchema } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { useQuery } from '@tanstack/react-query'
import { ArrowUpRight } from 'lucide-react'
import { wholeText } from '../cell-text'
import { ReferencePeek } from '../editors/reference-peek'
import { useShowRecord } from '../use-show-record'

/** How many records of another table are shown by name. */
const shownLinks = 6

/** What the record points to, and what points to it. */
export function RecordLinks(props: {
  readonly databaseId: string
  readonly schema: TableSchema
  readonly record: TableRecord
}) {
  const { databaseId, schema, record } = props
  const tables = useTables()
  const show = useShowRecord()
  const outgoing = schema.columns.flatMap(({ name, references }) => (references ? [{ name, references }] : []))
  const incoming = tables.flatMap(({ schema_json: other }) =>
    other.columns.flatMap((column) =>
      column.references?.table === schema.name ? [{ other, name: column.name, key: column.references.column }] : [],
    ),
  )
  if (outgoing.length === 0 && incoming.length === 0)
    return (
      <p className="p-4 text-text-muted">
        {schema.name} refers to no other table, and none refers to it. A column that refers to a table links their
        records.
      </p>
    )
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4">
      {outgoing.length > 0 ? (
        <section aria-label="Points to" className="flex flex-col gap-2">
          <h3 className="font-semibold">Points to</h3>
          {outgoing.map(({ name, references }) => (
            <Outgoing
              key={name}
              databaseId={databaseId}
              name={name}
              reference={references}
              value={record[name] ?? null}
              onShow={(value) => show(references, value)}
            />
          ))}
        </section>
      ) : null}
      {incoming.length > 0 ? (
        <section aria-label="Pointed to by" className="flex flex-col gap-2">
          <h3 className="font-semibold">Pointed to by</h3>
          {incoming.map(({ other, name, key }) => (
            <Incoming
              key={`${other.name} ${name}`}
              databaseId={databaseId}
              table={other}
              column={name}
              value={record[key] ?? null}
              onShow={(column, value) => show({ table: other.name, column }, value)}
            />
          ))}
        </section>
      ) : null}
    </div>
  )
}

const boxLooks = 'overflow-hidden rounded-lg border border-border bg-bg-raised'

function Outgoing(props: {
  readonly databaseId: string
  readonly name: string
  readonly reference: ColumnReference
  readonly value: JsonValue
  readonly onShow: (value: JsonValue) => void
}) {
  const { name, reference, value } = props
  return (
    <div className={boxLooks}>
      <div className="flex h-8 items-center gap-2 border-b border-border bg-bg-subtle pr-1 pl-3">
        <span className="min-w-0 flex-1 truncate font-mono text-sm text-text-muted">{name}</span>
        {value === null ? null : (
          <Button size="sm" variant="ghost" icon={ArrowUpRight} onClick={() => props.onShow(value)}>
            Open record
          </Button>
        )}
      </div>
      {value === null ? (
        <p className="px-3 py-2 text-text-muted">Points to nothing.</p>
      ) : (
        <ReferencePeek databaseId={props.databaseId} reference={reference} value={value} />
      )}
    </div>
  )
}

function Incoming(props: {
  readonly databaseId: string
  readonly table: TableSchema
  readonly column: string
  /** What they point to. */
  readonly value: JsonValue
  readonly onShow: (column: string, value: JsonValue) => void
}) {
  const { databaseId, table, column, value, onShow } = props
  const { query } = useApi()
  const label = labelColumn(table)?.name
  const key = table.columns.find(({ primary_key }) => primary_key)?.name
  const filters = { column, op: 'eq', value } as const
  const found = useQuery({
    ...query.records.query.queryOptions({
      input: { databaseId, tableName: table.name, filters, limit: shownLinks, count: 'exact' },
    }),
    enabled: value !== null,
    staleTime: 0,
  })
  const count = found.data?.count ?? 0
  return (
    <div className={boxLooks}>
      <div className="flex h-8 items-center gap-2 border-b border-border bg-bg-subtle pr-1 pl-3">
        <span className="min-w-0 flex-1 truncate">
          <span className="font-medium">{table.name}</span>{' '}
          <span className="font-mono text-sm text-text-muted">{column}</span>
        </span>
        {found.data ? <span className="text-sm text-text-muted tabular-nums">{formatCount(count)}</span> : null}
        {count > 0 ? (
          <Button
            size="sm"
            variant="ghost"
            icon={ArrowUpRight}
            aria-label={`Show ${formatCount(count)} of ${table.name}`}
            onClick={() => onShow(column, value)}
          >
            Show
          </Button>
        ) : null}
      </div>
      {found.error ? (
        <p role="alert" className="px-3 py-2 text-danger">
          {toAppError(found.error).message}
        </p>
      ) : !found.data && value !== null ? (
        <div aria-busy="true" className="flex flex-col gap-2 p-3">
          <Skeleton className="h-3 w-32" />
          <Skeleton className="h-3 w-24" />
        </div>
      ) : count === 0 ? (
        <p className="px-3 py-2 text-text-muted">None.</p>
      ) : (
        <ul className="p-1">
          {found.data?.records.map((record) => {
            const own = key === undefined ? undefined : record[key]
            const title = label === undefined ? undefined : record[label]
            return (
              <li key={String(record._id)}>
                <button
                  type="button"
                  disabled={key === undefined || own === undefined}
                  className="flex h-7 w-full items-center gap-2 rounded-md px-2 text-left enabled:hover:bg-bg-hover"
                  onClick={() => (key !== undefined && own !== undefined ? onShow(key, own) : undefined)}
                >
                  <span className="truncate">{wholeText(title ?? own ?? null) || 'empty text'}</span>
                </button>
              </li>
            )
          })}
          {count > shownLinks ? (
            <li className="px-2 py-1 text-sm text-text-muted">and {formatCount(count - shownLinks)} more</li>
          ) : null}
        </ul>
      )}
    </div>
  )
}
