import { defaultFilter } from 'cmdk'

/** Searches the keywords only: cmdk would also find an item by the letters of its id. */
export function filterByKeywords(_value: string, search: string, keywords: string[] = []): number {
  return defaultFilter(keywords.join(' '), search)
}
