import { cn } from '@renderer/ui/cn'
import { memo, useEffect, useRef } from 'react'
import { type NodeProps, NodeResizer } from 'reactflow'
import { useActions } from './canvas-actions'
import { parseNodeId } from './canvas-graph'
import type { Note } from './canvas-layout'
import { isRenaming, useMoment } from './canvas-ui'

/** Plain words on the canvas. A double-click writes, leaving keeps. */
export const NoteNode = memo(function NoteNode(props: NodeProps<{ readonly note: Note; readonly fixed: boolean }>) {
  const { note, fixed } = props.data
  const { key } = parseNodeId(props.id)
  const actions = useActions()
  const editing = useMoment((moment) => isRenaming(moment, 'canvas', props.id, null))
  const setEditing = (on: boolean) =>
    actions.ui.set({ renaming: on ? { table: props.id, column: null, where: 'canvas' } : null })
  const area = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (editing) area.current?.focus()
  }, [editing])
  return (
    <section
      aria-label="Note"
      className={cn(
        'size-full overflow-hidden rounded-md border border-warning/40 bg-warning-subtle text-text',
        props.selected && 'outline-2 outline-accent/60',
      )}
      onDoubleClick={() => !fixed && setEditing(true)}
    >
      {fixed ? null : (
        <NodeResizer
          isVisible={props.selected && !editing}
          minWidth={96}
          minHeight={56}
          lineClassName="border-accent!"
          handleClassName="size-2! rounded-sm! border-accent! bg-bg!"
          onResizeEnd={(_, { x, y, width, height }) =>
            actions.changeNote(key, { x, y, width, height }, 'Resize a note')
          }
        />
      )}
      {editing ? (
        <textarea
          ref={area}
          aria-label="Text of the note"
          defaultValue={note.text}
          className="nodrag nopan nowheel size-full resize-none bg-transparent px-3 py-2 outline-none"
          onBlur={(event) => {
            setEditing(false)
            if (event.target.value !== note.text) actions.changeNote(key, { text: event.target.value }, 'Write a note')
          }}
          onKeyDown={(event) => {
            event.stopPropagation()
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
        />
      ) : (
        <p className={cn('px-3 py-2 break-words whitespace-pre-wrap', note.text === '' && 'text-text-muted')}>
          {note.text === '' ? 'Double-click to write' : note.text}
        </p>
      )}
    </section>
  )
})
