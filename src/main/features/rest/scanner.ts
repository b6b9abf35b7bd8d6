import { parseError } from './rest-error'

/** Reads a text of the address from left to right. */
export class Scanner {
  readonly text: string
  at = 0

  constructor(text: string) {
    this.text = text
  }

  get isEnd(): boolean {
    return this.at >= this.text.length
  }

  peek(word: string): boolean {
    return this.text.startsWith(word, this.at)
  }

  /** Takes the word, if it comes next. */
  take(word: string): boolean {
    if (!this.peek(word)) return false
    this.at += word.length
    return true
  }

  need(word: string): void {
    if (!this.take(word)) throw this.unexpected(`"${word}" is missing`)
  }

  skipSpaces(): void {
    while (this.text[this.at] === ' ') this.at++
  }

  /** A name: in double quotes, or up to one of `ends` or an arrow. */
  name(ends: string): string {
    if (this.peek('"')) return this.quoted()
    const from = this.at
    while (!this.isEnd && !ends.includes(this.text[this.at] ?? '') && !this.peek('->')) this.at++
    const name = this.text.slice(from, this.at).trim()
    if (name === '') throw this.unexpected('a name is missing')
    return name
  }

  /** `"..."`, where a backslash takes the next character as it is. */
  quoted(): string {
    this.need('"')
    let value = ''
    while (!this.isEnd) {
      const character = this.text[this.at++] ?? ''
      if (character === '"') return value
      if (character === '\\') value += this.text[this.at++] ?? ''
      else value += character
    }
    throw this.unexpected('a quote is not closed')
  }

  /** Up to one of `ends`. */
  until(ends: string): string {
    const from = this.at
    while (!this.isEnd && !ends.includes(this.text[this.at] ?? '')) this.at++
    return this.text.slice(from, this.at)
  }

  unexpected(reason: string) {
    return parseError(`failed to parse "${this.text.slice(0, 200)}"`, `At character ${this.at + 1}: ${reason}.`)
  }
}
