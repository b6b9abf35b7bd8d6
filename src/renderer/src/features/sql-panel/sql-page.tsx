import { useCommands } from '@renderer/app/commands'
import { useCurrentProject } from '@renderer/app/current-project'
import { useStatus } from '@renderer/app/status'
import { useStored } from '@renderer/app/stored'
import { toAppError, useApi, useConnectionState } from '@renderer/bridge/api'
import { countOf } from '@renderer/ui/figures'
import { ResizeHandle } from '@renderer/ui/resize-handle'
import { toast } from '@renderer/ui/toast'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { AlignLeft, CircleStop, ListTree, Play, Plus, Save } from 'lucide-react'
import { useEffect, useState } from 'react'
import { AskBar } from '../assistant/ask-bar'
import { DraftTabs } from './draft-tabs'
import { type EditorHandle, EditorPane } from './editor-pane'
import { ProposalView } from './proposal-view'
import { foldersOf } from './query-tree'
import { Questions } from './questions'
import { Results, timeOf } from './results'
import { SaveQueryDialog } from './save-query-dialog'
import { editorHeight, editorHeights } from './sql-preferences'
import { SqlToolbar } from './sql-toolbar'
import { activeTab, usePanel, usePanelState } from './use-panel'

/** The SQL panel of a project: texts, and what came of running them. */
export function SqlPage() {
  const { project, databaseId } = useCurrentProject()
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const panel = usePanel(databaseId)
  const state = usePanelState(panel)
  const tab = activeTab(state)
  const height = useStored(editorHeight)
  const [handle, setHandle] = useState<EditorHandle | null>(null)
  const [selection, setSelection] = useState('')
  const [saving, setSaving] = useState(false)
  const connection = useConnectionState()
  const saved = useQuery(query.sqlPanel.savedQueries.queryOptions({ input: { databaseId } }))

  useEffect(() => {
    document.title = `SQL · ${project.name}`
  }, [project.name])
  useEffect(() => {
    if (connection === 'connected') void panel.refresh().catch(() => undefined)
  }, [panel, connection])

  const running = tab !== undefined && state.runs.has(tab.id)
  const outcome = tab?.outcomes[state.shown.get(tab.id) ?? Math.max(0, tab.outcomes.length - 1)]
  useStatus({
    rows: outcome?.resultId ? countOf(outcome.rowCount, 'row') : undefined,
    time: outcome?.ms != null ? timeOf(outcome.ms) : undefined,
  })

  async function save() {
    if (tab === undefined) return
    if (tab.queryId === null || !saved.data?.queries.some(({ id }) => id === tab.queryId)) return setSaving(true)
    try {
      await client.sqlPanel.updateQuery({ databaseId, queryId: tab.queryId, text: tab.text })
      await queryClient.invalidateQueries({ queryKey: query.sqlPanel.savedQueries.key() })
      toast.success(`Saved ${tab.name}.`)
    } catch (error) {
      toast.error(toAppError(error).message)
    }
  }

  useCommands([
    { id: 'sql.new', title: 'New query', group: 'SQL', icon: Plus, run: () => void panel.open() },
    {
      id: 'sql.run',
      title: 'Run statement',
      group: 'SQL',
      shortcut: 'Mod+Enter',
      icon: Play,
      run: () => handle?.runCurrent(),
    },
    {
      id: 'sql.runAll',
      title: 'Run all',
      group: 'SQL',
      shortcut: 'Mod+Shift+Enter',
      icon: Play,
      run: () => handle?.runAll(),
    },
    {
      id: 'sql.explain',
      title: 'Explain statement',
      group: 'SQL',
      shortcut: 'Mod+Shift+E',
      icon: ListTree,
      run: () => handle?.runCurrent('plan'),
    },
    {
      id: 'sql.format',
      title: 'Format SQL',
      group: 'SQL',
      shortcut: 'Alt+Shift+F',
      icon: AlignLeft,
      run: () => handle?.format(),
    },
    { id: 'sql.save', title: 'Save query', group: 'SQL', shortcut: 'Mod+S', icon: Save, run: () => void save() },
    ...(running && tab
      ? ([
          {
            id: 'sql.cancel',
            title: 'Cancel the run',
            group: 'SQL',
            shortcut: 'Mod+.',
            icon: CircleStop,
            run: () => panel.cancel(tab.id),
          },
        ] as const)
      : []),
    ...(tab
      ? ([
          { id: 'sql.close', title: 'Close query', group: 'SQL', shortcut: 'Alt+W', run: () => panel.close(tab.id) },
          {
            id: 'sql.reopen',
            title: 'Reopen closed query',
            group: 'SQL',
            shortcut: 'Mod+Shift+T',
            run: () => panel.reopen(),
          },
        ] as const)
      : []),
  ])

  if (tab === undefined) return null
  const propose = (sql: string, note: string) => panel.propose({ tabId: tab.id, text: sql, note })
  const proposal = state.proposal?.tabId === tab.id ? state.proposal : null
  return (
    <div className="flex h-full min-h-0 flex-col">
      <h1 className="sr-only">SQL</h1>
      <DraftTabs panel={panel} state={state} />
      <SqlToolbar panel={panel} state={state} tabId={tab.id} handle={handle} onSave={() => void save()} />
      <AskBar databaseId={databaseId} text={tab.text} selection={selection} proposeSql={propose} />
      <div className="relative max-h-[70%] shrink-0 border-b border-border" style={{ height }}>
        <div className="h-full" hidden={proposal !== null}>
          <EditorPane panel={panel} tab={tab} onHandle={setHandle} onSelection={setSelection} />
        </div>
        {proposal ? (
          <ProposalView
            text={tab.text}
            proposal={proposal}
            onAccept={() => {
              panel.edit(tab.id, proposal.text)
              panel.propose(null)
              handle?.focus()
            }}
            onRefuse={() => {
              panel.propose(null)
              handle?.focus()
            }}
          />
        ) : null}
        <ResizeHandle
          label="Resize the editor"
          horizontal
          size={height}
          min={editorHeights.min}
          max={editorHeights.max}
          onResize={editorHeight.write}
          onReset={() => editorHeight.write(editorHeights.first)}
        />
      </div>
      <Results panel={panel} state={state} tab={tab} proposeSql={propose} onShowError={(at) => handle?.show(at)} />
      <Questions question={state.question} />
      {saving ? (
        <SaveQueryDialog
          databaseId={databaseId}
          query={{ id: null, name: tab.name, folder: '', text: tab.text }}
          folders={foldersOf(saved.data?.queries ?? [])}
          onSaved={(made) => panel.link(tab.id, made)}
          onClose={() => {
            setSaving(false)
            handle?.focus()
          }}
        />
      ) : null}
    </div>
  )
}
