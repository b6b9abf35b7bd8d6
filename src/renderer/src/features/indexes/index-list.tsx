import { Badge } from '@renderer/ui/badge'
import { IconButton } from '@renderer/ui/button'
import { formatBytes } from '@renderer/ui/figures'
import type { TableIndex } from '@shared/contract/indexes.contract'
import { Trash2 } from 'lucide-react'
import { columnWords, originWords, usageWords } from './index-words'

export interface IndexListProps {
  readonly indexes: readonly TableIndex[]
  readonly onDrop: (index: TableIndex) => void
}

/** The indexes of a table: what of, why, how large, how often used. Those of rules go with their rule. */
export function IndexList({ indexes, onDrop }: IndexListProps) {
  return (
    <ul className="divide-y divide-border rounded-lg border border-border">
      {indexes.map((index) => {
        const name = columnWords(index.columns)
        return (
          <li key={index.id} className="flex min-h-11 items-center gap-3 py-1.5 pr-2 pl-3">
            <div className="min-w-0 flex-1">
              <p className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5">
                <span className="min-w-0 truncate font-mono" title={name}>
                  {name}
                </span>
                {index.unique ? <Badge>Unique</Badge> : null}
                {index.unused ? <Badge tone="warning">Unused</Badge> : null}
                {index.state === 'planned' ? <Badge tone="accent">Being built</Badge> : null}
              </p>
              <p className="text-sm text-text-muted">{originWords(index.origin)}</p>
            </div>
            {index.state === 'ready' ? (
              <p className="shrink-0 text-right text-sm text-text-muted tabular-nums">
                {usageWords(index.scans)}
                <br />
                {formatBytes(index.bytes)}
              </p>
            ) : null}
            {index.origin === 'asked' ? (
              <IconButton label={`Drop the index on ${name}`} icon={Trash2} size="sm" onClick={() => onDrop(index)} />
            ) : (
              <span className="size-6 shrink-0" />
            )}
          </li>
        )
      })}
    </ul>
  )
}
