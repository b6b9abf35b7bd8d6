import type { ColumnReference } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { type MouseEvent, useEffect, useSyncExternalStore } from 'react'
import { type References, useReferences } from './references'

const chipLooks =
  'inline-block max-w-full truncate rounded-sm border border-border bg-bg-subtle px-1.5 align-middle leading-5'

/** A reference as the record it points to is known; Ctrl- or Cmd-click goes there. */
export function ReferenceChip(props: {
  readonly reference: ColumnReference
  readonly value: JsonValue
  readonly text: string
}) {
  const references = useReferences()
  return references ? (
    <LabelledChip {...props} references={references} />
  ) : (
    <span className={chipLooks}>{props.text}</span>
  )
}

function LabelledChip(props: {
  readonly references: References
  readonly reference: ColumnReference
  readonly value: JsonValue
  readonly text: string
}) {
  const { references, reference, value } = props
  const { labels } = references
  const label = useSyncExternalStore(labels.subscribe, () => labels.of(reference, value))
  useEffect(() => labels.show(reference, value), [labels, reference, value])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard's way is the editor of the cell
    <span
      data-reference={reference.table}
      className={label === null ? chipLooks : `${chipLooks} font-sans`}
      onMouseDown={(event: MouseEvent) => {
        if (event.button !== 0 || !(event.ctrlKey || event.metaKey)) return
        event.preventDefault()
        event.stopPropagation()
        references.jump(reference, value)
      }}
      onPointerEnter={(event) => references.point({ chip: event.currentTarget, reference, value })}
      onPointerLeave={() => references.point(null)}
      onPointerDown={() => references.point(null)}
    >
      {label ?? props.text}
    </span>
  )
}
