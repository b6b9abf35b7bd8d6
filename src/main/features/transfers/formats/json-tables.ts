import { createJsonSplitter, type JsonPiece, type JsonSplitter } from './json-splitter'

/** A record of one of the file's tables, or what is wrong at its place; null where its list begins. */
export interface TablePiece {
  readonly table: string
  readonly piece: JsonPiece | null
}

export interface JsonTablesSplitter {
  /** Null once the file is something else: an object of other members, or more than one value. */
  push(text: string): readonly TablePiece[] | null
  end(): readonly TablePiece[] | null
}

type Place = 'start' | 'first' | 'name' | 'colon' | 'list' | 'more' | 'over'

/** Whether a file that begins like this may be tables: an object whose first member is a list of objects. */
export function mayBeTables(head: string): boolean {
  return /^\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\[\s*[{\]]/.test(head)
}

/** Cuts `{"table": [record, ...], ...}` into its records, without reading them: a file may be of any length. */
export function createJsonTablesSplitter(): JsonTablesSplitter {
  let place: Place = 'start'
  let line = 1
  let text = ''
  let table = ''
  let list: JsonSplitter | null = null

  function scan(isLast: boolean): readonly TablePiece[] | null {
    const pieces: TablePiece[] = []
    const add = (found: readonly JsonPiece[]) => {
      for (const piece of found) pieces.push({ table, piece })
    }
    for (;;) {
      if (list !== null) {
        add(list.push(text))
        text = ''
        const rest = list.rest()
        if (rest === null) {
          if (isLast) add(list.end())
          return pieces
        }
        text = rest.text
        line = rest.line
        list = null
        place = 'more'
      }
      const token = /^\s*(?:"(?:[^"\\]|\\.)*"|[^"\s])?/.exec(text)?.[0] ?? ''
      const word = token.trimStart()
      if (word === '') {
        if (text.length > longestName) return null
        if (isLast && place !== 'over') add([{ line, problem: 'The file ends before it is complete: "}" is missing.' }])
        return pieces
      }
      line += token.split('\n').length - 1
      if (place === 'list') {
        if (word !== '[') return null
        // Its first sign is the splitter's.
        text = text.slice(token.length - 1)
        list = createJsonSplitter({ line, isInside: true })
        pieces.push({ table, piece: null })
        continue
      }
      text = text.slice(token.length)
      const next = after(word)
      if (next === null) return null
      if (place === 'first' || place === 'name') if (next === 'colon') table = nameOf(word)
      place = next
    }
  }

  function after(word: string): Place | null {
    switch (place) {
      case 'start':
        return word === '{' ? 'first' : null
      case 'first':
        return word === '}' ? 'over' : word.startsWith('"') ? 'colon' : null
      case 'name':
        return word.startsWith('"') ? 'colon' : null
      case 'colon':
        return word === ':' ? 'list' : null
      case 'more':
        return word === ',' ? 'name' : word === '}' ? 'over' : null
      default:
        return null
    }
  }

  return {
    push(more) {
      text += more
      return scan(false)
    },
    end: () => scan(true),
  }
}

/** Characters that a name may have before its quote is looked for in vain. */
const longestName = 10_000

function nameOf(word: string): string {
  try {
    return String(JSON.parse(word))
  } catch {
    return word.slice(1, -1)
  }
}
