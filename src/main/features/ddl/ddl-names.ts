import { namePattern } from '@shared/domain/table-schema'

/** A name of SQL as one of ours: in lower case, and what is no letter, digit or underscore becomes one. */
export function plainName(name: string, prefix: 'table' | 'column'): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .slice(0, longestName)
  if (namePattern.test(plain)) return plain
  const led = `${prefix}_${plain.replace(/^_+/, '')}`.slice(0, longestName).replace(/_+$/, '')
  return namePattern.test(led) ? led : prefix
}

/** The name, or the first with a number behind that is not taken. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name
  for (let n = 2; ; n++) {
    const numbered = `${name.slice(0, longestName - String(n).length - 1)}_${n}`
    if (!isTaken(numbered)) return numbered
  }
}

const longestName = 63
