/** `My project`, or the next free: `My project 2`. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const used = new Set(taken.map((name) => name.trim().toLowerCase()))
  if (!used.has(wanted.toLowerCase())) return wanted
  for (let n = 2; ; n++) if (!used.has(`${wanted} ${n}`.toLowerCase())) return `${wanted} ${n}`
}
