/**
 * A script as the parser can read it: what is for psql alone (`copy ... from stdin` with its lines, `\restrict`) is
 * blanked out, so that every line keeps its number.
 */
export function withoutPsql(text: string): string {
  return text
    .replace(/^copy\s[^;]+?\sfrom\s+stdin[^;]*;[^\n]*\n[\s\S]*?^\\\.[^\n]*$/gim, blank)
    .replace(/^\\[a-z][^\n]*$/gim, blank)
}

function blank(text: string): string {
  return text.replace(/[^\n]+/g, '')
}

/** Line numbers of places in a text, from 1. */
export function linesOf(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}
