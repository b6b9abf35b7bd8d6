import { Field, Switch } from '@renderer/ui/field'
import { Select } from '@renderer/ui/select'
import type { FileOptions, Inspection } from '@shared/contract/transfers.contract'

const formats = [
  { value: 'csv', label: 'CSV' },
  { value: 'tsv', label: 'TSV' },
  { value: 'json', label: 'JSON' },
  { value: 'ndjson', label: 'NDJSON' },
  { value: 'xlsx', label: 'Excel' },
  { value: 'sql', label: 'SQL' },
] as const

const delimiters = [
  { value: ',', label: 'Comma' },
  { value: ';', label: 'Semicolon' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Bar' },
] as const

const encodings = [
  'utf-8',
  'windows-1252',
  'iso-8859-2',
  'iso-8859-15',
  'windows-1250',
  'windows-1251',
  'utf-16le',
  'utf-16be',
  'shift_jis',
  'gb18030',
  'big5',
  'euc-kr',
  'macintosh',
]

/** How the file is read. What was found out is chosen; whoever knows better changes it. */
export function ImportOptions({
  inspection,
  onChange,
}: {
  readonly inspection: Inspection
  readonly onChange: (options: FileOptions) => void
}) {
  const { format, options, sheets } = inspection
  const isLines = format === 'csv' || format === 'tsv'
  const offered = encodings.includes(options.encoding) ? encodings : [options.encoding, ...encodings]
  const now: FileOptions = {
    format,
    ...(isLines ? { delimiter: options.delimiter } : {}),
    ...(isLines || format === 'xlsx' ? { header: options.header } : {}),
    ...(format === 'xlsx' ? { sheet: options.sheet } : { encoding: options.encoding }),
  }
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Field label="Format" className="w-28">
        <Select value={format} options={formats} onValueChange={(value) => onChange({ format: value })} />
      </Field>
      {isLines ? (
        <Field label="Delimiter" className="w-32">
          <Select
            value={options.delimiter}
            options={
              delimiters.some(({ value }) => value === options.delimiter)
                ? delimiters
                : [...delimiters, { value: options.delimiter, label: options.delimiter }]
            }
            onValueChange={(delimiter) => onChange({ ...now, delimiter })}
          />
        </Field>
      ) : null}
      {format === 'xlsx' ? (
        <Field label="Sheet" className="w-44">
          <Select
            value={options.sheet}
            options={sheets.map((value) => ({ value, label: value }))}
            onValueChange={(sheet) => onChange({ format, sheet })}
          />
        </Field>
      ) : (
        <Field label="Encoding" className="w-36">
          <Select
            value={options.encoding}
            options={offered.map((value) => ({ value, label: value.toUpperCase() }))}
            onValueChange={(encoding) => onChange({ ...now, encoding })}
          />
        </Field>
      )}
      {isLines || format === 'xlsx' ? (
        <div className="flex h-7 items-center">
          <Switch
            label="The first row names the columns"
            checked={options.header}
            onCheckedChange={(header) => onChange({ ...now, header })}
          />
        </div>
      ) : null}
    </div>
  )
}
