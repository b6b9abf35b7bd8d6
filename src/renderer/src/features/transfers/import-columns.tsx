import { TypePicker } from '@renderer/features/tables/type-picker'
import { Checkbox, TextInput } from '@renderer/ui/field'
import { Select } from '@renderer/ui/select'
import { TypeMark } from '@renderer/ui/type-mark'
import type { Table } from '@shared/contract/tables.contract'
import type { Inspection } from '@shared/contract/transfers.contract'
import { parseColumnType } from '@shared/domain/column-type'
import { type ColumnDraft, type ImportDraft, labelsOf } from './import-draft'

export interface ImportColumnsProps {
  readonly draft: ImportDraft
  readonly inspection: Inspection
  readonly table: Table | null
  readonly tables: readonly Table[]
  readonly onChange: (columns: readonly ColumnDraft[]) => void
}

/** Every column of the file: what it holds, and where it goes. */
export function ImportColumns({ draft, inspection, table, tables, onChange }: ImportColumnsProps) {
  const change = (source: number, next: Partial<ColumnDraft>) =>
    onChange(draft.columns.map((column) => (column.source === source ? { ...column, ...next } : column)))
  return (
    <div className="overflow-x-auto rounded-md border border-border">
      <table className="w-full min-w-160 border-collapse text-left">
        <thead className="bg-bg-subtle text-sm text-text-muted">
          <tr>
            <th scope="col" className="w-9 py-1.5 pl-3 font-medium">
              <span className="sr-only">Import</span>
            </th>
            <th scope="col" className="px-2 py-1.5 font-medium">
              In the file
            </th>
            <th scope="col" className="px-2 py-1.5 font-medium">
              {table === null ? 'Column' : 'Fills'}
            </th>
            <th scope="col" className="px-2 py-1.5 font-medium">
              Type
            </th>
            <th scope="col" className="px-2 py-1.5 font-medium">
              Examples
            </th>
          </tr>
        </thead>
        <tbody>
          {draft.columns.map((column) => {
            const seen = inspection.columns[column.source]
            if (!seen) return null
            return (
              <tr key={column.source} className="border-t border-border">
                <td className="py-1.5 pl-3">
                  <Checkbox
                    aria-label={`Import ${seen.source}`}
                    checked={column.included}
                    onCheckedChange={(on) => change(column.source, { included: on === true })}
                  />
                </td>
                <td className="max-w-40 truncate px-2" title={seen.source}>
                  {seen.source}
                </td>
                {table === null ? (
                  <NewColumn column={column} label={seen.source} onChange={(next) => change(column.source, next)} />
                ) : (
                  <FilledColumn
                    column={column}
                    label={seen.source}
                    table={table}
                    tables={tables}
                    onChange={(next) => change(column.source, next)}
                  />
                )}
                <td
                  className="max-w-60 truncate px-2 font-mono text-sm text-text-muted"
                  title={seen.examples.join('\n')}
                >
                  {seen.examples.slice(0, 3).join(', ') || '–'}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

interface CellsProps {
  readonly column: ColumnDraft
  readonly label: string
  readonly onChange: (next: Partial<ColumnDraft>) => void
}

function NewColumn({ column, label, onChange }: CellsProps) {
  return (
    <>
      <td className="px-2">
        <TextInput
          aria-label={`Name of ${label}`}
          mono
          className="w-40!"
          value={column.name}
          disabled={!column.included}
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </td>
      <td className="w-40 px-2">
        <TypePicker
          label={`Type of ${label}`}
          type={column.type}
          disabled={!column.included}
          onChange={(type) => onChange({ type })}
        />
      </td>
    </>
  )
}

const nothing = ''

function FilledColumn({
  column,
  label,
  table,
  tables,
  onChange,
}: CellsProps & { readonly table: Table; readonly tables: readonly Table[] }) {
  const filled = table.schema_json.columns.find(({ name }) => name === column.column)
  const type = filled ? parseColumnType(filled.type) : null
  const labels = labelsOf(filled, tables)
  return (
    <>
      <td className="px-2">
        <Select
          aria-label={`Column for ${label}`}
          className="w-44!"
          value={column.column ?? nothing}
          options={[
            { value: nothing, label: 'Nothing' },
            ...table.schema_json.columns.map(({ name }) => ({ value: name, label: name })),
          ]}
          onValueChange={(value) =>
            onChange({ column: value === nothing ? null : value, included: value !== nothing, label: null })
          }
        />
      </td>
      <td className="px-2 whitespace-nowrap">
        {filled ? (
          <span className="inline-flex items-center gap-2">
            {type ? <TypeMark base={type.base} /> : null}
            {labels.length === 0 ? (
              filled.type
            ) : (
              <Select
                aria-label={`How ${label} names records`}
                className="w-36!"
                value={column.label ?? nothing}
                options={[
                  { value: nothing, label: `by ${filled.references?.column}` },
                  ...labels.map((name) => ({ value: name, label: `by ${name}` })),
                ]}
                onValueChange={(value) => onChange({ label: value === nothing ? null : value })}
              />
            )}
          </span>
        ) : (
          <span className="text-text-muted">Not imported</span>
        )}
      </td>
    </>
  )
}
