import type { SqlLogin } from '@shared/contract/connection.contract'

/** Always as many, so that nobody sees how long the password is. */
export const mask = '••••••••'

/** Not by `URL`, which does not know addresses without a host: those of a socket. */
export function passwordOf({ url }: SqlLogin): string {
  return decodeURIComponent(/^\w+:\/\/[^:/@]*:([^@]*)@/.exec(url)?.[1] ?? '')
}

/** The address with the mask in the place of its password. */
export function maskedUrl({ url }: SqlLogin): string {
  return url.replace(/^(\w+:\/\/[^:/@]*:)[^@]*(@)/, `$1${mask}$2`)
}

/** Nothing in an address needs escaping between these quotes: what could is percent-encoded. */
export function psqlCommand(url: string): string {
  return `psql "${url}"`
}
