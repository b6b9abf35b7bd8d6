import { ConfigError } from './config'

export interface WholeRange {
  readonly usual: number
  readonly most: number
}

/** A whole number from 1 on, from the environment; `usual` where `text` is null. ConfigError for anything else. */
export function wholeSetting(name: string, text: string | null, { usual, most }: WholeRange): number {
  if (text === null) return usual
  const number = Number(text)
  if (!/^\d{1,10}$/.test(text) || number < 1 || number > most)
    throw new ConfigError(`${name} is "${text.slice(0, 60)}", but must be a whole number from 1 to ${most}.`)
  return number
}
