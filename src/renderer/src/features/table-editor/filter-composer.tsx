import { cn } from '@renderer/ui/cn'
import { formatCount } from '@renderer/ui/figures'
import { TypeMark } from '@renderer/ui/type-mark'
import { Command } from 'cmdk'
import { CornerDownLeft } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { type ChipOperator, type FilterChip, isNullTest, operatorsFor, operatorWords, readChip } from './filter-chips'
import { useValueSuggestions, withLast } from './filter-values'
import type { GridColumn } from './grid-column'

export interface FilterComposerProps {
  readonly columns: readonly GridColumn[]
  /** The chip that is changed; none when one is added. */
  readonly chip: FilterChip | null
  /** The column that was chosen already. */
  readonly column?: string | undefined
  readonly onDone: (chip: FilterChip) => void
}

const itemLooks = 'flex h-7 items-center gap-2 rounded-md px-2 data-[selected=true]:bg-bg-hover'

/** One line: column, operator, value, each chosen by typing; Backspace goes one step back. */
export function FilterComposer({ columns, chip, column: given, onDone }: FilterComposerProps) {
  const [name, setName] = useState<string | null>(chip?.column ?? given ?? null)
  const [op, setOp] = useState<ChipOperator | null>(chip && !isNullTest(chip.op) ? chip.op : null)
  const [text, setText] = useState(chip && !isNullTest(chip.op) ? chip.value : '')
  const [problem, setProblem] = useState<string | null>(null)
  const column = columns.find((one) => one.name === name?.split('.')[0])
  const isPath = column !== undefined && name !== column.name
  const operators = column ? operatorsFor(isPath ? { base: 'text', array: false } : column.type) : []
  const stage = column === undefined ? 'column' : op === null ? 'operator' : 'value'
  const values = useValueSuggestions(stage === 'value' && !isPath && column && op ? { column, op, text } : null)
  const isBoolean = column?.type.base === 'boolean' && !column.type.array
  const path = /^([a-z][a-z0-9_]*)\.\S+$/.exec(text)
  const pathColumn = path && columns.find((one) => one.name === path[1] && one.type.base === 'jsonb')

  function chooseColumn(chosen: string) {
    setName(chosen)
    setText('')
  }
  function chooseOperator(chosen: ChipOperator) {
    if (name === null) return
    if (isNullTest(chosen)) return onDone({ column: name, op: chosen, value: '' })
    setOp(chosen)
    setText('')
  }
  function take(value: string) {
    if (name === null || op === null) return
    const next = { column: name, op, value }
    const read = readChip(
      next,
      columns.map(({ schema }) => schema),
    )
    if (read.ok) onDone(next)
    else setProblem(read.reason)
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Backspace' && text === '') {
      if (op !== null) setOp(null)
      else setName(null)
      setProblem(null)
    } else return
    event.preventDefault()
  }

  return (
    <Command label="Filter" shouldFilter={stage !== 'value'} loop>
      <div className="flex h-9 items-center gap-1 border-b border-border px-2">
        {column ? (
          <Token>
            <TypeMark base={column.type.base} />
            {name}
          </Token>
        ) : null}
        {op ? <Token>{operatorWords(op).sign}</Token> : null}
        <Command.Input
          autoFocus
          value={text}
          placeholder={
            stage === 'column' ? 'Filter by column' : stage === 'operator' ? 'Condition' : valueHint(column, op)
          }
          className={cn('h-full min-w-0 flex-1 bg-transparent px-1 outline-none', stage === 'value' && 'font-mono')}
          onValueChange={(next) => {
            setText(next)
            setProblem(null)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {problem ? (
        <p role="alert" className="px-3 pt-2 text-danger">
          {problem}
        </p>
      ) : null}
      <Command.List className="max-h-72 overflow-y-auto p-1">
        {stage === 'column' ? (
          <>
            <Command.Empty className="px-2 py-2 text-text-muted">No column has that name.</Command.Empty>
            {columns
              .filter((one) => !one.secret)
              .map((one) => (
                <Command.Item
                  key={one.name}
                  value={one.name}
                  className={itemLooks}
                  onSelect={() => chooseColumn(one.name)}
                >
                  <TypeMark base={one.type.base} />
                  <span className="flex-1 truncate">{one.name}</span>
                  <span className="text-sm text-text-muted">{one.schema.type}</span>
                </Command.Item>
              ))}
            {pathColumn ? (
              <Command.Item forceMount value={`path ${text}`} className={itemLooks} onSelect={() => chooseColumn(text)}>
                <TypeMark base="jsonb" />
                <span className="truncate">{text}</span>
              </Command.Item>
            ) : null}
          </>
        ) : stage === 'operator' ? (
          operators.map((one) => (
            <Command.Item
              key={one.op}
              value={`${one.label} ${one.sign}`}
              className={itemLooks}
              onSelect={() => chooseOperator(one.op)}
            >
              <span className="w-8 shrink-0 text-center font-mono text-text-muted">
                {one.sign.length <= 2 ? one.sign : ''}
              </span>
              {one.label}
            </Command.Item>
          ))
        ) : isBoolean ? (
          ['true', 'false'].map((value) => (
            <Command.Item key={value} value={value} className={itemLooks} onSelect={() => take(value)}>
              {value}
            </Command.Item>
          ))
        ) : (
          <>
            <Command.Item value="apply" className={itemLooks} onSelect={() => take(text)}>
              <CornerDownLeft aria-hidden className="size-3.5 text-text-muted" />
              {chip ? 'Change the filter' : 'Add the filter'}
            </Command.Item>
            {values.map(({ text: suggested, shown, count }) => (
              <Command.Item
                key={suggested}
                value={`value ${suggested}`}
                className={itemLooks}
                onSelect={() => take(op === 'in' ? withLast(text, suggested) : suggested)}
              >
                <span className="min-w-0 flex-1 truncate font-mono text-sm">{shown}</span>
                <span className="text-sm text-text-muted tabular-nums">{formatCount(count)}</span>
              </Command.Item>
            ))}
          </>
        )}
      </Command.List>
    </Command>
  )
}

function Token({ children }: { readonly children: React.ReactNode }) {
  return (
    <span className="flex h-6 shrink-0 items-center gap-1 rounded-sm bg-bg-active px-1.5 whitespace-nowrap">
      {children}
    </span>
  )
}

function valueHint(column: GridColumn | undefined, op: ChipOperator | null): string {
  if (op === 'in') return 'Values, separated by commas'
  if (op === 'like' || op === 'ilike') return 'A pattern: % is any text'
  switch (column?.type.base) {
    case 'date':
      return '2026-01-31'
    case 'timestamp':
    case 'timestamptz':
      return '2026-01-31 14:30'
    case 'time':
      return '14:30'
    case 'jsonb':
      return op === 'contains' ? '{"key": "value"}' : 'JSON'
    default:
      return 'Value'
  }
}
