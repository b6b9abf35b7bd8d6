import { found, type Reader } from './dbml-reader'
import { DbmlProblem, type DbmlToken } from './dbml-tokens'

export interface Setting {
  readonly name: string
  readonly at: DbmlToken
  readonly value: readonly DbmlToken[]
}

/** `[pk, default: 1, note: 'x']`; nothing when there is no bracket. */
export function readSettings(reader: Reader): readonly Setting[] {
  if (!reader.isSign('[')) return []
  const open = reader.next()
  const settings: Setting[] = []
  while (!reader.takes(']')) {
    const at = reader.peek()
    if (at.kind === 'end') throw new DbmlProblem('The "]" of these settings is missing.', open)
    const words: string[] = []
    while (reader.peek().kind === 'word') words.push(reader.next().value.toLowerCase())
    const value: DbmlToken[] = []
    if (reader.takes(':'))
      while (!reader.isSign(',') && !reader.isSign(']')) {
        const token = reader.next()
        if (token.kind === 'end') throw new DbmlProblem('The "]" of these settings is missing.', open)
        value.push(token)
      }
    if (words.length === 0) throw new DbmlProblem(`A setting has a name, like "not null"${found(at)}.`, at)
    settings.push({ name: words.join(' '), at, value })
    if (!reader.isSign(']')) reader.expect(',', 'between two settings')
  }
  return settings
}

export function noteOf(settings: readonly Setting[]): string | undefined {
  return settings.find(({ name }) => name === 'note')?.value[0]?.value || undefined
}

export function readNote(reader: Reader): string | undefined {
  const isBlock = !reader.takes(':') && reader.takes('{')
  const token = reader.next()
  if (token.kind !== 'text' && token.kind !== 'quoted')
    throw new DbmlProblem(`A note is a text in quotes${found(token)}.`, token)
  if (isBlock) reader.expect('}', 'after the note')
  return token.value === '' ? undefined : token.value
}
