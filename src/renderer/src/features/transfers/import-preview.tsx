import { Checkbox, Field, TextInput } from '@renderer/ui/field'
import { formatCount } from '@renderer/ui/figures'
import { Segmented } from '@renderer/ui/segmented'
import { Select } from '@renderer/ui/select'
import type { Table } from '@shared/contract/tables.contract'
import type { FileOptions, Inspection } from '@shared/contract/transfers.contract'
import type { JsonValue } from '@shared/json'
import { ImportColumns } from './import-columns'
import { hasTables, type ImportDraft, type ImportMode } from './import-draft'
import { ImportOptions } from './import-options'
import { Notes } from './import-result'
import { ImportTables } from './import-tables'

export interface ImportPreviewProps {
  readonly inspection: Inspection
  readonly draft: ImportDraft
  readonly tables: readonly Table[]
  readonly onChange: (draft: ImportDraft) => void
  readonly onTable: (name: string | null) => void
  readonly onOptions: (options: FileOptions) => void
}

const newTable = ''
const modes: readonly { readonly value: ImportMode; readonly label: string }[] = [
  { value: 'append', label: 'Add all as new records' },
  { value: 'upsert', label: 'Change those with the same key, add the rest' },
  { value: 'replace', label: 'Replace all records' },
]

/** What the file seems to hold, and what is to become of it; everything that was guessed can be changed. */
export function ImportPreview({ inspection, draft, tables, onChange, onTable, onOptions }: ImportPreviewProps) {
  const table = tables.find(({ table_name }) => table_name === draft.table) ?? null
  return (
    <div className="flex flex-col gap-5">
      <ImportOptions inspection={inspection} onChange={onOptions} />
      {hasTables(inspection) ? (
        <ImportTables inspection={inspection} draft={draft} tables={tables} onChange={onChange} />
      ) : (
        <>
          <div className="flex flex-wrap items-end gap-3">
            <Field label="Import into" className="w-56">
              <Select
                value={draft.table ?? newTable}
                options={[
                  { value: newTable, label: 'A new table' },
                  ...tables.map(({ table_name }) => ({ value: table_name, label: table_name })),
                ]}
                onValueChange={(value) => onTable(value === newTable ? null : value)}
              />
            </Field>
            {table === null ? (
              <Field label="Name of the table" className="w-56">
                <TextInput
                  mono
                  value={draft.name}
                  onChange={(event) => onChange({ ...draft, name: event.target.value })}
                />
              </Field>
            ) : (
              <Field label="Records that are there" className="w-96 max-w-full">
                <Select value={draft.mode} options={modes} onValueChange={(mode) => onChange({ ...draft, mode })} />
              </Field>
            )}
          </div>
          {table !== null && draft.mode === 'upsert' ? (
            <fieldset className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
              <legend className="mb-1 font-medium">Columns that tell records apart</legend>
              {table.schema_json.columns.map(({ name }) => (
                <Checkbox
                  key={name}
                  label={name}
                  checked={draft.key.includes(name)}
                  onCheckedChange={(on) =>
                    onChange({
                      ...draft,
                      key: on === true ? [...draft.key, name] : draft.key.filter((one) => one !== name),
                    })
                  }
                />
              ))}
            </fieldset>
          ) : null}
          <ImportColumns
            draft={draft}
            inspection={inspection}
            table={table}
            tables={tables}
            onChange={(columns) => onChange({ ...draft, columns })}
          />
          <FirstRows inspection={inspection} />
        </>
      )}
      {inspection.problems.length > 0 ? (
        <p className="text-warning">
          {inspection.problems.length === 1 ? 'One record' : `${formatCount(inspection.problems.length)} records`}{' '}
          cannot be read, the first in line {inspection.problems[0]?.line}.
        </p>
      ) : null}
      {inspection.notes.length > 0 ? <Notes notes={inspection.notes} /> : null}
      <div className="flex flex-wrap items-center gap-3">
        <span className="font-medium">When a record is wrong</span>
        <Segmented
          aria-label="When a record is wrong"
          value={draft.onReject}
          options={[
            { value: 'skip', label: 'Import the others' },
            { value: 'stop', label: 'Import nothing' },
          ]}
          onValueChange={(onReject) => onChange({ ...draft, onReject })}
        />
      </div>
    </div>
  )
}

/** Rows that are shown. */
const mostRows = 8

function FirstRows({ inspection: { columns, rows } }: { readonly inspection: Inspection }) {
  return (
    <section aria-label="First records" className="flex flex-col gap-1.5">
      <h3 className="font-medium">First records</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <div tabIndex={0} className="overflow-x-auto rounded-md border border-border">
        <table className="w-full border-collapse text-left font-mono text-sm">
          <thead className="bg-bg-subtle text-text-muted">
            <tr>
              {columns.map(({ source }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns of a file have no other identity
                <th key={at} scope="col" className="max-w-60 truncate px-2.5 py-1 font-medium whitespace-nowrap">
                  {source}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, mostRows).map((row, line) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other identity
              <tr key={line} className="border-t border-border">
                {columns.map((_, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: as above
                  <td key={at} className="max-w-60 truncate px-2.5 py-1 whitespace-nowrap">
                    <Shown value={row[at] ?? null} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Shown({ value }: { readonly value: JsonValue }) {
  if (value === null) return <span className="text-text-muted">NULL</span>
  return typeof value === 'string' ? value : JSON.stringify(value)
}
