export interface JsonPiece {
  readonly kind: 'key' | 'string' | 'number' | 'word' | 'mark'
  readonly text: string
  /** Characters before it: tells equal pieces apart. */
  readonly at: number
}

const piecePattern = /"(?:[^"\\]|\\.)*"?(\s*:)?|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]|\s+|./g

/** More pieces than this are past the edge of any cell. */
const pieceLimit = 60

/** Cuts one line of JSON, which may be cut off anywhere, into coloured pieces. */
export function jsonPieces(line: string): readonly JsonPiece[] {
  const pieces: JsonPiece[] = []
  for (const match of line.matchAll(piecePattern)) {
    const text = match[0]
    if (pieces.length >= pieceLimit) {
      pieces.push({ kind: 'mark', text: line.slice(match.index), at: match.index })
      break
    }
    pieces.push({ kind: kindOf(text, match[1] !== undefined), text, at: match.index })
  }
  return pieces
}

function kindOf(text: string, isKey: boolean): JsonPiece['kind'] {
  if (text.startsWith('"')) return isKey ? 'key' : 'string'
  if (/^-?\d/.test(text)) return 'number'
  return /^(true|false|null)$/.test(text) ? 'word' : 'mark'
}
