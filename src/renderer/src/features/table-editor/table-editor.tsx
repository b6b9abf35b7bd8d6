import { keepTable } from '@renderer/app/open-tables'
import { useStatus } from '@renderer/app/status'
import { useStored } from '@renderer/app/stored'
import { useApi } from '@renderer/bridge/api'
import { RecordHistory } from '@renderer/features/changes/record-history'
import { IndexesDialog } from '@renderer/features/indexes/indexes-dialog'
import { ColumnDialog } from '@renderer/features/tables/column-dialog'
import { DeleteColumn } from '@renderer/features/tables/delete-column'
import { EditColumnsDialog } from '@renderer/features/tables/edit-columns-dialog'
import { countOf } from '@renderer/ui/figures'
import { ProgressBar } from '@renderer/ui/progress-bar'
import { toast } from '@renderer/ui/toast'
import type { TableRecord } from '@shared/contract/records.contract'
import type { Table } from '@shared/contract/tables.contract'
import type { Filter } from '@shared/domain/filter'
import { useMemo, useRef, useState } from 'react'
import { BulkEditDialog } from './bulk-edit/bulk-edit-dialog'
import { type ColumnSetting, sameSettings } from './columns/column-settings'
import { ColumnsButton } from './columns/columns-button'
import { useColumnActions } from './columns/use-column-actions'
import { useColumnSettings } from './columns/use-column-settings'
import { DeleteQuestion } from './delete-question'
import { editText } from './edit-text'
import { EditorToolbar } from './editor-toolbar'
import { ReferencesProvider } from './editors/references'
import { type Composing, FilterBar } from './filter-bar'
import { countChips, noFilters, treeFilter } from './filter-chips'
import { FindBar } from './find/find-bar'
import { type ActiveRow, Grid, type GridHandle } from './grid'
import { gridColumns } from './grid-column'
import { recordShown, summaryShown, useRowHeight } from './grid-preferences'
import { type GridSelection, nothingSelected, selectedCount } from './grid-selection'
import { GridStates } from './grid-states'
import { RecordPanel } from './record-panel/record-panel'
import { describeCount } from './row-count'
import { ConflictsDialog } from './staged/conflicts-dialog'
import { ReviewSheet } from './staged/review-sheet'
import { StagedBar } from './staged/staged-bar'
import { StagingProvider, useStaging } from './staged/use-staging'
import { useStagingCommands } from './staged/use-staging-commands'
import { ColumnStatistics, type ColumnStatisticsProps } from './summary/column-statistics'
import { SummaryRow } from './summary/summary-row'
import { useSummary } from './summary/use-summary'
import { useEditorCommands } from './use-editor-commands'
import { useRecordPages } from './use-record-pages'
import { useSavedRecords } from './use-saved-records'
import { useTableView } from './use-table-view'
import { cycleSort, wholeTable } from './view-params'
import { useSavedViews } from './views/use-saved-views'
import { ViewBar } from './views/view-bar'
import { sameView, viewOf } from './views/view-of'

export interface TableEditorProps {
  readonly projectId: string
  readonly databaseId: string
  readonly table: Table
}

