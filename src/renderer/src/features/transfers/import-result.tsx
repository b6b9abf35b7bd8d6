import { Button } from '@renderer/ui/button'
import { countOf, formatCount } from '@renderer/ui/figures'
import type { ImportResult } from '@shared/contract/transfers.contract'
import { CircleAlert, CircleCheck, Download } from 'lucide-react'

/** Rejects that are listed; all of them are in the file. */
const mostListed = 100

/** What came in, and what did not: where, and why. */
export function ImportResultView({
  result,
  onSaveRejects,
}: {
  readonly result: ImportResult
  readonly onSaveRejects: () => void
}) {
  const { done, inserted, updated, rejected, rejectedCount, notes, tables } = result
  const deleted = tables.reduce((sum, table) => sum + table.deleted, 0)
  const Icon = done ? CircleCheck : CircleAlert
  const parts = [
    `${countOf(inserted, 'record')} imported`,
    ...(updated > 0 ? [`${formatCount(updated)} changed`] : []),
    ...(deleted > 0 ? [`${formatCount(deleted)} replaced`] : []),
    ...(rejectedCount > 0 ? [`${formatCount(rejectedCount)} rejected`] : []),
  ]
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-start gap-3">
        <Icon
          aria-hidden
          className={done ? 'mt-0.5 size-5 shrink-0 text-success' : 'mt-0.5 size-5 shrink-0 text-danger'}
        />
        <div>
          <p role="status" className="font-semibold">
            {done ? parts.join(', ') : `Nothing was imported: ${countOf(rejectedCount, 'record')} cannot be`}
          </p>
          <p className="text-text-muted">
            {done
              ? 'The records were counted in the database before this was said.'
              : 'All or nothing was chosen. Correct the file, or import the good rows.'}
          </p>
        </div>
      </div>
      {tables.length > 1 ? (
        <ul aria-label="Tables" className="grid grid-cols-2 gap-x-8 gap-y-1 rounded-md border border-border px-3 py-2">
          {tables.map((table) => (
            <li key={table.tableId} className="flex justify-between gap-4">
              <span className="truncate font-mono">{table.table}</span>
              <span className="text-text-muted tabular-nums">{formatCount(table.inserted)}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {rejectedCount > 0 ? (
        <div className="flex flex-col gap-2">
          <div className="max-h-56 overflow-auto rounded-md border border-border">
            <table className="w-full border-collapse text-left">
              <thead className="sticky top-0 bg-bg-subtle text-sm text-text-muted">
                <tr>
                  <th scope="col" className="px-3 py-1.5 text-right font-medium">
                    Line
                  </th>
                  <th scope="col" className="px-3 font-medium">
                    Column
                  </th>
                  <th scope="col" className="w-full px-3 font-medium">
                    Reason
                  </th>
                </tr>
              </thead>
              <tbody>
                {rejected.slice(0, mostListed).map((one, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a line can be there twice, and the list never changes
                  <tr key={at} className="border-t border-border align-top">
                    <td className="px-3 py-1 text-right tabular-nums">{one.line}</td>
                    <td className="px-3 py-1 font-mono text-sm">{one.column ?? ''}</td>
                    <td className="px-3 py-1 break-words">{one.reason}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <div className="flex items-center justify-between gap-4">
            <p className="text-sm text-text-muted">
              {rejectedCount > mostListed ? `The first ${mostListed} of ${formatCount(rejectedCount)}. ` : ''}The file
              has each of them with its line, column and reason.
            </p>
            {result.rejectFile === null ? null : (
              <Button icon={Download} onClick={onSaveRejects}>
                Save the rejected records
              </Button>
            )}
          </div>
        </div>
      ) : null}
      {notes.length > 0 ? <Notes notes={notes} /> : null}
    </div>
  )
}

export function Notes({ notes }: { readonly notes: readonly string[] }) {
  return (
    <section aria-label="Notes" className="rounded-md border border-border bg-bg-subtle px-3 py-2">
      <p className="font-medium">Not taken over as it is</p>
      <ul className="mt-1 flex list-disc flex-col gap-0.5 pl-4 text-text-muted">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  )
}
