import { Combobox } from '@renderer/ui/combobox'
import { TypeMark } from '@renderer/ui/type-mark'
import { parseColumnType } from '@shared/domain/column-type'
import { typeChoices } from './column-types'

export interface TypePickerProps {
  readonly label: string
  readonly type: string
  readonly disabled: boolean
  readonly onChange: (type: string) => void
}

const plain = typeChoices.map(({ base, hint, keywords }) => ({
  value: base as string,
  label: base as string,
  hint,
  keywords,
  icon: <TypeMark base={base} />,
}))

/** The types with their marks; `varchar(80)`, `numeric(10,2)` and `text[]` can be typed. */
export function TypePicker({ label, type, disabled, onChange }: TypePickerProps) {
  const parsed = parseColumnType(type)
  const isPlain = plain.some(({ value }) => value === type)
  const own = parsed && !isPlain ? [{ value: type, label: type, icon: <TypeMark base={parsed.base} /> }] : []
  return (
    <Combobox
      aria-label={label}
      wide
      value={type}
      disabled={disabled}
      options={[...own, ...plain]}
      searchPlaceholder="Search, or type numeric(10,2) or text[]"
      empty="There is no such type."
      onValueChange={onChange}
      onCreate={(text) => onChange(text.toLowerCase().replace(/\s+/g, ''))}
    />
  )
}
