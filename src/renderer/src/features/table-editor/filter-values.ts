import { useCurrentProject } from '@renderer/app/current-project'
import { useApi } from '@renderer/bridge/api'
import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { cellText } from './cell-text'
import { editText } from './edit-text'
import type { ChipOperator } from './filter-chips'
import type { GridColumn } from './grid-column'

export interface ValueSuggestion {
  /** What a chip holds. */
  readonly text: string
  readonly shown: string
  /** How many records have it. */
  readonly count: number
}

const asked: ReadonlySet<ChipOperator> = new Set([
  'eq',
  'neq',
  'in',
  'starts_with',
  'contains',
  'gt',
  'gte',
  'lt',
  'lte',
])

/** Values that the column has, for the end of what was typed; none while nothing is asked. */
export function useValueSuggestions(
  of: { readonly column: GridColumn; readonly op: ChipOperator; readonly text: string } | null,
): readonly ValueSuggestion[] {
  const { databaseId } = useCurrentProject()
  const { query } = useApi()
  const suits = of !== null && asked.has(of.op) && !of.column.type.array && of.column.type.base !== 'jsonb'
  const search = useDeferredValue(of === null ? '' : lastOf(of.op, of.text))
  const { data } = useQuery(
    query.records.values.queryOptions({
      input: suits
        ? {
            databaseId,
            tableName: of.column.table,
            column: of.column.name,
            ...(search === '' ? {} : { search }),
            limit: 8,
          }
        : skipToken,
      placeholderData: keepPreviousData,
      staleTime: 5_000,
    }),
  )
  if (!suits || !data) return none
  return data.values.flatMap(({ value, count }) => {
    const cell = cellText(of.column.type, value)
    const shown = 'text' in cell ? cell.text : cell.form === 'empty' ? 'empty text' : ''
    return value === null || shown === '' ? [] : [{ text: editText(of.column.type, value), shown, count }]
  })
}

/** What is being typed of a list. */
function lastOf(op: ChipOperator, text: string): string {
  return op === 'in' ? (text.split(',').at(-1) ?? '').trim() : text.trim()
}

/** The list with its last part completed. */
export function withLast(text: string, value: string): string {
  const before = text.split(',').slice(0, -1)
  return [...before.map((part) => part.trim()), value].join(', ')
}

const none: readonly ValueSuggestion[] = []
