import { Button } from '@renderer/ui/button'
import { Combobox } from '@renderer/ui/combobox'
import { Checkbox, Field, NumberInput, TextInput } from '@renderer/ui/field'
import { Select } from '@renderer/ui/select'
import { TypeMark } from '@renderer/ui/type-mark'
import { parseColumnType } from '@shared/domain/column-type'
import type { OnDelete } from '@shared/domain/table-schema'
import type { ColumnDraft, ColumnPatch } from './column-draft'
import { asList, defaultSuggestions, withDigits, withLength } from './column-types'
import { type ReferenceChoice, referenceValue } from './reference-choices'

export interface ColumnDetailsProps {
  readonly id: string
  readonly column: ColumnDraft
  readonly choices: readonly ReferenceChoice[]
  readonly choosesKey: boolean
  readonly onChange: (patch: ColumnPatch) => void
}

const onDelete: ReadonlyArray<{ readonly value: OnDelete; readonly label: string; readonly hint: string }> = [
  { value: 'restrict', label: 'Refuse', hint: 'It cannot be deleted' },
  { value: 'cascade', label: 'Delete too', hint: 'These records go with it' },
  { value: 'set_null', label: 'Set to NULL', hint: 'The reference is emptied' },
]

/** What folds out under a column. */
export function ColumnDetails({ id, column, choices, choosesKey, onChange }: ColumnDetailsProps) {
  const type = parseColumnType(column.type)
  const isKey = column.inKey && !choosesKey
  return (
    <div id={id} className="grid grid-cols-2 gap-x-4 gap-y-3 py-2 pr-9 pl-8 max-sm:grid-cols-1">
      <Field label="Default" className="gap-1">
        <TextInput
          mono
          value={column.default ?? ''}
          placeholder={column.default === '' ? 'Empty text' : 'None'}
          onChange={(event) => onChange({ default: event.target.value === '' ? null : event.target.value })}
        />
        <Suggestions column={column} onChange={onChange} />
      </Field>
      <ReferenceFields column={column} choices={choices} onChange={onChange} />
      {type?.base === 'varchar' ? (
        <Field label="Length" aside="Characters at most">
          <NumberInput
            value={type.length === undefined ? '' : String(type.length)}
            placeholder="Any"
            maxLength={5}
            onValueChange={(length) => onChange({ type: withLength(column.type, length) })}
          />
        </Field>
      ) : null}
      {type?.base === 'numeric' ? (
        <div className="grid grid-cols-2 gap-2">
          <Field label="Digits">
            <NumberInput
              value={type.precision === undefined ? '' : String(type.precision)}
              placeholder="Any"
              maxLength={4}
              onValueChange={(digits) => onChange({ type: withDigits(column.type, digits, String(type.scale ?? 0)) })}
            />
          </Field>
          <Field label="After the point">
            <NumberInput
              value={type.scale === undefined ? '' : String(type.scale)}
              placeholder="Any"
              maxLength={4}
              disabled={type.precision === undefined}
              onValueChange={(scale) =>
                onChange({ type: withDigits(column.type, String(type.precision ?? ''), scale) })
              }
            />
          </Field>
        </div>
      ) : null}
      <div className="col-span-full flex flex-wrap gap-x-5 gap-y-2">
        <span className="sm:hidden">
          <Checkbox
            label="Required"
            checked={column.required || column.inKey}
            disabled={column.inKey}
            onCheckedChange={(checked) => onChange({ required: checked === true })}
          />
        </span>
        {choosesKey || isKey ? (
          <Checkbox
            label="Key"
            checked={column.inKey}
            disabled={isKey}
            onCheckedChange={(checked) => onChange({ inKey: checked === true, unique: false })}
          />
        ) : null}
        <Checkbox
          label="Unique"
          checked={column.unique}
          disabled={column.inKey}
          onCheckedChange={(checked) => onChange({ unique: checked === true })}
        />
        <Checkbox
          label="List of values"
          checked={type?.array ?? false}
          disabled={isKey || !type || column.references !== null}
          onCheckedChange={(checked) => onChange({ type: asList(column.type, checked === true) })}
        />
      </div>
    </div>
  )
}

function Suggestions({ column, onChange }: Pick<ColumnDetailsProps, 'column' | 'onChange'>) {
  const suggestions = defaultSuggestions(column.type).filter((text) => text !== column.default)
  if (suggestions.length === 0) return null
  return (
    <div className="flex gap-1">
      {suggestions.map((text) => (
        <Button
          key={text}
          size="sm"
          variant="ghost"
          className="h-5 border border-border px-1.5 font-mono font-normal"
          aria-label={`Use ${text} as the default`}
          onClick={() => onChange({ default: text })}
        >
          {text}
        </Button>
      ))}
    </div>
  )
}

function ReferenceFields({ column, choices, onChange }: Omit<ColumnDetailsProps, 'id' | 'choosesKey'>) {
  const { references } = column
  const none = { value: '', label: 'Nothing' }

  function choose(value: string) {
    const choice = choices.find((candidate) => candidate.value === value)
    if (!choice) return onChange({ references: null })
    onChange({
      references: { table: choice.table, column: choice.column, on_delete: references?.on_delete ?? 'restrict' },
      type: choice.type,
    })
  }

  return (
    <div className="flex flex-col gap-2">
      <Field label="Refers to">
        <Combobox
          value={references ? referenceValue(references.table, references.column) : ''}
          options={[
            none,
            ...choices.map(({ value, label, type }) => {
              const base = parseColumnType(type)?.base
              return { value, label, hint: type, icon: base ? <TypeMark base={base} /> : null }
            }),
          ]}
          searchPlaceholder="Search tables and columns"
          empty="Only keys and unique columns can be referred to."
          onValueChange={choose}
        />
      </Field>
      {references ? (
        <Field label="When that record is deleted">
          <Select
            value={references.on_delete}
            options={onDelete}
            onValueChange={(value) => onChange({ references: { ...references, on_delete: value } })}
          />
        </Field>
      ) : null}
    </div>
  )
}
