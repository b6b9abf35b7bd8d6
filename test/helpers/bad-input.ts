import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Published lists of hostile input, beside the repository. */
const place = '../shared/corpora/badinput'

function folder(name: string): string {
  const path = resolve(process.cwd(), place, name)
  try {
    readdirSync(path)
  } catch (error) {
    throw new Error(`The folder ${place}/${name} (from the repository's root) is missing, and these tests need it.`, {
      cause: error,
    })
  }
  return path
}

/** The Big List of Naughty Strings. */
export function naughtyStrings(): string[] {
  const list: unknown = JSON.parse(readFileSync(join(folder('strings'), 'blns.json'), 'utf8'))
  if (!Array.isArray(list)) throw new Error('blns.json is no list')
  return list.map(String)
}

/** Every line of the injection lists. */
export function sqlInjections(): string[] {
  const path = folder('sql-injection')
  return readdirSync(path)
    .filter((name) => name.endsWith('.txt'))
    .flatMap((name) => readFileSync(join(path, name), 'utf8').split(/\r?\n/))
    .filter((line) => line !== '')
}

/** JSON texts by file name: `y_` are valid, `n_` are not, of `i_` parsers differ. */
export function jsonTexts(): ReadonlyMap<string, Buffer> {
  const path = join(folder('json'), 'test_parsing')
  return new Map(readdirSync(path).map((name) => [name, readFileSync(join(path, name))]))
}