const noSettings: readonly ColumnSetting[] = []

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
  const saved = useSavedViews({ databaseId, tableId })
  const openView = saved.views.find(({ id }) => id === view.viewId) ?? null
  const settings = useColumnSettings(
    view.viewId === null ? tableId : `${tableId}/${view.viewId}`,
    columns,
    openView?.columns ?? noSettings,
  )
  const filter = useMemo(() => treeFilter(view, schema.columns), [view, schema])
  const sort = useMemo(
    () => view.sort.filter(({ column }) => columns.some(({ name, secret }) => name === column && !secret)),
    [view, columns],
  )
  const source = { databaseId, tableId, tableName, columns: schema.columns, filter, sort }
  const records = useRecordPages(source)
  const staging = useStaging({ databaseId, tableId, tableName, columns })
  useSavedRecords(staging, source, records)
  const [selection, setSelection] = useState<GridSelection>(nothingSelected)
  const [deleting, setDeleting] = useState(false)
  const [editingColumns, setEditingColumns] = useState(false)
  const [editingColumn, setEditingColumn] = useState<{ readonly name: string } | 'new' | null>(null)
  const [removingColumn, setRemovingColumn] = useState<string | null>(null)
  const [composing, setComposing] = useState<Composing | null>(null)
  const [showingIndexes, setShowingIndexes] = useState(false)
  const [historyOf, setHistoryOf] = useState<string | null>(null)
  const [reviewing, setReviewing] = useState(false)
  const [deciding, setDeciding] = useState(false)
  const grid = useRef<GridHandle>(null)
  const area = useRef<HTMLDivElement>(null)
  const [statisticsOf, setStatisticsOf] = useState<ColumnStatisticsProps['of']>(null)
  const [finding, setFinding] = useState(false)
  const [active, setActive] = useState<ActiveRow | null>(null)
  const showsRecord = useStored(recordShown)
  const showsSummary = useStored(summaryShown)
  const [bulkEdit, setBulkEdit] = useState<{ readonly filters: Filter; readonly what: string } | null>(null)
  const { client } = useApi()
  const rowHeight = useRowHeight()
  const { pages, count } = records
  const selected = selectedCount(selection, count.count)
  const summary = useSummary(source, settings.shown, count.count, showsSummary)
  const rows = count.count + staging.edits.created.length
  const columnActions = useColumnActions({
    databaseId,
    tableId,
    settings,
    sort,
    pages,
    onSort: (next) => setView({ ...view, sort: next }),
    onFilter: ({ name }) => setComposing({ column: name }),
    onStatistics(column) {
      const at = settings.shown.indexOf(column)
      const header = area.current?.querySelector<HTMLElement>(`[data-header="${at}"]`)
      if (header) setStatisticsOf({ column, header })
    },
    onEdit: setEditingColumn,
    onRemove: ({ name }) => setRemovingColumn(name),
  })
  const changedView = openView
    ? !sameView(view, viewOf(openView, schema.columns)) || !sameSettings(columns, settings.settings, openView.columns)
    : (view.viewId === null || saved.loaded) && countChips(view) + view.sort.length + settings.hidden.length > 0

  useStatus({
    rows: records.counted ? describeCount(count) : undefined,
    time: records.time === null ? undefined : `${Math.max(1, Math.round(records.time))} ms`,
    action: records.counting
      ? { label: 'Cancel counting', run: records.cancelCount }
      : records.counted && count.estimated
        ? { label: 'Count exactly', run: records.countExactly }
        : undefined,
  })

  function newRecord() {
    keepTable(projectId, tableId)
    grid.current?.followNew()
    staging.addRows([new Map()])
  }

  async function removeAll(expected: number) {
    const filters = filter ?? { and: [] }
    const { deleted, operation } = await client.records.deleteMany({ databaseId, tableName, filters, expected })
    const what = `Deletion of ${countOf(deleted, 'record')}`
    if (operation !== undefined) staging.noteOperations(what, [operation])
    setSelection(nothingSelected)
    records.refresh()
    toast.success(
      `${countOf(deleted, 'record')} deleted.`,
      operation === undefined ? {} : { undo: async () => void (await staging.undoOperations([operation])) },
    )
  }

  function editMany() {
    if (selection.kind === 'some' && selection.records.size > 0) {
      const ids = [...selection.records.keys()]
      return setBulkEdit({ filters: { column: '_id', op: 'in', value: ids }, what: 'the ticked records' })
    }
    setBulkEdit({
      filters: filter ?? { and: [] },
      what: filter ? 'every record that matches the filter' : `every record of ${tableName}`,
    })
  }

  function remove(what: readonly (TableRecord | string)[] | 'selected') {
    if (what === 'selected' && selection.kind === 'all') {
      if (count.estimated) records.countExactly()
      return setDeleting(true)
    }
    const gone = what !== 'selected' ? what : selection.kind === 'some' ? [...selection.records.values()] : []
    void staging.deleteRows(gone)
    setSelection(nothingSelected)
  }

  const { save, undo, redo, discard } = useStagingCommands(staging, {
    onIncomplete({ id, column }) {
      // What is asked for must be in sight.
      if (settings.hidden.some(({ name }) => name === column))
        settings.change({ kind: 'hidden', column, hidden: false })
      setTimeout(() => grid.current?.goToNew(id, column))
    },
    onReview: () => setReviewing(true),
  })
  useEditorCommands({
    newRecord,
    filter: () => setComposing({}),
    find: () => setFinding(true),
    editMany,
    editColumns: () => setEditingColumns(true),
    showIndexes: () => setShowingIndexes(true),
  })

  const failed = pages.error !== null && pages.error !== undefined
  return (
    <StagingProvider value={staging}>
      <div className="flex h-full min-h-0 flex-col">
        <h1 className="sr-only">{tableName}</h1>
        <EditorToolbar
          selected={selected}
          all={selection.kind === 'all' || count.count <= selected ? null : count.count}
          onNewRecord={newRecord}
          onDelete={() => remove('selected')}
          onEditMany={editMany}
          onFind={() => setFinding(true)}
          onSelectAll={() => setSelection({ kind: 'all' })}
          onClearSelection={() => setSelection(nothingSelected)}
          columnsButton={
            <ColumnsButton
              columns={columns}
              settings={settings}
              onAdd={() => setEditingColumn('new')}
              onEdit={() => setEditingColumns(true)}
            />
          }
          onRefresh={records.refresh}
        >
          <ViewBar
            saved={saved}
            open={openView}
            changed={changedView}
            definition={() => ({
              filters: treeFilter(view, schema.columns) ?? null,
              sort: [...sort],
              columns: [...settings.settings],
            })}
            onOpen={(next) => setView(next ? viewOf(next, schema.columns) : wholeTable)}
            onReset={() => {
              if (openView) setView(viewOf(openView, schema.columns))
              settings.reset()
            }}
            onSaved={(next) => {
              settings.reset()
              setView({ ...view, viewId: next.id })
            }}
          />
          <FilterBar
            columns={columns}
            view={view}
            onView={setView}
            composing={composing}
            onComposing={setComposing}
            place={{ databaseId, tableName }}
          />
        </EditorToolbar>
        <div className="relative flex min-h-0 flex-1">
          <div ref={area} className="relative min-w-0 flex-1">
            <ProgressBar active={!pages.answered && !failed} label="Reading records" />
            <Grid
              key={tableId}
              ref={grid}
              label={`Records of ${tableName}`}
              tableName={tableName}
              columns={settings.shown}
              widths={settings.widths}
              pinned={settings.pinned}
              columnActions={columnActions}
              rowHeight={rowHeight}
              records={
                pages.answered || failed ? records : { ...records, count: { count: firstRows(table), estimated: true } }
              }
              sort={sort}
              selection={selection}
              onSort={(column, add) => setView({ ...view, sort: cycleSort(sort, column, add) })}
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
              onUndo={undo}
              onRedo={redo}
              onNewRecord={newRecord}
              onDelete={remove}
              onHistory={(record) => setHistoryOf(record._id)}
              onActive={setActive}
              onOpenRecord={() => recordShown.write(!recordShown.read())}
              footer={showsSummary ? (place) => <SummaryRow tableId={tableId} summary={summary} {...place} /> : null}
            />
            <GridStates
              tableName={tableName}
              failure={failed ? pages.error : null}
              isEmpty={count.count === 0}
              waiting={!pages.answered || staging.edits.created.length > 0}
              chips={countChips(view)}
              onRetry={() => pages.retry()}
              onClearFilters={() => setView({ ...view, ...noFilters })}
              onNewRecord={newRecord}
            />
            {finding ? (
              <FindBar
                source={source}
                columns={settings.shown}
                area={area}
                onGo={({ row, column }) => grid.current?.goTo(row, column)}
                onClose={() => {
                  setFinding(false)
                  grid.current?.focus()
                }}
              />
            ) : null}
          </div>
          {showsRecord ? (
            <RecordPanel
              databaseId={databaseId}
              schema={schema}
              columns={columns}
              active={active}
              rows={rows}
              onWalk={(by) => grid.current?.walk(by)}
              onClose={() => {
                recordShown.write(false)
                grid.current?.focus()
              }}
            />
          ) : null}
        </div>
        <StagedBar
          counts={staging.edits.counts}
          state={staging.state()}
          keeps={staging.keeps}
          onSave={save}
          onReview={() => setReviewing(true)}
          onDiscard={discard}
          onConflicts={() => setDeciding(true)}
        />
        <ReviewSheet open={reviewing} schema={schema} columns={columns} onOpenChange={setReviewing} onSave={save} />
        <ConflictsDialog open={deciding} columns={columns} onOpenChange={setDeciding} />
        <DeleteQuestion
          deleting={deleting ? count.count : null}
          what={filter ? 'every record that matches the filter' : `every record of ${tableName}`}
          onClose={() => setDeleting(false)}
          onDelete={() => removeAll(count.count)}
        />
        <RecordHistory
          of={historyOf === null ? null : { databaseId, tableName, recordId: historyOf }}
          columns={columns}
          onClose={() => setHistoryOf(null)}
          onClosed={() => grid.current?.focus()}
        />
        <IndexesDialog databaseId={databaseId} table={table} open={showingIndexes} onOpenChange={setShowingIndexes} />
        <ColumnStatistics
          source={source}
          of={statisticsOf}
          onClose={() => setStatisticsOf(null)}
          onFilter={(chips) => setView({ ...view, chips: [...view.chips, ...chips] })}
        />
        <BulkEditDialog
          open={bulkEdit !== null}
          databaseId={databaseId}
          tableName={tableName}
          columns={columns}
          filters={bulkEdit?.filters ?? { and: [] }}
          what={bulkEdit?.what ?? ''}
          onClose={() => setBulkEdit(null)}
          onDone={({ what, operation }) => {
            if (operation !== undefined) staging.noteOperations(what, [operation])
            setSelection(nothingSelected)
            records.refresh()
            toast.success(
              `${what} saved.`,
              operation === undefined ? {} : { undo: async () => void (await staging.undoOperations([operation])) },
            )
          }}
        />
        <ColumnDialog
          databaseId={databaseId}
          table={table}
          column={editingColumn}
          onClose={() => setEditingColumn(null)}
        />
        <DeleteColumn
          databaseId={databaseId}
          table={table}
          column={removingColumn}
          onClose={() => setRemovingColumn(null)}
        />
        <EditColumnsDialog
          databaseId={databaseId}
          table={table}
          open={editingColumns}
          onOpenChange={setEditingColumns}
        />
      </div>
    </StagingProvider>
  )
}

/** Skeleton rows until the first answer: as many as the table is said to have, if that is known. */
function firstRows(table: Table): number {
  return Math.max(0, table.record_estimate)
}
