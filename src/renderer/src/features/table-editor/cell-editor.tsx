import { BooleanEditor } from './editors/boolean-editor'
import type { CellEditorProps } from './editors/editing'
import { JsonEditor } from './editors/json-editor'
import { MomentEditor } from './editors/moment-editor'
import { ReferenceEditor } from './editors/reference-editor'
import { TextEditor } from './editors/text-editor'

export type { AfterEdit, CellEditorProps } from './editors/editing'

/** The editor that a column's type asks for. */
export function CellEditor(props: CellEditorProps) {
  const { references } = props.column.schema
  const { base, array } = props.column.type
  if (references) return <ReferenceEditor {...props} reference={references} />
  if (array) return <TextEditor {...props} />
  switch (base) {
    case 'boolean':
      return <BooleanEditor {...props} />
    case 'jsonb':
      return <JsonEditor {...props} />
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return <MomentEditor {...props} />
    default:
      return <TextEditor {...props} />
  }
}
