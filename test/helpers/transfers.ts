import type {
  ExportFormat,
  ExportScope,
  FileOptions,
  ImportResult,
  ImportTargetInput,
} from '@shared/contract/transfers.contract'
import { pieceBytes } from '@shared/contract/transfers.contract'
import type { Client } from './test-studio'

/** A file sent in pieces, as a window sends it. */
export async function sendFile(
  client: Client,
  databaseId: string,
  name: string,
  content: string | Buffer,
): Promise<string> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const { file } = await client.transfers.begin({ databaseId, name })
  for (let offset = 0; offset < bytes.length; offset += pieceBytes)
    await client.transfers.send({
      databaseId,
      file,
      offset,
      data: bytes.subarray(offset, offset + pieceBytes).toString('base64'),
    })
  return file
}

export interface Importing {
  readonly target: ImportTargetInput
  readonly options?: FileOptions
  readonly onReject?: 'stop' | 'skip'
}

export async function importFile(
  client: Client,
  databaseId: string,
  name: string,
  content: string | Buffer,
  { target, options = {}, onReject = 'skip' }: Importing,
): Promise<ImportResult> {
  const file = await sendFile(client, databaseId, name, content)
  const events = await client.transfers.import({ databaseId, file, options, target, onReject })
  let result: ImportResult | null = null
  for await (const event of events) if (event.kind === 'done') result = event.result
  if (result === null) throw new Error('The import ended without a result')
  return result
}

export async function exportFile(
  client: Client,
  databaseId: string,
  format: ExportFormat,
  scope: ExportScope = { kind: 'database' },
): Promise<Buffer> {
  const events = await client.transfers.export({ databaseId, format, scope })
  for await (const event of events)
    if (event.kind === 'done') {
      const parts: Buffer[] = []
      for (let offset = 0; ; ) {
        const { data } = await client.transfers.read({ databaseId, file: event.result.file, offset })
        if (data === '') return Buffer.concat(parts)
        const piece = Buffer.from(data, 'base64')
        parts.push(piece)
        offset += piece.length
      }
    }
  throw new Error('The export ended without a file')
}

/** A project with its database. */
export async function createProject(
  client: Client,
  name: string,
): Promise<{ readonly projectId: string; readonly databaseId: string }> {
  const { project } = await client.projects.create({ name })
  const { database } = await client.databases.create({ projectId: project.id })
  return { projectId: project.id, databaseId: database.id }
}
