import type { StudioClient } from '@renderer/bridge/api'
import { AppError } from '@shared/app-error'
import { type Exported, pieceBytes } from '@shared/contract/transfers.contract'

export interface Sending {
  readonly signal: AbortSignal
  /** From 0 to 1. */
  readonly onProgress: (part: number) => void
}

/** Sends a file piece by piece, each when the one before it has arrived: a file of any size needs one piece of memory. */
export async function sendFile(
  client: StudioClient,
  databaseId: string,
  file: Blob & { readonly name?: string },
  { signal, onProgress }: Sending,
): Promise<string> {
  const { file: id } = await client.transfers.begin(
    { databaseId, name: (file.name ?? 'pasted').slice(0, 255) },
    { signal },
  )
  for (let offset = 0; offset < file.size; offset += pieceBytes) {
    const data = await base64Of(file.slice(offset, offset + pieceBytes))
    await client.transfers.send({ databaseId, file: id, offset, data }, { signal })
    onProgress(Math.min(1, (offset + pieceBytes) / file.size))
  }
  return id
}

/** Fetches a file that was made; Chromium keeps large blobs on the disk. */
export async function fetchFile(
  client: StudioClient,
  databaseId: string,
  { file, bytes, type }: Pick<Exported, 'file' | 'type'> & { readonly bytes: number | null },
  { signal, onProgress }: Sending,
): Promise<Blob> {
  const parts: Blob[] = []
  let offset = 0
  for (;;) {
    const { data } = await client.transfers.read({ databaseId, file, offset }, { signal })
    if (data === '') break
    const piece = bytesOf(data)
    parts.push(new Blob([piece]))
    offset += piece.length
    if (bytes !== null && bytes > 0) onProgress(Math.min(1, offset / bytes))
  }
  if (bytes !== null && offset !== bytes)
    throw new AppError('UNAVAILABLE', 'The file did not come whole. Export it again.')
  return new Blob(parts, { type })
}

/** Hands the file to the person, under this name. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  // The download has begun by then, and keeps what it needs.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => {
      const url = typeof reader.result === 'string' ? reader.result : ''
      resolve(url.slice(url.indexOf(',') + 1))
    }
    reader.onerror = () =>
      reject(new AppError('UNAVAILABLE', 'The file could not be read. It may have been moved or changed.'))
    reader.readAsDataURL(blob)
  })
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64)
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}
