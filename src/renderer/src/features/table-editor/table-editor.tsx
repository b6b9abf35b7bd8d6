import { useCommands } from '@renderer/app/commands'
import { keepTable } from '@renderer/app/open-tables'
import { useStatus } from '@renderer/app/status'
import { toAppError } from '@renderer/bridge/api'
import { RecordHistory } from '@renderer/features/changes/record-history'
import { IndexesDialog } from '@renderer/features/indexes/indexes-dialog'
import { EditColumnsDialog } from '@renderer/features/tables/edit-columns-dialog'
import { ProgressBar } from '@renderer/ui/progress-bar'
import { toast } from '@renderer/ui/toast'
import type { TableRecord } from '@shared/contract/records.contract'
import type { Table } from '@shared/contract/tables.contract'
import { ListFilter, Plus, Zap } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { DeleteQuestion } from './delete-question'
import { editText } from './edit-text'
import { EditorToolbar } from './editor-toolbar'
import { ReferencesProvider } from './editors/references'
import { FilterBar } from './filter-bar'
import { chipsFilter } from './filter-chips'
import { Grid } from './grid'
import { type GridColumn, gridColumns } from './grid-column'
import { useColumnWidths, useRowHeight } from './grid-preferences'
import { type GridSelection, nothingSelected, selectedCount } from './grid-selection'
import { GridStates } from './grid-states'
import { currentDraft, emptyDraft, readDraft, setDraft, useDraft } from './record-draft'
import { describeCount } from './row-count'
import { useRecordChanges } from './use-record-changes'
import { useRecordPages } from './use-record-pages'
import { useTableView } from './use-table-view'
import { cycleSort } from './view-params'

export interface TableEditorProps {
  readonly projectId: string
  readonly databaseId: string
  readonly table: Table
}

/** The undo of so many is a matter of a moment; more are asked about first. */
const mostWithoutQuestion = 1000

/** The records of one table: filters over the grid. */
export function TableEditor(props: TableEditorProps) {
  return (
    <ReferencesProvider databaseId={props.databaseId}>
      <Editor {...props} />
    </ReferencesProvider>
  )
}

