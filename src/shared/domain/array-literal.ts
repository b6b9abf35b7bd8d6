/** Postgres' text form of a one-dimensional array: `{a,"b, c",NULL}`. */

/** The elements, null for NULL; null when the text is not such an array. */
export function parseArrayLiteral(text: string): readonly (string | null)[] | null {
  const body = text.trim()
  if (!body.startsWith('{') || !body.endsWith('}') || body.length < 2) return null
  const inner = body.slice(1, -1)
  if (inner.trim() === '') return []
  const element = /\s*(?:"((?:[^"\\]|\\[\s\S])*)"|((?:[^"\\{},]|\\[\s\S])+))\s*(,|$)/y
  const elements: (string | null)[] = []
  for (;;) {
    const match = element.exec(inner)
    if (!match) return null
    const [, quoted, bare = ''] = match
    if (quoted !== undefined) elements.push(unescaped(quoted))
    else if (bare.trim() === '') return null
    else elements.push(/^null$/i.test(bare.trim()) ? null : unescaped(bare.trim()))
    if (match[3] === '') return elements
  }
}

export function writeArrayLiteral(elements: readonly (string | null)[]): string {
  return `{${elements.map((element) => (element === null ? 'NULL' : quote(element))).join(',')}}`
}

function quote(element: string): string {
  if (element !== '' && !/[\s"\\{},]/.test(element) && !/^null$/i.test(element)) return element
  return `"${element.replace(/["\\]/g, '\\$&')}"`
}

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, '$1')
}
