import { runLimits } from '@renderer/app/preferences'
import { type StudioClient, toAppError } from '@renderer/bridge/api'
import type { SqlEvent } from '@shared/contract/sql-panel.contract'
import type { JsonValue } from '@shared/json'
import { type Draft, mergeDrafts, readDrafts, writeDrafts } from './draft-cache'
import { newDraft, toServer } from './new-draft'
import { interrupted, type Outcome, outcomes, withEvent } from './outcome'
import type { PanelState, Proposal, Question, RunningRun } from './panel-state'
import { dropRows, seedRows } from './result-rows'

export interface RunRequest {
  readonly text: string
  /** Where the text begins in the tab's. */
  readonly offset: number
  readonly explain?: 'none' | 'plan' | 'analyze'
}

/** The SQL panel of one database: its tabs, what runs in them, and the transaction that is open. */
export interface Panel {
  readonly databaseId: string
  readonly state: () => PanelState
  readonly subscribe: (listener: () => void) => () => void
  open(tab?: { readonly name?: string; readonly text: string; readonly queryId?: string | null }): string
  close(id: string): void
  reopen(): void
  show(id: string): void
  rename(id: string, name: string): void
  edit(id: string, text: string): void
  link(id: string, query: { readonly id: string; readonly name: string }): void
  run(id: string, request: RunRequest): Promise<void>
  cancel(id: string): void
  showResult(id: string, result: number): void
  begin(): Promise<void>
  end(how: 'commit' | 'rollback'): Promise<void>
  propose(proposal: Proposal | null): void
  /** The server is there (again): what it has not got is sent. */
  refresh(): Promise<void>
}

/** Milliseconds after the last key at which a draft is sent, and before a failed sending is tried again. */
const savePace = 250
const retryPace = 2_000

