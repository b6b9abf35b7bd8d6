import { Field } from '@renderer/ui/field'
import { formatCount } from '@renderer/ui/figures'
import { Select } from '@renderer/ui/select'
import type { Table } from '@shared/contract/tables.contract'
import type { Inspection, TablesMode } from '@shared/contract/transfers.contract'
import type { ImportDraft } from './import-draft'

const modes: readonly { readonly value: TablesMode; readonly label: string }[] = [
  { value: 'new', label: 'Make new tables' },
  { value: 'upsert', label: 'Change those with the same key, add the rest' },
  { value: 'append', label: 'Add all as new records' },
  { value: 'replace', label: 'Replace all records' },
]

/** The tables of a file that has its own, and what becomes of each. */
export function ImportTables({
  inspection,
  draft,
  tables,
  onChange,
}: {
  readonly inspection: Inspection
  readonly draft: ImportDraft
  readonly tables: readonly Table[]
  readonly onChange: (draft: ImportDraft) => void
}) {
  const isGuessed = inspection.format !== 'sql'
  const isKept = (name: string) =>
    isGuessed && draft.tablesMode !== 'new' && tables.some(({ table_name }) => table_name === name)
  return (
    <>
      {isGuessed ? (
        <Field
          label="Tables of the same name"
          hint={
            draft.tablesMode === 'new'
              ? 'JSON names no types or keys: they are taken from the values.'
              : 'Tables that are not there yet are made.'
          }
          className="w-96 max-w-full"
        >
          <Select
            value={draft.tablesMode}
            options={modes}
            onValueChange={(tablesMode) => onChange({ ...draft, tablesMode })}
          />
        </Field>
      ) : null}
      <div className="overflow-x-auto rounded-md border border-border">
        <table className="w-full border-collapse text-left">
          <thead className="bg-bg-subtle text-sm text-text-muted">
            <tr>
              <th scope="col" className="px-3 py-1.5 font-medium">
                In the file
              </th>
              <th scope="col" className="px-3 font-medium">
                Table
              </th>
              <th scope="col" className="px-3 text-right font-medium">
                Columns
              </th>
              <th scope="col" className="px-3 text-right font-medium">
                Records
              </th>
            </tr>
          </thead>
          <tbody>
            {inspection.tables.map(({ source, name, columns, records }) => (
              <tr key={source} className="border-t border-border">
                <td className="max-w-56 truncate px-3 py-1 font-mono text-sm" title={source}>
                  {source}
                </td>
                <td className="max-w-56 truncate px-3">
                  <span className="font-mono text-sm">{name}</span>{' '}
                  <span className="ml-1 text-sm text-text-muted">{isKept(name) ? 'is there' : 'new'}</span>
                </td>
                <td className="px-3 text-right tabular-nums">{formatCount(columns)}</td>
                <td className="px-3 text-right tabular-nums">{formatCount(records)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
