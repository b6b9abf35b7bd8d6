import type { StudioClient } from '@renderer/bridge/api'

export type ExportFormat = 'csv' | 'json' | 'xlsx'

const types: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv',
  json: 'application/json',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/**
 * Has the host write the whole result as a file, and takes it over in pieces: each becomes a blob at once, which the
 * browser keeps on disk, so that the page's memory does not grow with it. Answers what the format could not hold.
 */
export async function exportResult(
  client: StudioClient,
  input: {
    readonly databaseId: string
    readonly resultId: string
    readonly format: ExportFormat
    readonly name: string
  },
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<string | null> {
  const { databaseId, resultId, format, name } = input
  const events = await client.sqlPanel.export({ databaseId, resultId, format }, { signal })
  let ready: { readonly exportId: string; readonly bytes: number; readonly note: string | null } | undefined
  for await (const event of events) {
    if (event.type === 'ready') ready = event
    else onProgress(event.of === 0 ? 0 : (event.rows / event.of) * 0.8)
  }
  if (ready === undefined) return null
  const parts: Blob[] = []
  for (let offset = 0; ; ) {
    const { data, done } = await client.sqlPanel.readExport(
      { databaseId, exportId: ready.exportId, offset },
      { signal },
    )
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0))
    parts.push(new Blob([bytes]))
    offset += bytes.length
    onProgress(0.8 + 0.2 * (offset / Math.max(1, ready.bytes)))
    if (done) break
  }
  download(new Blob(parts, { type: types[format] }), `${name}.${format}`)
  return ready.note
}

function download(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has begun to take it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
