import { cn } from '@renderer/ui/cn'
import { memo } from 'react'
import { type NodeProps, NodeResizer } from 'reactflow'
import { useActions } from './canvas-actions'
import { parseNodeId } from './canvas-graph'
import { type Area, type AreaHue, areaHues } from './canvas-layout'
import { isRenaming, useMoment } from './canvas-ui'

/** Fill and frame of an area; the marks of hues are those of the palette of types. */
const looks: Readonly<Record<AreaHue, string>> = {
  grey: 'border-border-strong/50 bg-text-muted/6',
  blue: 'border-type-integer/50 bg-type-integer/8',
  green: 'border-success/50 bg-success/8',
  amber: 'border-warning/50 bg-warning/8',
  red: 'border-danger/50 bg-danger/8',
  violet: 'border-conflict/50 bg-conflict/8',
}
const dots: Readonly<Record<AreaHue, string>> = {
  grey: 'bg-text-muted',
  blue: 'bg-type-integer',
  green: 'bg-success',
  amber: 'bg-warning',
  red: 'bg-danger',
  violet: 'bg-conflict',
}

/** A named rectangle behind tables that belong together. */
export const AreaNode = memo(function AreaNode(props: NodeProps<{ readonly area: Area; readonly fixed: boolean }>) {
  const { area, fixed } = props.data
  const { key } = parseNodeId(props.id)
  const actions = useActions()
  const editing = useMoment((moment) => isRenaming(moment, 'canvas', props.id, null))
  const setEditing = (on: boolean) =>
    actions.ui.set({ renaming: on ? { table: props.id, column: null, where: 'canvas' } : null })
  return (
    <section aria-label={`Area ${area.name}`} className={cn('group/area size-full rounded-lg border', looks[area.hue])}>
      {fixed ? null : (
        <NodeResizer
          isVisible={props.selected}
          minWidth={160}
          minHeight={96}
          lineClassName="border-accent!"
          handleClassName="size-2! rounded-sm! border-accent! bg-bg!"
          onResizeEnd={(_, { x, y, width, height }) =>
            actions.changeArea(key, { x, y, width, height }, `Resize area ${area.name}`)
          }
        />
      )}
      <div className="flex h-9 items-center gap-2 px-3">
        {editing ? (
          <input
            // biome-ignore lint/a11y/noAutofocus: it was asked for with a double-click
            autoFocus
            defaultValue={area.name}
            aria-label="Name of the area"
            className="nodrag nopan h-6 w-48 rounded-sm border border-focus bg-bg px-1 font-semibold outline-none"
            onBlur={(event) => {
              setEditing(false)
              const name = event.target.value.trim()
              if (name !== '' && name !== area.name) actions.changeArea(key, { name }, `Rename area ${area.name}`)
            }}
            onKeyDown={(event) => {
              event.stopPropagation()
              if (event.key === 'Enter') event.currentTarget.blur()
              if (event.key === 'Escape') {
                event.currentTarget.value = area.name
                event.currentTarget.blur()
              }
            }}
          />
        ) : (
          // biome-ignore lint/a11y/noStaticElementInteractions: its menu renames it by keys
          <span
            className="min-w-0 truncate font-semibold text-text-muted"
            onDoubleClick={() => !fixed && setEditing(true)}
          >
            {area.name}
          </span>
        )}
        {props.selected && !fixed ? (
          <div className="nodrag flex gap-1">
            {areaHues.map((hue) => (
              <button
                key={hue}
                type="button"
                aria-label={`Make the area ${hue}`}
                aria-pressed={hue === area.hue}
                className={cn(
                  'size-4 rounded-full border-2 border-bg-raised',
                  dots[hue],
                  hue === area.hue && 'outline-2 outline-accent',
                )}
                onClick={() => actions.changeArea(key, { hue }, `Colour area ${area.name}`)}
              />
            ))}
          </div>
        ) : null}
      </div>
    </section>
  )
})
