/**
 * The notation of the gold files: several accepted queries in a cell, split by `;`, and `{a, b}` for any non-empty
 * subset of these columns, which a later `{}` repeats.
 */
export function acceptedQueries(cell: string): readonly string[] {
  return splitStatements(cell).flatMap(expandSubsets)
}

function splitStatements(text: string): readonly string[] {
  const parts = ['']
  let quote: string | null = null
  for (const character of text) {
    if (quote === null && character === ';') {
      parts.push('')
      continue
    }
    if (quote === character) quote = null
    else if (quote === null && (character === "'" || character === '"')) quote = character
    parts[parts.length - 1] += character
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

function expandSubsets(text: string): readonly string[] {
  const [first] = /\{[^}]+\}/.exec(text) ?? []
  if (first === undefined) return [text]
  const columns = splitList(first.slice(1, -1))
  const subsets = Array.from({ length: 2 ** columns.length - 1 }, (_, index) =>
    columns.filter((_column, bit) => ((index + 1) >> bit) & 1).join(', '),
  )
  return subsets.flatMap((chosen) => {
    const at = text.indexOf(first)
    const rest = text.slice(at + first.length)
    const [next] = /\{[^}]+\}/.exec(rest) ?? []
    const until = next === undefined ? rest.length : rest.indexOf(next)
    const repeated = rest.slice(0, until).replaceAll('{}', chosen.replaceAll(/\s+AS\s+\w+/gi, ''))
    return expandSubsets(text.slice(0, at) + chosen + repeated + rest.slice(until))
  })
}

/** The parts between the commas that no bracket encloses. */
export function splitList(text: string): readonly string[] {
  const parts = ['']
  let depth = 0
  for (const character of text) {
    if (character === '(') depth++
    if (character === ')') depth--
    if (character === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts.map((part) => part.trim())
}
