const sizes = ['kB', 'MB', 'GB', 'TB'] as const

/** `12,480`; an estimate begins with `~`. */
export function formatCount(count: number, estimated = false): string {
  return `${estimated ? '~' : ''}${grouped(count)}`
}

/** `3 records`, `1 record`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`
}

/** Of whole numbers. `Intl` does the same, and takes 40 ms before its first. */
function grouped(whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** Bytes as people read them, in steps of 1,024. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const step = Math.min(sizes.length, Math.floor(Math.log2(bytes) / 10))
  const size = bytes / 1024 ** step
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${sizes[step - 1]}`
}
