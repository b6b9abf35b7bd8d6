import { useCommands } from '@renderer/app/commands'
import { summaryShown } from '@renderer/app/preferences'
import { useStored } from '@renderer/app/stored'
import { Download, ListFilter, PanelRight, PencilLine, Plus, Search, Sigma, Zap } from 'lucide-react'
import { recordShown } from './grid-preferences'

export interface EditorCommands {
  readonly newRecord: () => void
  readonly filter: () => void
  readonly find: () => void
  readonly editMany: () => void
  readonly exportRecords: () => void
  readonly editColumns: () => void
  readonly showIndexes: () => void
}

/** What the palette and the shortcuts can do with the table that is open. */
export function useEditorCommands(run: EditorCommands): void {
  const showsRecord = useStored(recordShown)
  const showsSummary = useStored(summaryShown)
  useCommands([
    {
      id: 'records.new',
      title: 'New record',
      group: 'Table',
      shortcut: 'Mod+Shift+N',
      icon: Plus,
      run: run.newRecord,
    },
    {
      id: 'records.filter',
      title: 'Filter records',
      group: 'Table',
      shortcut: 'Alt+F',
      icon: ListFilter,
      run: run.filter,
    },
    { id: 'records.find', title: 'Find in table', group: 'Table', shortcut: 'Mod+F', icon: Search, run: run.find },
    {
      id: 'records.panel',
      title: showsRecord ? 'Close the record' : 'Open the record',
      group: 'Table',
      shortcut: 'Alt+R',
      icon: PanelRight,
      run: () => recordShown.write(!showsRecord),
    },
    { id: 'records.editMany', title: 'Edit all matching records', group: 'Table', icon: PencilLine, run: run.editMany },
    {
      id: 'records.export',
      title: 'Export this table',
      group: 'Table',
      icon: Download,
      keywords: ['csv', 'json', 'excel', 'xlsx', 'sql', 'download', 'selection', 'view'],
      run: run.exportRecords,
    },
    {
      id: 'records.summary',
      title: showsSummary ? 'Hide the summary row' : 'Show the summary row',
      group: 'Table',
      icon: Sigma,
      keywords: ['sum', 'average', 'count', 'statistics'],
      run: () => summaryShown.write(!showsSummary),
    },
    { id: 'columns.edit', title: 'Edit columns', group: 'Table', run: run.editColumns },
    {
      id: 'indexes.show',
      title: 'Indexes and storage',
      group: 'Table',
      icon: Zap,
      keywords: ['performance', 'slow', 'fast'],
      run: run.showIndexes,
    },
  ])
}
