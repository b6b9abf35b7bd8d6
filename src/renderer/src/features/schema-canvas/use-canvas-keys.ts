import { useCommands } from '@renderer/app/commands'
import { countOf } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import { useEffect } from 'react'
import { useReactFlow } from 'reactflow'
import { useActions } from './canvas-actions'
import { clipText, duplicateTables, pasteTables, readClip, selectedTables } from './clipboard'

export interface CanvasKeysOptions {
  readonly fixed: boolean
  readonly onFind: () => void
  readonly onArrange: () => void
  readonly onReview: () => void
  readonly onImport: () => void
}

/** Shortcuts of the schema page. Those that a text field has too are left to it while one is typed in. */
export function useCanvasKeys({ fixed, onFind, onArrange, onReview, onImport }: CanvasKeysOptions): void {
  const actions = useActions()
  const flow = useReactFlow()
  const { store, ui } = actions

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || isTyping(event.target)) return
      const mod = event.ctrlKey || event.metaKey
      const key = event.key.toLowerCase()
      if (event.key === 'Escape') {
        const { focus, selected, column, relation } = ui.now()
        if (selected.length > 0 || column || relation !== null) ui.set({ selected: [], column: null, relation: null })
        else if (focus) ui.set({ focus: null })
        else return
      } else if (fixed) return
      else if (mod && key === 'z' && !event.shiftKey) sayStep('Undid', store.state().undo, () => store.undo())
      else if (mod && (key === 'y' || (key === 'z' && event.shiftKey)))
        sayStep('Redid', store.state().redo, () => store.redo())
      else if (mod && key === 'd') {
        const names = selectedTables(actions).map(({ name }) => name)
        if (names.length > 0) duplicateTables(actions, names)
      } else if (mod && key === 'a') {
        ui.set({ selected: flow.getNodes().map(({ id }) => id), column: null })
      } else if (!mod && (event.key === 'Delete' || event.key === 'Backspace')) actions.removeSelected()
      else if (!mod && event.key === 'F2') {
        const { column } = ui.now()
        const [table] = selectedTables(actions)
        const spot = column ?? (table ? { table: table.name, column: null } : null)
        if (!spot) return
        ui.set({ renaming: { ...spot, where: 'canvas' } })
      } else return
      event.preventDefault()
    }
    function onCopy(event: ClipboardEvent) {
      if (isTyping(event.target) || hasTextSelected()) return
      const tables = selectedTables(actions)
      if (tables.length === 0) return
      event.preventDefault()
      event.clipboardData?.setData('text/plain', clipText(tables))
      if (event.type === 'cut' && !fixed) actions.removeSelected()
      else toast.success(`Copied ${countOf(tables.length, 'table')}`)
    }
    function onPaste(event: ClipboardEvent) {
      if (fixed || isTyping(event.target)) return
      const tables = readClip(event.clipboardData?.getData('text/plain') ?? '')
      if (!tables) return
      event.preventDefault()
      const box = document.querySelector('[data-canvas]')?.getBoundingClientRect()
      const middle = box
        ? flow.screenToFlowPosition({ x: box.x + box.width / 2, y: box.y + box.height / 3 })
        : undefined
      pasteTables(actions, tables, middle)
    }
    window.addEventListener('keydown', onKeyDown)
    document.addEventListener('copy', onCopy)
    document.addEventListener('cut', onCopy)
    document.addEventListener('paste', onPaste)
    return () => {
      window.removeEventListener('keydown', onKeyDown)
      document.removeEventListener('copy', onCopy)
      document.removeEventListener('cut', onCopy)
      document.removeEventListener('paste', onPaste)
    }
  }, [actions, store, ui, flow, fixed])

  const listed = { group: 'Schema', listedOnly: true, run: () => {} } as const
  useCommands([
    { id: 'schema.find', title: 'Find a table on the canvas', group: 'Schema', shortcut: '/', run: onFind },
    {
      id: 'schema.fit',
      title: 'Show the whole schema',
      group: 'Schema',
      shortcut: '0',
      run: () => void flow.fitView({ padding: 0.12, maxZoom: 1 }),
    },
    { id: 'schema.review', title: 'Review the changes', group: 'Schema', shortcut: 'Mod+Enter', run: onReview },
    ...(fixed
      ? []
      : ([
          { id: 'schema.arrange', title: 'Arrange the tables', group: 'Schema', shortcut: 'O A', run: onArrange },
          {
            id: 'schema.table',
            title: 'Add table',
            group: 'Schema',
            shortcut: 'N',
            run: () => actions.addTable(middleOf(flow)),
          },
          { id: 'schema.import', title: 'Import SQL or DBML', group: 'Schema', run: onImport },
          { id: 'schema.undo', title: 'Undo', shortcut: 'Mod+Z', ...listed },
          { id: 'schema.redo', title: 'Redo', shortcut: 'Mod+Shift+Z', ...listed },
          { id: 'schema.copy', title: 'Copy tables', shortcut: 'Mod+C', ...listed },
          { id: 'schema.paste', title: 'Paste tables', shortcut: 'Mod+V', ...listed },
          { id: 'schema.duplicate', title: 'Duplicate tables', shortcut: 'Mod+D', ...listed },
          { id: 'schema.rename', title: 'Rename', shortcut: 'F2', ...listed },
          { id: 'schema.delete', title: 'Delete what is selected', shortcut: 'Delete', ...listed },
        ] as const)),
  ])
}

function middleOf(flow: ReturnType<typeof useReactFlow>) {
  const box = document.querySelector('[data-canvas]')?.getBoundingClientRect()
  return box ? flow.screenToFlowPosition({ x: box.x + box.width / 2, y: box.y + box.height / 3 }) : { x: 0, y: 0 }
}

function sayStep(verb: string, label: string | null, run: () => void): void {
  if (label === null) return
  run()
  toast.success(`${verb}: ${label}`)
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable=true], .monaco-editor, [role=dialog], [role=menu]') !==
      null
  )
}

function hasTextSelected(): boolean {
  return document.getSelection()?.isCollapsed === false
}
