import { useStatus } from '@renderer/app/status'
import { stored, useStored } from '@renderer/app/stored'
import { countOf } from '@renderer/ui/figures'
import { ProgressBar } from '@renderer/ui/progress-bar'
import { useEffect, useMemo, useState } from 'react'
import { useReactFlow } from 'reactflow'
import { z } from 'zod'
import { type AskedDialog, askFor, useAskedDialog } from './asked-dialog'
import { Canvas } from './canvas'
import { CanvasActions, CanvasActionsContext } from './canvas-actions'
import { CanvasStart } from './canvas-start'
import { CanvasUi, CanvasUiContext, useMoment } from './canvas-ui'
import { ColumnPopover } from './column-popover'
import { CompareBar } from './compare-bar'
import { ConnectLayer } from './connect-layer'
import { DesignSidebar } from './design-sidebar'
import type { DraftState, DraftStore } from './draft-store'
import { DragLayer } from './drag-layer'
import { FileMenu } from './file-menu'
import { FindTable } from './find-table'
import { FocusBar } from './focus-bar'
import { ImportDialog } from './import-dialog'
import { LeftOut } from './left-out'
import { LinkPopover } from './link-popover'
import { Outline } from './outline'
import { Palette } from './palette'
import { type Point, placeTables } from './place-tables'
import { ConnectingPopover, RelationPopover } from './relation-popover'
import { ReviewDialog } from './review-dialog'
import { RightPanel } from './right-panel'
import { CanvasSkeleton } from './schema-page'
import { showNew } from './show-new'
import { type ShownTable, showTables } from './shown-tables'
import { CanvasMenu } from './spot-menu'
import { TablePopover } from './table-popover'
import { TemplatesDialog } from './templates-dialog'
import { Toolbar } from './toolbar'
import { useArrange } from './use-arrange'
import { useCanvasKeys } from './use-canvas-keys'
import { useDraft } from './use-draft'
import { useLayoutSync } from './use-layout-sync'
import { usePlaces } from './use-places'
import { useShown } from './use-shown'
import { useVersionPath } from './use-versions'
import { ZoomBar } from './zoom-bar'

const minimapShown = stored('schemaMinimap', z.boolean(), true)

/** The canvas with its palette, outline and panels, over the draft of one database. */
export function SchemaDesigner({ databaseId }: { readonly databaseId: string }) {
  const { store, state } = useDraft(databaseId)
  const [ui] = useState(() => new CanvasUi())
  const actions = useMemo(() => new CanvasActions(store, ui), [store, ui])
  return (
    <CanvasUiContext value={ui}>
      <CanvasActionsContext value={actions}>
        <DragLayer>
          <ConnectLayer>
            <Designer databaseId={databaseId} store={store} state={state} />
          </ConnectLayer>
        </DragLayer>
      </CanvasActionsContext>
    </CanvasUiContext>
  )
}

interface DesignerProps {
  readonly databaseId: string
  readonly store: DraftStore
  readonly state: DraftState
}

