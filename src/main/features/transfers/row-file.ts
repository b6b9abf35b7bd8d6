import { stat } from 'node:fs/promises'
import { DiskFile } from '../../disk-file'
import type { RowSource, SourceRow } from './formats/row'
import { readText } from './formats/text-encoding'

/** Rows on the disk, each a line of text behind the number of the line where it stood in its file. */
export class RowFile {
  readonly #path: string
  readonly #file: DiskFile
  #count = 0
  #bytes = 0

  constructor(path: string) {
    this.#path = path
    this.#file = new DiskFile(path)
  }

  get count(): number {
    return this.#count
  }

  /** Known once it is closed. */
  get bytes(): number {
    return this.#bytes
  }

  /** `text` has no line breaks. */
  add(line: number, text: string): Promise<void> | undefined {
    this.#count += 1
    return this.#file.write(`${line}\t${text}\n`)
  }

  async close(): Promise<void> {
    await this.#file.close()
    this.#bytes = (await stat(this.#path)).size
  }

  destroy(): void {
    this.#file.destroy()
  }

  open(
    columns: readonly string[],
    { isText, toRow }: { readonly isText: boolean; readonly toRow: (line: number, text: string) => SourceRow },
  ): RowSource {
    const path = this.#path
    const read = { bytes: 0, total: this.#bytes }
    return {
      columns,
      isText,
      read,
      async *rows(signal) {
        let rest = ''
        for await (const { text, bytes } of readText(path, 'utf-8', signal)) {
          read.bytes = bytes
          const whole = rest + text
          const end = whole.lastIndexOf('\n')
          if (end < 0) {
            rest = whole
            continue
          }
          rest = whole.slice(end + 1)
          yield whole.slice(0, end).split('\n').map(split)
        }
      },
    }

    function split(text: string): SourceRow {
      const tab = text.indexOf('\t')
      return toRow(Number(text.slice(0, tab)), text.slice(tab + 1))
    }
  }
}
