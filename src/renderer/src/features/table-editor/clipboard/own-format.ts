import { json } from '@shared/contract/fields'
import type { JsonValue } from '@shared/json'
import { z } from 'zod'
import type { Block } from './block-text'

/** Beside the text, the values themselves: NULL, times to the microsecond and JSON come back as they were. */
export const ownType = 'application/x-tessera-cells'

const cells = z.array(z.array(json))

export function writeOwn(rows: readonly (readonly JsonValue[])[]): string {
  return JSON.stringify(rows)
}

export function readOwn(text: string): Block | null {
  if (text === '') return null
  try {
    const read = cells.safeParse(JSON.parse(text))
    if (!read.success || read.data.length === 0) return null
    return read.data.map((row) => row.map((value) => ({ kind: 'value', value })))
  } catch {
    return null
  }
}
