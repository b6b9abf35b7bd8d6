import { BooleanEditor } from './editors/boolean-editor'
import type { CellEditorProps } from './editors/editing'
import { JsonEditor } from './editors/json-editor'
import { TextEditor } from './editors/text-editor'

export type { AfterEdit, CellEditorProps } from './editors/editing'

/** The editor that a column's type asks for. */
export function CellEditor(props: CellEditorProps) {
  const { base, array } = props.column.type
  if (array) return <TextEditor {...props} />
  switch (base) {
    case 'boolean':
      return <BooleanEditor {...props} />
    case 'jsonb':
      return <JsonEditor {...props} />
    default:
      return <TextEditor {...props} />
  }
}
