import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Real databases, questions and bad input that others wrote; they lie beside the repository. */
const folder = join(process.cwd(), '../shared/corpora')

export function readMaterial(path: string): string {
  try {
    return readFileSync(join(folder, path), 'utf8')
  } catch (error) {
    throw new Error(`The material ${join(folder, path)} is missing. Put it beside the repository, as shared/corpora.`, {
      cause: error,
    })
  }
}

/** Rows of a CSV file by the names of its first line (RFC 4180: quotes, doubled quotes, line breaks within them). */
export function parseCsv(text: string): readonly Readonly<Record<string, string>>[] {
  const lines: string[][] = [[]]
  let cell = ''
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (quoted) {
      if (character !== '"') cell += character
      else if (text[at + 1] === '"') cell += text[at++]
      else quoted = false
    } else if (character === '"') quoted = true
    else if (character === ',' || character === '\n') {
      lines.at(-1)?.push(cell)
      cell = ''
      if (character === '\n') lines.push([])
    } else if (character !== '\r') cell += character
  }
  if (cell !== '' || (lines.at(-1)?.length ?? 0) > 0) lines.at(-1)?.push(cell)
  const [names = [], ...rows] = lines.filter((line) => line.length > 0)
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ''])))
}
