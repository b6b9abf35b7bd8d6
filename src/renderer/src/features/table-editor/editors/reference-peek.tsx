import { Skeleton } from '@renderer/ui/skeleton'
import { TypeMark } from '@renderer/ui/type-mark'
import type { ColumnReference } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { CellValue } from '../grid-cell'
import { useReferenced } from './use-referenced'

/** More fields than these are for the record itself. */
const mostFields = 9

/** The record that is pointed to, at a glance. */
export function ReferencePeek(props: {
  readonly databaseId: string
  readonly reference: ColumnReference
  readonly value: JsonValue
}) {
  const { databaseId, reference, value } = props
  const { table, columns, label, record } = useReferenced(databaseId, reference, value)
  if (record === null) return <p className="p-3 text-text-muted">There is no such record.</p>
  if (record === undefined || !table)
    return (
      <div aria-busy="true" className="flex flex-col gap-2.5 p-3">
        <Skeleton className="h-4 w-32" />
        <Skeleton className="h-3 w-48" />
        <Skeleton className="h-3 w-40" />
      </div>
    )
  const title = label === null ? null : record[label]
  const shown = columns.filter(({ name, secret }) => name !== label && !secret).slice(0, mostFields)
  return (
    <div className="flex flex-col gap-2 p-3">
      <p className="min-w-0">
        <span className="block text-xs text-text-muted">{reference.table}</span>
        <span className="block truncate font-medium">
          {typeof title === 'string' && title !== '' ? title : String(value)}
        </span>
      </p>
      <dl className="grid grid-cols-[minmax(4.5rem,auto)_minmax(0,1fr)] gap-x-3 gap-y-1 text-sm">
        {shown.map((column) => (
          <div key={column.name} className="contents">
            <dt className="flex max-w-32 items-center gap-1.5 text-text-muted">
              <TypeMark base={column.type.base} className="size-3" />
              <span className="truncate">{column.name}</span>
            </dt>
            <dd className="flex min-w-0 items-center font-mono">
              <CellValue column={{ ...column, schema: plain(column.schema) }} value={record[column.name]} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** A chip inside a card says nothing: there a key is just its text. */
function plain({ references: _, ...schema }: Parameters<typeof CellValue>[0]['column']['schema']) {
  return schema
}
