import { sidebarWidth, sidebarWidths } from '@renderer/app/preferences'
import { useSidebar } from '@renderer/app/sidebar-state'
import { useStatus } from '@renderer/app/status'
import { stored, useStored } from '@renderer/app/stored'
import { Button, IconButton } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { countOf } from '@renderer/ui/figures'
import { ProgressBar } from '@renderer/ui/progress-bar'
import { ResizeHandle } from '@renderer/ui/resize-handle'
import { X } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useReactFlow } from 'reactflow'
import { z } from 'zod'
import { Canvas } from './canvas'
import { CanvasActions, CanvasActionsContext } from './canvas-actions'
import { CanvasUi, CanvasUiContext, useMoment } from './canvas-ui'
import { ColumnPopover } from './column-popover'
import { CompareBar } from './compare-bar'
import { ConnectLayer } from './connect-layer'
import type { DraftState, DraftStore } from './draft-store'
import { DragLayer } from './drag-layer'
import { FileMenu } from './file-menu'
import { FindTable } from './find-table'
import { FocusBar } from './focus-bar'
import { ImportDialog } from './import-dialog'
import { LinkPopover } from './link-popover'
import { openPanel, panelWidth, panelWidths } from './open-panel'
import { Outline } from './outline'
import { Palette } from './palette'
import { type Point, placeTables } from './place-tables'
import { ProposalPanel } from './proposal-panel'
import { ConnectingPopover, RelationPopover } from './relation-popover'
import { ReviewDialog } from './review-dialog'
import { CanvasSkeleton } from './schema-page'
import { type ShownTable, showTables } from './shown-tables'
import { sidePanels } from './side-panels'
import { CanvasMenu } from './spot-menu'
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
  const { arrangeAll, arranging, busy } = useArrange()
  const [finding, setFinding] = useState(false)
  const [relationAt, setRelationAt] = useState<Point | null>(null)
  const minimap = useStored(minimapShown)
  const [importing, setImporting] = useState(false)
  const [reviewing, setReviewing] = useState(false)
  const layoutKnown = useLayoutSync(databaseId, store, state.layout)
  const placed = usePlaces(state, layoutKnown)
  const compared = useMoment((moment) => moment.compared)
  const path = useVersionPath(databaseId, compared).data ?? null
  const isCompared = compared !== null && path !== null
  const differing = useMemo(
    () => (path ? showTables(path.from, path.to, path.edits, { withDropped: true }) : noTables),
    [path],
  )
  const comparedPlaces = useMemo(() => {
    const all = differing.map(({ table }) => table)
    return isCompared ? placeTables(all, state.layout.tables) : noPlaces
  }, [isCompared, differing, state.layout])
  const shown = isCompared ? differing : tables
  const flow = useReactFlow()
  const proposed = state.proposal?.changes[0]?.id
  useEffect(() => {
    // What is proposed is to be seen, wherever it lies.
    if (proposed === undefined) return
    const frame = requestAnimationFrame(() => void flow.fitView({ padding: 0.12, maxZoom: 1 }))
    return () => cancelAnimationFrame(frame)
  }, [proposed, flow])
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
    onReview: () => setReviewing(state.edits.length > 0),
  })

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
          onReview={() => setReviewing(true)}
          menu={<FileMenu onImport={() => setImporting(true)} />}
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
            <LeftOut store={store} sentences={state.left} />
            <ZoomBar minimap={minimap} onMinimap={() => minimapShown.write(!minimap)} />
          </div>
          <RightPanel databaseId={databaseId} state={state} />
        </div>
      </div>
      <ColumnPopover />
      <ConnectingPopover />
      <LinkPopover />
      <ImportDialog databaseId={databaseId} open={importing} onOpenChange={setImporting} />
      <ReviewDialog
        databaseId={databaseId}
        store={store}
        edits={state.edits}
        open={reviewing}
        onOpenChange={setReviewing}
      />
      {relationAt ? <RelationPopover at={relationAt} onEnd={() => setRelationAt(null)} /> : null}
    </div>
  )
}

const noPlaces = {}
const noTables: readonly ShownTable[] = []

/** Others changed the schema under the draft, and some of it no longer fits. */
function LeftOut({ store, sentences }: { readonly store: DraftStore; readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return null
  return (
    <section
      role="alert"
      className="absolute right-3 bottom-3 left-3 z-10 mx-auto flex max-w-140 items-start gap-3 rounded-lg border border-warning bg-warning-subtle px-3 py-2 shadow-float"
    >
      <div className="min-w-0 flex-1">
        <p className="font-medium">The schema was changed elsewhere, so some of your changes were left out.</p>
        <ul className="mt-1 max-h-24 list-disc overflow-y-auto pl-5">
          {sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </div>
      <Button size="sm" onClick={() => store.forgetLeft()}>
        Dismiss
      </Button>
    </section>
  )
}

function DesignSidebar({ children }: { readonly children: React.ReactNode }) {
  const place = useSidebar()
  const width = useStored(sidebarWidth)
  if (place === 'hidden') return null
  return (
    <aside
      aria-label="Schema tools"
      style={{ width }}
      className={cn(
        'flex shrink-0 flex-col border-r border-border bg-bg-subtle',
        place === 'over' ? 'absolute inset-y-0 left-0 z-30 shadow-float' : 'relative',
      )}
    >
      {children}
      {place === 'docked' ? (
        <ResizeHandle
          label="Resize the sidebar"
          size={width}
          min={sidebarWidths.min}
          max={sidebarWidths.max}
          onResize={sidebarWidth.write}
          onReset={() => sidebarWidth.write(sidebarWidths.first)}
          className="-right-[3px]"
        />
      ) : null}
    </aside>
  )
}

/** Whatever panel is open, under what is proposed. */
function RightPanel({ databaseId, state }: Pick<DesignerProps, 'databaseId' | 'state'>) {
  const id = useStored(openPanel)
  const width = useStored(panelWidth)
  const panel = sidePanels.find((candidate) => candidate.id === id)
  if (!panel && !state.proposal) return null
  return (
    <aside
      aria-label={panel?.title ?? 'Proposed changes'}
      style={{ width }}
      className="relative flex max-w-[60%] shrink-0 flex-col border-l border-border bg-bg"
    >
      {state.proposal ? <ProposalPanel proposal={state.proposal} /> : null}
      {panel ? (
        <>
          <div className="flex h-10 shrink-0 items-center gap-2 border-b border-border pr-2 pl-3">
            <h2 className="flex-1 font-semibold">{panel.title}</h2>
            <IconButton label={`Close ${panel.title}`} icon={X} size="sm" onClick={() => openPanel.write(null)} />
          </div>
          <panel.Content databaseId={databaseId} onClose={() => openPanel.write(null)} />
        </>
      ) : null}
      <ResizeHandle
        label="Resize the panel"
        reversed
        size={width}
        min={panelWidths.min}
        max={panelWidths.max}
        onResize={panelWidth.write}
        onReset={() => panelWidth.write(panelWidths.first)}
        className="-left-[3px]"
      />
    </aside>
  )
}
