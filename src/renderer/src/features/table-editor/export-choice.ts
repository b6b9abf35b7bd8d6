import type { ExportChoice } from '@renderer/features/transfers/transfer-dialogs'
import type { Filter, Sort } from '@shared/domain/filter'
import type { ColumnSettings } from './columns/use-column-settings'
import type { GridSelection } from './grid-selection'

/** The ticked records, or what the grid shows now. */
export function exportChoice(shown: {
  readonly tableName: string
  readonly selection: GridSelection
  readonly filter: Filter | undefined
  readonly sort: readonly Sort[]
  readonly settings: Pick<ColumnSettings, 'shown' | 'hidden'>
}): ExportChoice {
  const { tableName: table, selection, filter, sort, settings } = shown
  if (selection.kind === 'some' && selection.records.size > 0)
    return { kind: 'records', table, ids: [...selection.records.keys()] }
  if (!filter && sort.length + settings.hidden.length === 0) return { kind: 'records', table }
  const columns = settings.shown.flatMap(({ name, secret }) => (secret ? [] : [name]))
  return { kind: 'records', table, filters: filter, sort, columns }
}
