/** Rows of `copy ... to stdout` in its text format, NULL as null. */
export async function* readCopyRows(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly (readonly (string | null)[])[]> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  for await (const chunk of chunks) {
    const text = rest + decoder.decode(chunk, { stream: true })
    const end = text.lastIndexOf('\n')
    if (end < 0) {
      rest = text
      continue
    }
    rest = text.slice(end + 1)
    yield text.slice(0, end).split('\n').map(copyCells)
  }
}

export function copyCells(line: string): readonly (string | null)[] {
  const cells = line.split('\t')
  return line.includes('\\') ? cells.map(copyCell) : cells
}

function copyCell(cell: string): string | null {
  if (!cell.includes('\\')) return cell
  if (cell === '\\N') return null
  return cell.replace(
    /\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|([\s\S]))/g,
    (_, octal?: string, hex?: string, other?: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
      return (other !== undefined && escapes[other]) || (other ?? '')
    },
  )
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }
