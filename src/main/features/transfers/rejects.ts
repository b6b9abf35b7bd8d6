import type { JsonValue } from '@shared/json'
import { DiskFile } from '../../disk-file'
import { csvLine } from './formats/csv-writer'

/** A record that was not imported: where it stands in the file, in which column of it, and why. */
export interface Reject {
  readonly line: number
  readonly column: string | null
  readonly reason: string
}

/** Rejects that are told one by one; all of them are in the file. */
export const mostTold = 10_000

/** What an import could not take. All of it goes into a CSV file, with the record as far as it could be read. */
export class RejectLog {
  readonly told: Reject[] = []
  #count = 0
  #file: DiskFile | null = null
  readonly #path: string
  readonly #columns: readonly string[]

  constructor(path: string, columns: readonly string[]) {
    this.#path = path
    this.#columns = columns
  }

  get count(): number {
    return this.#count
  }

  async add(reject: Reject, values: readonly JsonValue[] = []): Promise<void> {
    this.#count += 1
    if (this.told.length < mostTold) this.told.push(reject)
    const cells = values.map((value) => (value === null || typeof value === 'string' ? value : JSON.stringify(value)))
    const file = this.#file ?? this.#open()
    await file.write(csvLine([String(reject.line), reject.column, reject.reason, ...cells]))
  }

  /** Whether there is a file. */
  async close(): Promise<boolean> {
    if (this.#file === null) return false
    await this.#file.close()
    return true
  }

  #open(): DiskFile {
    this.#file = new DiskFile(this.#path)
    void this.#file.write(csvLine(['line', 'column', 'reason', ...this.#columns]))
    return this.#file
  }
}