export function createPanel(client: StudioClient, databaseId: string): Panel {
  const listeners = new Set<() => void>()
  const local = readDrafts(databaseId)
  const first = local.drafts.length > 0 ? local.drafts : [newDraft([], { text: '' })]
  let closed: readonly string[] = local.closed
  const reopenable: Draft[] = []
  const lastValues = new Map<string, Readonly<Record<string, string | null>>>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let state: PanelState = {
    tabs: first.map((draft) => ({ ...draft, outcomes: interrupted(draft.outcomes) })),
    active: local.active ?? first[0]?.id ?? '',
    runs: new Map(),
    transaction: null,
    question: null,
    proposal: null,
    shown: new Map(),
  }

  function set(next: Partial<PanelState>): void {
    state = { ...state, ...next }
    for (const listener of listeners) listener()
  }

  function keep(next: Partial<PanelState>): void {
    set(next)
    writeDrafts(databaseId, { drafts: state.tabs, closed, active: state.active })
    schedule(savePace)
  }

  function schedule(pace: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void send(), pace)
  }

  function change(id: string, more: Partial<Draft>): void {
    const editedAt = Date.now()
    keep({ tabs: state.tabs.map((tab) => (tab.id === id ? { ...tab, ...more, editedAt, saved: false } : tab)) })
  }

  async function send(): Promise<void> {
    try {
      for (const id of closed) {
        await client.sqlPanel.deleteDraft({ databaseId, draftId: id })
        closed = closed.filter((other) => other !== id)
      }
      for (const tab of state.tabs.filter(({ saved }) => !saved)) {
        await client.sqlPanel.saveDraft({ databaseId, draft: toServer(tab) })
        const tabs = state.tabs.map((each) =>
          each.id === tab.id ? { ...each, known: true, saved: each.editedAt === tab.editedAt } : each,
        )
        set({ tabs })
      }
      writeDrafts(databaseId, { drafts: state.tabs, closed, active: state.active })
      if (state.tabs.some(({ saved }) => !saved)) schedule(savePace)
    } catch {
      // They stay here; the connection's state says the rest.
      schedule(retryPace)
    }
  }

  function ask<Answer>(question: (answer: (value: Answer) => void) => Question): Promise<Answer> {
    return new Promise((resolve) => {
      set({
        question: question((value) => {
          set({ question: null })
          resolve(value)
        }),
      })
    })
  }

  async function runNow(id: string, request: RunRequest, signal: AbortSignal): Promise<void> {
    const { text, explain = 'none' } = request
    const { rows, seconds } = runLimits.read()
    const { statements } = await client.sqlPanel.analyse({ databaseId, query: text }, { signal })
    const names = [...new Set(statements.flatMap(({ parameters }) => parameters))]
    const values = names.length === 0 ? {} : await askValues(id, names)
    if (values === null) return
    const timeoutMs = seconds * 1000
    const transactionId = state.transaction?.id ?? null
    const input = { databaseId, query: text, values, timeoutMs, transactionId }
    let confirmed = false
    if (explain !== 'plan' && statements.some(({ dangers }) => dangers.length > 0)) {
      const { dangers } = await client.sqlPanel.preview(input, { signal })
      confirmed = dangers.length === 0 || (await ask<boolean>((answer) => ({ kind: 'dangers', dangers, answer })))
      if (!confirmed) return
    }
    forget(tabOf(id)?.outcomes ?? [])
    let list: readonly Outcome[] = []
    const told = (event: SqlEvent) => {
      if (event.type === 'transaction') set({ transaction: event.open })
      if (event.type === 'rows') {
        const resultId = list.find(({ index }) => index === event.index)?.resultId
        if (resultId) seedRows(resultId, event.rows, event.cuts)
      }
      list = withEvent(list, event, request)
      // Progress is not worth a write to the disk.
      if (event.type === 'progress')
        set({ tabs: state.tabs.map((tab) => (tab.id === id ? { ...tab, outcomes: list } : tab)) })
      else change(id, { outcomes: [...list] })
    }
    set({ shown: new Map([...state.shown].filter(([tab]) => tab !== id)) })
    change(id, { outcomes: [] })
    try {
      const events = await client.sqlPanel.run({ ...input, rowLimit: rows, confirmed, explain }, { signal })
      for await (const event of events) told(event)
    } catch (error) {
      const { code, message, details } = toAppError(error)
      told({ type: 'failed', index: null, code, message, at: null, hint: null, details })
      if (code === 'NOT_FOUND' && transactionId !== null) set({ transaction: null })
    }
    showWorst(id, list)
  }

  /** The first failure, else the last result that has rows. */
  function showWorst(id: string, list: readonly Outcome[]): void {
    const failed = list.findIndex(({ error }) => error !== null)
    const withRows = list.map(({ resultId }) => resultId !== null).lastIndexOf(true)
    const at = failed >= 0 ? failed : Math.max(0, withRows >= 0 ? withRows : list.length - 1)
    set({ shown: new Map([...state.shown, [id, at]]) })
  }

  async function askValues(id: string, names: readonly string[]): Promise<Readonly<Record<string, JsonValue>> | null> {
    const known = lastValues.get(id) ?? {}
    const values = await ask<Readonly<Record<string, string | null>> | null>((answer) => ({
      kind: 'values',
      names,
      known,
      answer,
    }))
    if (values !== null) lastValues.set(id, { ...known, ...values })
    return values
  }

  function forget(list: readonly Outcome[]): void {
    const resultIds = list.flatMap(({ resultId }) => resultId ?? [])
    if (resultIds.length === 0) return
    dropRows(resultIds)
    client.sqlPanel.forget({ databaseId, resultIds }).catch(() => undefined)
  }

  function tabOf(id: string): Draft | undefined {
    return state.tabs.find((tab) => tab.id === id)
  }

  const panel: Panel = {
    databaseId,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    open(tab = { text: '' }) {
      const shownAlready = tab.queryId ? state.tabs.find(({ queryId }) => queryId === tab.queryId) : undefined
      if (shownAlready) {
        panel.show(shownAlready.id)
        return shownAlready.id
      }
      const draft = newDraft(state.tabs, tab)
      const current = tabOf(state.active)
      // An empty tab gives its place to what is opened.
      const isSpare =
        current !== undefined && current.text.trim() === '' && current.outcomes.length === 0 && tab.text !== ''
      const tabs = isSpare
        ? state.tabs.map((each) => (each.id === current.id ? { ...draft, id: current.id, place: current.place } : each))
        : [...state.tabs, draft]
      const id = isSpare ? current.id : draft.id
      keep({ tabs, active: id })
      return id
    },
    close(id) {
      const tab = tabOf(id)
      if (tab === undefined) return
      panel.cancel(id)
      reopenable.push(tab)
      closed = [...closed, id]
      const at = state.tabs.indexOf(tab)
      const rest = state.tabs.filter((each) => each !== tab)
      const tabs = rest.length > 0 ? rest : [newDraft([], { text: '' })]
      const active = state.active === id ? (tabs[Math.min(at, tabs.length - 1)]?.id ?? '') : state.active
      keep({ tabs, active })
    },
    reopen() {
      const tab = reopenable.pop()
      if (tab === undefined) return
      closed = closed.filter((id) => id !== tab.id)
      keep({ tabs: [...state.tabs, { ...tab, editedAt: Date.now(), saved: false }], active: tab.id })
    },
    show: (id) => keep({ active: id }),
    rename: (id, name) => change(id, { name }),
    edit(id, text) {
      if (tabOf(id)?.text !== text) change(id, { text })
    },
    link: (id, query) => change(id, { queryId: query.id, name: query.name }),
    async run(id, request) {
      if (state.runs.has(id) || request.text.trim() === '') return
      const controller = new AbortController()
      const run: RunningRun = { startedAt: Date.now(), cancel: () => controller.abort() }
      set({ runs: new Map([...state.runs, [id, run]]) })
      try {
        await runNow(id, request, controller.signal)
      } catch (error) {
        const { code, message, details } = toAppError(error)
        const failed: SqlEvent = { type: 'failed', index: null, code, message, at: null, hint: null, details }
        change(id, { outcomes: [...withEvent([], failed, request)] })
      } finally {
        set({ runs: new Map([...state.runs].filter(([tab]) => tab !== id)) })
      }
    },
    cancel: (id) => state.runs.get(id)?.cancel(),
    showResult: (id, result) => set({ shown: new Map([...state.shown, [id, result]]) }),
    async begin() {
      const { transaction } = await client.sqlPanel.begin({ databaseId })
      set({ transaction })
    },
    async end(how) {
      const { transaction } = state
      if (transaction === null) return
      try {
        await client.sqlPanel[how]({ databaseId, transactionId: transaction.id })
      } finally {
        set({ transaction: null })
      }
    },
    propose: (proposal) => set({ proposal }),
    async refresh() {
      const [{ drafts }, { transactions }] = await Promise.all([
        client.sqlPanel.drafts({ databaseId }),
        client.sqlPanel.transactions({ databaseId }),
      ])
      const server = drafts.map(({ results, ...draft }): Draft => {
        const read = outcomes.safeParse(results)
        return { ...draft, outcomes: read.success ? read.data : [], saved: true, known: true }
      })
      const merged = mergeDrafts({ drafts: state.tabs, closed, active: state.active }, server)
      const isFresh = state.tabs.length === 1 && state.tabs[0]?.text === '' && !state.tabs[0].known
      const others = isFresh ? merged.filter(({ id }) => id !== state.tabs[0]?.id) : merged
      const tabs = (others.length > 0 ? others : merged).map((tab) =>
        state.runs.has(tab.id) ? tab : { ...tab, outcomes: [...interrupted(tab.outcomes)] },
      )
      const active = tabs.some(({ id }) => id === state.active) ? state.active : (tabs.at(-1)?.id ?? '')
      keep({ tabs, active, transaction: transactions[0] ?? null })
    },
  }
  return panel
}
