/** Places in a text as bytes of UTF-8 (Postgres' parser), as characters from 1 (its errors) and as UTF-16 units (ours). */

export interface ByteOffsets {
  readonly bytes: number
  toText(byte: number): number
}

export function byteOffsets(text: string): ByteOffsets {
  const bytes = Buffer.byteLength(text)
  if (bytes === text.length) return { bytes, toText: (byte) => Math.min(byte, bytes) }
  const starts = new Uint32Array(bytes + 1)
  let byte = 0
  let unit = 0
  for (const character of text) {
    const size = Buffer.byteLength(character)
    starts.fill(unit, byte, byte + size)
    byte += size
    unit += character.length
  }
  starts[bytes] = unit
  return { bytes, toText: (at) => starts[Math.min(at, bytes)] ?? text.length }
}

/** UTF-16 units of so many characters. */
export function unitsOf(text: string, characters: number): number {
  let offset = 0
  for (let seen = 0; seen < characters && offset < text.length; seen += 1)
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1
  return offset
}

export interface Place {
  /** Characters from 1, as Postgres counts. */
  readonly position: number
  readonly line: number
  readonly column: number
}

export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset)
  const lastBreak = before.lastIndexOf('\n')
  return {
    position: [...before].length + 1,
    line: before.split('\n').length,
    column: [...before.slice(lastBreak + 1)].length + 1,
  }
}
