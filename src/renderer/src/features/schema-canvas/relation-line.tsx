import { cn } from '@renderer/ui/cn'
import { memo } from 'react'
import { type EdgeProps, useStore } from 'reactflow'
import { detailOf } from './canvas-detail'
import type { RelationData } from './canvas-graph'
import { endMark, relationPath } from './relation-path'
import type { Mark } from './shown-tables'

const colours: Readonly<Record<Mark, string>> = {
  same: 'stroke-border-strong',
  new: 'stroke-success',
  changed: 'stroke-warning',
  dropped: 'stroke-danger',
}

/** A reference, drawn from the row of its column to the row it refers to. */
export const RelationLine = memo(function RelationLine(props: EdgeProps<RelationData>) {
  const far = useStore((state) => detailOf(state.transform[2]) === 'far')
  const { data, selected } = props
  const { line, source, target } = relationPath(props)
  const mark = data?.mark ?? 'same'
  const colour = cn(selected ? 'stroke-accent' : colours[mark], 'transition-[stroke] group-hover/edge:stroke-accent')
  return (
    <g className={cn('group/edge', data?.dim && 'opacity-15')}>
      <path d={line} fill="none" className="stroke-transparent" strokeWidth={14} />
      <path
        d={line}
        fill="none"
        className={colour}
        strokeWidth={selected ? 2 : far ? 2.5 : 1.25}
        strokeDasharray={mark === 'dropped' || (data?.ghost === true && mark !== 'same') ? '5 4' : undefined}
      />
      {far ? null : (
        <g fill="none" strokeWidth={1.25} className={colour}>
          <path d={endMark(source, data?.oneToOne ? 'one' : 'many')} />
          <path d={endMark(target, 'one')} />
          {data?.optional ? (
            <circle
              cx={target.x + (target.side === 'right' ? 13 : -13)}
              cy={target.y}
              r={3}
              className={cn('fill-bg', colour)}
            />
          ) : null}
        </g>
      )}
    </g>
  )
})
