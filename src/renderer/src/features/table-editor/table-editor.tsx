import { summaryShown } from '@renderer/app/preferences'
import { useStored } from '@renderer/app/stored'
import { DropHint, useFileDrop } from '@renderer/features/transfers/file-drop'
import { transferDialogs } from '@renderer/features/transfers/transfer-dialogs'
import { ProgressBar } from '@renderer/ui/progress-bar'
import type { Table } from '@shared/contract/tables.contract'
import { useMemo, useRef, useState } from 'react'
import type { ColumnSetting } from './columns/column-settings'
import { ColumnsButton } from './columns/columns-button'
import { useColumnActions } from './columns/use-column-actions'
import { useColumnSettings } from './columns/use-column-settings'
import { type EditorDialog, EditorDialogs } from './editor-dialogs'
import { EditorToolbar } from './editor-toolbar'
import { ReferencesProvider } from './editors/references'
import { exportChoice } from './export-choice'
import { type Composing, FilterBar } from './filter-bar'
import { FilterChipRow } from './filter-chip-row'
import { chipOf, countChips, type FilterChip, noFilters, treeFilter } from './filter-chips'
import { FindBar } from './find/find-bar'
import { Grid } from './grid'
import { gridColumns } from './grid-column'
import { recordShown, useRowHeight } from './grid-preferences'
import type { ActiveRow, GridHandle } from './grid-props'
import { type GridSelection, nothingSelected, selectedCount } from './grid-selection'
import { GridStates } from './grid-states'
import { RecordPanel } from './record-panel/record-panel'
import { StagedBar } from './staged/staged-bar'
import { StagingProvider, useStaging } from './staged/use-staging'
import { useStagingCommands } from './staged/use-staging-commands'
import { SummaryRow } from './summary/summary-row'
import { useSummary } from './summary/use-summary'
import { useEditorCommands } from './use-editor-commands'
import { useRecordActions } from './use-record-actions'
import { useRecordPages } from './use-record-pages'
import { useRecordsStatus } from './use-records-status'
import { useSavedRecords } from './use-saved-records'
import { useTableView } from './use-table-view'
import { cycleSort } from './view-params'
import { EditorViews } from './views/editor-views'
import { useSavedViews } from './views/use-saved-views'

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
  const records = useRecordPages(source, table.record_estimate)
  const staging = useStaging({ databaseId, tableId, tableName, columns })
  useSavedRecords(staging, source, records)
  const [selection, setSelection] = useState<GridSelection>(nothingSelected)
  const [composing, setComposing] = useState<Composing | null>(null)
  const [dialog, open] = useState<EditorDialog | null>(null)
  const grid = useRef<GridHandle>(null)
  const area = useRef<HTMLDivElement>(null)
  const [finding, setFinding] = useState(false)
  const [active, setActive] = useState<ActiveRow | null>(null)
  const showsRecord = useStored(recordShown)
  const showsSummary = useStored(summaryShown)
  const rowHeight = useRowHeight()
  const { pages, count } = records
  const selected = selectedCount(selection, count.count)
  const summary = useSummary(source, settings.shown, records.counted ? count.count : 0, showsSummary)
  const everything = filter ? 'every record that matches the filter' : `every record of ${tableName}`
  const actions = useRecordActions({
    projectId,
    source,
    records,
    staging,
    selection,
    grid: () => grid.current,
    everything,
    onSelection: setSelection,
    onOpen: open,
  })
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
      if (header) open({ kind: 'statistics', column, header })
    },
    onEdit: (column) => open({ kind: 'column', column }),
    onRemove: ({ name }) => open({ kind: 'columnDeletion', name }),
  })
  const { save, undo, redo, discard } = useStagingCommands(staging, {
    onIncomplete({ id, column }) {
      // What is asked for must be in sight.
      if (settings.hidden.some(({ name }) => name === column))
        settings.change({ kind: 'hidden', column, hidden: false })
      setTimeout(() => grid.current?.goToNew(id, column))
    },
    onReview: () => open({ kind: 'review' }),
  })
  useRecordsStatus(records)
  const exportRecords = () => transferDialogs.export(exportChoice({ tableName, selection, filter, sort, settings }))
  const drop = useFileDrop((file) => transferDialogs.import({ table: tableName, file }))
  useEditorCommands({
    newRecord: actions.create,
    filter: () => setComposing({}),
    find: () => setFinding(true),
    editMany: actions.editMany,
    exportRecords,
    editColumns: () => open({ kind: 'columns' }),
    showIndexes: () => open({ kind: 'indexes' }),
  })
  const addChips = (chips: readonly FilterChip[]) => setView({ ...view, chips: [...view.chips, ...chips] })

  const failed = pages.error !== null && pages.error !== undefined
  return (
    <StagingProvider value={staging}>
      <div className="flex h-full min-h-0 flex-col">
        <h1 className="sr-only">{tableName}</h1>
        <EditorToolbar
          selected={selected}
          all={selection.kind === 'all' || count.count <= selected ? null : count.count}
          onNewRecord={actions.create}
          onDelete={() => actions.remove('selected')}
          onEditMany={actions.editMany}
          onExport={exportRecords}
          onFind={() => setFinding(true)}
          onSelectAll={() => setSelection({ kind: 'all' })}
          onClearSelection={() => setSelection(nothingSelected)}
          columnsButton={
            <ColumnsButton
              columns={columns}
              settings={settings}
              onAdd={() => open({ kind: 'column', column: 'new' })}
              onEdit={() => open({ kind: 'columns' })}
            />
          }
          onRefresh={records.refresh}
          chips={<FilterChipRow columns={columns} view={view} onView={setView} />}
        >
          <EditorViews
            saved={saved}
            open={openView}
            table={table}
            view={view}
            sort={sort}
            columns={columns}
            settings={settings}
            onView={setView}
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
          <div ref={area} role="presentation" className="relative min-w-0 flex-1" {...drop.handlers}>
            <DropHint shown={drop.isOver}>{`Import into ${tableName}`}</DropHint>
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
              records={records}
              sort={sort}
              selection={selection}
              onSort={(column, add) => setView({ ...view, sort: cycleSort(sort, column, add) })}
              onSelection={setSelection}
              onFilterBy={(column, value, op) => addChips([chipOf(column, value, op)])}
              onSave={save}
              onUndo={undo}
              onRedo={redo}
              onNewRecord={actions.create}
              onDelete={actions.remove}
              onHistory={(record) => open({ kind: 'history', recordId: record._id })}
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
              onNewRecord={actions.create}
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
              rows={count.count + staging.edits.created.length}
              onSave={save}
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
          state={staging.state}
          keeps={staging.keeps}
          onSave={save}
          onReview={() => open({ kind: 'review' })}
          onDiscard={discard}
          onConflicts={() => open({ kind: 'conflicts' })}
        />
        <EditorDialogs
          open={dialog}
          source={source}
          table={table}
          columns={columns}
          count={count.count}
          everything={everything}
          onClose={() => open(null)}
          onClosed={() => grid.current?.focus()}
          onSave={save}
          onDeleteAll={actions.removeAll}
          onBulkEdited={actions.noteBulkEdit}
          onSchemaEdited={(what, back) => staging.noteSchema(what, back)}
          onFilter={addChips}
        />
      </div>
    </StagingProvider>
  )
}
