import { namePattern } from '@shared/domain/table-schema'

/** A name of SQL as one of ours: `OrderDetails` is order_details, and what is no letter or digit becomes an underscore. */
export function plainName(name: string, prefix: 'table' | 'column'): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
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
