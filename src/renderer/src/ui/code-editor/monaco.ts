import { loader } from '@monaco-editor/react'
import * as monaco from 'monaco-editor/editor/editor.api.js'
import EditorWorker from 'monaco-editor/editor/editor.worker?worker'
import 'monaco-editor/features/register.all.js'
import JsonWorker from 'monaco-editor/languages/features/json/json.worker?worker'
import { jsonDefaults } from 'monaco-editor/languages/features/json/register.js'
import { followColours } from './colours'
import { registerDbml } from './dbml'
import { registerPgsql } from './pgsql'

/**
 * The code editor as it is bundled: its core, JSON, Postgres' SQL and DBML. It is never fetched from elsewhere, and only what
 * is loaded lazily may import this file.
 */
export * as monaco from 'monaco-editor/editor/editor.api.js'

self.MonacoEnvironment = {
  getWorker: (_module, label) => (label === 'json' ? new JsonWorker() : new EditorWorker()),
}
loader.config({ monaco })
// A value is data: it says nothing about a schema that could be fetched, and comments are not JSON.
jsonDefaults.setDiagnosticsOptions({ validate: true, allowComments: false, enableSchemaRequest: false })
registerDbml()
registerPgsql()
followColours()
// What the editor breaks off when it ends (a completion, a hover) rejects as "Canceled", which is no failure.
window.addEventListener('unhandledrejection', (event) => {
  const { reason } = event
  if (reason instanceof Error && reason.name === 'Canceled' && reason.message === 'Canceled') event.preventDefault()
})