function Editor({ projectId, databaseId, table }: TableEditorProps) {
  const { id: tableId, table_name: tableName, schema_json: schema } = table
  const columns = useMemo(() => gridColumns(schema), [schema])
  const [view, setView] = useTableView(tableId)
  const filter = useMemo(() => chipsFilter(view.chips, view.match, schema.columns), [view, schema])
  const sort = useMemo(
    () => view.sort.filter(({ column }) => columns.some(({ name, secret }) => name === column && !secret)),
    [view, columns],
  )
  const source = { databaseId, tableId, tableName, columns: schema.columns, filter, sort }
  const records = useRecordPages(source)
  const changes = useRecordChanges(source, records)
  const [selection, setSelection] = useState<GridSelection>(nothingSelected)
  const [deleting, setDeleting] = useState<'all' | readonly TableRecord[] | null>(null)
  const [editingColumns, setEditingColumns] = useState(false)
  const [composing, setComposing] = useState(false)
  const [showingIndexes, setShowingIndexes] = useState(false)
  const [historyOf, setHistoryOf] = useState<string | null>(null)
  const gridBox = useRef<HTMLDivElement>(null)
  const draft = useDraft(tableId)
  const { widths, resize } = useColumnWidths(tableId)
  const rowHeight = useRowHeight()
  const { pages, count } = records
  const selected = selectedCount(selection, count.count)

  useStatus({
    rows: records.counted ? describeCount(count) : undefined,
    time: records.time === null ? undefined : `${Math.max(1, Math.round(records.time))} ms`,
  })

  function newRecord() {
    keepTable(projectId, tableId)
    if (!draft) setDraft(tableId, emptyDraft)
  }

  function discardDraft() {
    const discarded = currentDraft(tableId)
    setDraft(tableId, null)
    if (discarded && discarded.inputs.size > 0)
      toast.success('New record discarded.', { undo: () => setDraft(tableId, discarded) })
  }

  async function saveDraft() {
    const now = currentDraft(tableId)
    if (!now || now.saving) return
    const read = readDraft(now, columns)
    if (!read.ok) return setDraft(tableId, { ...now, problems: read.problems })
    setDraft(tableId, { ...now, saving: true })
    try {
      const record = await changes.create(read.values)
      setDraft(tableId, null)
      if (filter === undefined && sort.length === 0) pages.insert(count.count, record)
      else toast.success('Record created. Filters and order decide where it shows.')
      records.refresh()
    } catch (error) {
      const { message, details } = toAppError(error)
      const column = columnOf(details, columns)
      const kept = currentDraft(tableId) ?? now
      setDraft(tableId, { ...kept, saving: false, problems: new Map([[column ?? '', message]]) })
    }
  }

  async function remove(gone: readonly TableRecord[]) {
    await changes.remove(gone)
    setSelection(nothingSelected)
  }

  function askToDelete(what: readonly TableRecord[] | 'selected') {
    const gone = what === 'selected' ? (selection.kind === 'all' ? 'all' : [...selection.records.values()]) : what
    if (gone !== 'all' && gone.length === 0) return
    // What can be undone needs no question.
    if (gone !== 'all' && gone.length <= mostWithoutQuestion)
      void remove(gone).catch((error: unknown) => toast.error(toAppError(error).message))
    else {
      if (gone === 'all' && count.estimated) records.countExactly()
      setDeleting(gone)
    }
  }

  useCommands([
    {
      id: 'records.new',
      title: 'New record',
      group: 'Table',
      shortcut: 'Mod+Shift+N',
      icon: Plus,
      run: newRecord,
    },
    {
      id: 'records.filter',
      title: 'Filter records',
      group: 'Table',
      shortcut: 'Alt+F',
      icon: ListFilter,
      run: () => setComposing(true),
    },
    { id: 'columns.edit', title: 'Edit columns', group: 'Table', run: () => setEditingColumns(true) },
    {
      id: 'indexes.show',
      title: 'Indexes and storage',
      group: 'Table',
      icon: Zap,
      keywords: ['performance', 'slow', 'fast'],
      run: () => setShowingIndexes(true),
    },
  ])

  const failed = pages.error !== null && pages.error !== undefined
  return (
    <div className="flex h-full min-h-0 flex-col">
      <h1 className="sr-only">{tableName}</h1>
      <EditorToolbar
        selected={selected}
        drafting={draft !== null}
        savingDraft={draft?.saving ?? false}
        draftProblem={draft?.problems.get('') ?? null}
        onNewRecord={newRecord}
        onSaveDraft={() => void saveDraft()}
        onDiscardDraft={discardDraft}
        onDelete={() => askToDelete('selected')}
        onClearSelection={() => setSelection(nothingSelected)}
        onEditColumns={() => setEditingColumns(true)}
        onRefresh={records.refresh}
      >
        <FilterBar columns={columns} view={view} onView={setView} composing={composing} onComposing={setComposing} />
      </EditorToolbar>
      <div ref={gridBox} className="relative min-h-0 flex-1">
        <ProgressBar active={!pages.answered && !failed} label="Reading records" />
        <Grid
          key={tableId}
          label={`Records of ${tableName}`}
          columns={columns}
          widths={widths}
          rowHeight={rowHeight}
          records={
            pages.answered || failed ? records : { ...records, count: { count: firstRows(table), estimated: true } }
          }
          changes={changes}
          sort={sort}
          selection={selection}
          draft={draft}
          onResize={resize}
          onSort={(column, add) => setView({ ...view, sort: cycleSort(sort, column, add) })}
          onSortTo={(column, direction) =>
            setView({
              ...view,
              sort: [
                ...sort.filter((one) => one.column !== column),
                ...(direction === null ? [] : [{ column, direction }]),
              ],
            })
          }
          onSelection={setSelection}
          onFilterBy={(column, value, op) =>
            setView({
              ...view,
              chips: [
                ...view.chips,
                value === null || value === undefined
                  ? { column: column.name, op: op === 'eq' ? 'is_null' : 'is_not_null', value: '' }
                  : { column: column.name, op, value: editText(column.type, value) },
              ],
            })
          }
          onDraft={(next) => setDraft(tableId, next)}
          onSaveDraft={() => void saveDraft()}
          onDiscardDraft={discardDraft}
          onNewRecord={newRecord}
          onDelete={askToDelete}
          onHistory={(record) => setHistoryOf(record._id)}
          onEditColumns={() => setEditingColumns(true)}
        />
        <GridStates
          tableName={tableName}
          failure={failed ? pages.error : null}
          isEmpty={count.count === 0}
          waiting={!pages.answered || draft !== null}
          chips={view.chips.length}
          onRetry={() => pages.retry()}
          onClearFilters={() => setView({ ...view, chips: [] })}
          onNewRecord={newRecord}
        />
      </div>
      <DeleteQuestion
        deleting={deleting === 'all' ? count.count : (deleting?.length ?? null)}
        what={
          deleting !== 'all'
            ? 'the ticked records'
            : filter
              ? 'every record that matches the filter'
              : `every record of ${tableName}`
        }
        onClose={() => setDeleting(null)}
        onDelete={async () => {
          if (deleting === 'all') {
            await changes.removeMatching(count.count)
            setSelection(nothingSelected)
          } else if (deleting) await remove(deleting)
        }}
      />
      <RecordHistory
        of={historyOf === null ? null : { databaseId, tableName, recordId: historyOf }}
        columns={columns}
        onClose={() => setHistoryOf(null)}
        onClosed={() => gridBox.current?.querySelector<HTMLElement>('[role=grid]')?.focus()}
      />
      <IndexesDialog databaseId={databaseId} table={table} open={showingIndexes} onOpenChange={setShowingIndexes} />
      <EditColumnsDialog databaseId={databaseId} table={table} open={editingColumns} onOpenChange={setEditingColumns} />
    </div>
  )
}

/** Skeleton rows until the first answer: as many as the table is said to have, if that is known. */
function firstRows(table: Table): number {
  return Math.max(0, table.record_estimate)
}

function columnOf(details: unknown, columns: readonly GridColumn[]): string | null {
  if (typeof details !== 'object' || details === null || !('column' in details)) return null
  return columns.find(({ name }) => name === details.column)?.name ?? null
}