function Designer({ databaseId, store, state }: DesignerProps) {
  const tables = useShown(state)
  const flow = useReactFlow()
  const { arrangeAll, arranging, busy } = useArrange()
  const [finding, setFinding] = useState(false)
  const [relationAt, setRelationAt] = useState<Point | null>(null)
  const minimap = useStored(minimapShown)
  const dialog = useAskedDialog()
  const layoutKnown = useLayoutSync(databaseId, store, state.layout)
  const placed = usePlaces(state, layoutKnown)
  const compared = useMoment((moment) => moment.compared)
  const path = useVersionPath(databaseId, compared).data ?? null
  const isCompared = compared !== null && path !== null
  const differing = useMemo(
    () => (path ? showTables(path.from, path.to, path.edits, { withDropped: true }) : noTables),
    [path],
  )
  useEffect(() => {
    const names = differing.flatMap(({ table, mark }) => (mark === 'same' ? [] : [table.name]))
    const frame = requestAnimationFrame(() => showNew(flow, names))
    return () => cancelAnimationFrame(frame)
  }, [differing, flow])
  const comparedPlaces = useMemo(() => {
    const all = differing.map(({ table }) => table)
    return isCompared ? placeTables(all, state.layout.tables) : noPlaces
  }, [isCompared, differing, state.layout])
  const shown = isCompared ? differing : tables
  const proposed = state.proposal?.changes[0]?.id
  useEffect(() => {
    // What is proposed is to be seen, wherever it lies.
    if (proposed === undefined) return
    const names = store
      .state()
      .proposal?.changes.flatMap(({ edit }) => (edit.type === 'addTable' ? edit.table.name : edit.table))
    const frame = requestAnimationFrame(() => showNew(flow, names ?? []))
    return () => cancelAnimationFrame(frame)
  }, [proposed, store, flow])
  const arrived = useMoment((moment) => moment.arrived)
  useEffect(() => {
    if (arrived.length === 0) return
    const frame = requestAnimationFrame(() => showNew(flow, arrived))
    return () => cancelAnimationFrame(frame)
  }, [arrived, flow])
  useStatus({
    rows: `${countOf(tables.length, 'table')}, ${countOf(
      tables.reduce((sum, { columns }) => sum + columns.length, 0),
      'column',
    )}`,
  })
  useCanvasKeys({
    fixed: isCompared,
    onFind: () => setFinding(true),
    onArrange: () => void arrangeAll(),
    onReview: () => state.edits.length > 0 && askFor('review'),
    onImport: () => askFor('import'),
  })

  const dialogProps = (name: AskedDialog) => ({
    open: dialog === name,
    onOpenChange: (open: boolean) => askFor(open ? name : null),
  })
  // A project begins with its users, who are no design yet.
  const begins = placed && !isCompared && state.proposal === null && tables.every(({ table }) => table.name === 'users')

  return (
    <div className="flex h-full min-h-0">
      <DesignSidebar>
        <Palette />
        <Outline tables={shown} fixed={isCompared} />
      </DesignSidebar>
      <div className="flex min-w-0 flex-1 flex-col">
        <Toolbar
          state={state}
          busy={busy}
          onArrange={() => void arrangeAll()}
          find={<FindTable tables={shown} open={finding} onOpenChange={setFinding} />}
          onReview={() => askFor('review')}
          menu={<FileMenu onImport={() => askFor('import')} onTemplates={() => askFor('templates')} />}
        />
        <div className="flex min-h-0 flex-1">
          <div className="relative min-w-0 flex-1">
            <ProgressBar active={busy} label="Arranging" />
            {placed ? (
              <CanvasMenu fixed={isCompared}>
                <div className="size-full">
                  <Canvas
                    viewKey={databaseId}
                    tables={shown}
                    layout={state.layout}
                    places={isCompared ? comparedPlaces : (state.proposal?.places ?? noPlaces)}
                    ghost={state.proposal !== null && !isCompared}
                    fixed={isCompared}
                    arranging={arranging}
                    minimap={minimap && tables.length > 8}
                    onRelation={(_id, at) => setRelationAt(at)}
                  />
                </div>
              </CanvasMenu>
            ) : (
              <CanvasSkeleton />
            )}
            {compared ? (
              <CompareBar databaseId={databaseId} from={compared.from} to={compared.to} path={path} />
            ) : (
              <FocusBar />
            )}
            {begins ? (
              <CanvasStart
                empty={tables.length === 0}
                onTemplates={() => askFor('templates')}
                onImport={() => askFor('import')}
              />
            ) : null}
            <LeftOut store={store} sentences={state.left} />
            <ZoomBar minimap={minimap} onMinimap={() => minimapShown.write(!minimap)} />
          </div>
          <RightPanel databaseId={databaseId} state={state} />
        </div>
      </div>
      <ColumnPopover />
      <TablePopover />
      <ConnectingPopover />
      <LinkPopover />
      <ImportDialog databaseId={databaseId} {...dialogProps('import')} />
      <TemplatesDialog databaseId={databaseId} {...dialogProps('templates')} />
      <ReviewDialog
        databaseId={databaseId}
        store={store}
        made={state.made}
        edits={state.edits}
        {...dialogProps('review')}
      />
      {relationAt ? <RelationPopover at={relationAt} onEnd={() => setRelationAt(null)} /> : null}
    </div>
  )
}

const noPlaces = {}
const noTables: readonly ShownTable[] = []
