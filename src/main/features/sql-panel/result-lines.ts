import { createReadStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { isJson, type JsonValue } from '@shared/json'

/** The rows between two bytes of a file of rows. */
export async function readBlock(
  file: FileHandle,
  from: number,
  to: number,
): Promise<readonly (readonly JsonValue[])[]> {
  const buffer = Buffer.alloc(to - from)
  await file.read(buffer, 0, buffer.length, from)
  const text = buffer.toString('utf8')
  const rows: unknown = JSON.parse(`[${text.slice(0, text.lastIndexOf('\n')).replaceAll('\n', ',')}]`)
  return Array.isArray(rows) ? rows.filter(isRow) : []
}

/** What was written here is read again; JSON text has no line break of its own. */
function isRow(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value) && isJson(value)
}

/** The lengths of whole lines, with their break. */
export async function* readLines(path: string): AsyncIterable<{ readonly bytes: number }> {
  let open = 0
  for await (const part of createReadStream(path)) {
    const buffer: Buffer = part
    let from = 0
    for (let at = buffer.indexOf(10); at >= 0; at = buffer.indexOf(10, from)) {
      yield { bytes: open + at + 1 - from }
      open = 0
      from = at + 1
    }
    open += buffer.length - from
  }
}
