import type { Span } from './grid-window'

/** What a page asks of the server. */
export type FetchRecords<R> = (range: {
  readonly offset: number
  readonly limit: number
  readonly signal: AbortSignal
}) => Promise<readonly R[]>

export interface RecordPagesOptions {
  /** Records of one page. */
  readonly pageSize: number
  /** Pages kept in memory around the last ones shown. */
  readonly keepPages: number
  /** Milliseconds a range must stay on screen before it is asked for while others are under way. */
  readonly settle: number
}

interface Flight {
  readonly firstPage: number
  readonly endPage: number
  readonly abort: AbortController
}

/** A row can move when records are read again; the grid keeps the same record in the same place with this. */
export type RowsMoved = (rowOf: (id: string) => number | null) => void

/**
 * The records of one table, filter and sort, by row number, as far as they have been on screen. Pages that scroll by
 * before they are answered are cancelled; a refresh keeps what is shown until the answer is here.
 */
export class RecordPages<R extends { readonly _id: string; readonly _revision: number }> {
  readonly #fetch: FetchRecords<R>
  readonly #options: RecordPagesOptions
  readonly #rows = new Map<number, R>()
  readonly #fresh = new Set<number>()
  readonly #listeners = new Set<() => void>()
  #flights: Flight[] = []
  #shown: Span = { first: 0, end: 0 }
  #timer: ReturnType<typeof setTimeout> | undefined
  #version = 0
  #end: number | null = null
  #error: unknown = null
  #time: number | null = null
  #answered = false
  #emptyPastEnd = false
  /** Somebody changed the table while pages of it were on their way. */
  #again = false
  onRowsMoved: RowsMoved | null = null
  /** A record that was here came back in another version. */
  onRecordChanged: ((before: R, after: R) => void) | null = null
  /** These were read just now. */
  onRead: ((records: readonly R[]) => void) | null = null

  constructor(fetch: FetchRecords<R>, options: Partial<RecordPagesOptions> = {}) {
    this.#fetch = fetch
    this.#options = { pageSize: 100, keepPages: 60, settle: 60, ...options }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Changes with every change of what the other methods answer. */
  readonly version = (): number => this.#version

  /** The number of records, once a page came back short; null before. */
  get end(): number | null {
    return this.#end
  }

  /** Why the last request failed, until one succeeds. */
  get error(): unknown {
    return this.#error
  }

  /** Milliseconds that the last page took; null before the first. */
  get time(): number | null {
    return this.#time
  }

  /** Whether any page has been answered yet. */
  get answered(): boolean {
    return this.#answered
  }

  /** The last page that was asked for begins past the end. */
  get emptyPastEnd(): boolean {
    return this.#emptyPastEnd
  }

  /** One past the last row that is known to exist. */
  get known(): number {
    let last = -1
    for (const row of this.#rows.keys()) last = Math.max(last, row)
    return last + 1
  }

  recordAt(row: number): R | undefined {
    return this.#rows.get(row)
  }

  rowOf(id: string): number | null {
    for (const [row, record] of this.#rows) if (record._id === id) return row
    return null
  }

  /** Up to so many records from the first row on screen on. */
  shownRecords(most: number): readonly R[] {
    const records: R[] = []
    for (let row = this.#shown.first; row < this.#shown.first + most; row++) {
      const record = this.#rows.get(row)
      if (record) records.push(record)
    }
    return records
  }

  /** Says what is on screen: asks for what is missing there and gives up on what has left it. */
  show(span: Span): void {
    this.#shown = span
    this.#cancelUnseen()
    if (this.#missing() === null) return
    if (this.#flights.length === 0 && this.#timer === undefined) this.#askForMissing()
    else this.#askSoon()
  }

  /**
   * Reads again what is on screen and, when they are shown next, all other pages. What is on its way lands first: where
   * somebody writes all the time, asking anew before each answer would show nothing at all.
   */
  refresh(): void {
    this.#fresh.clear()
    this.#end = null
    this.#again = this.#flights.length > 0
    if (!this.#again) this.#askForMissing()
  }

  retry(): void {
    this.#error = null
    this.#askForMissing()
    this.#changed()
  }

  /** Puts newer versions of records in their places. What is on its way may be older, so it is asked for again. */
  replaceAll(records: readonly R[]): void {
    const newer = new Map(records.map((record) => [record._id, record]))
    let found = false
    for (const [row, record] of this.#rows) {
      const next = newer.get(record._id)
      if (!next) continue
      this.#rows.set(row, next)
      found = true
    }
    if (!found) return
    if (this.#flights.length > 0) {
      this.#abortFlights()
      this.#askForMissing()
    }
    this.#changed()
  }

  /** New records at the end: `row` is the first of them. */
  append(row: number, records: readonly R[]): void {
    for (const [index, record] of records.entries()) this.#rows.set(row + index, record)
    if (this.#end !== null) this.#end = Math.max(this.#end, row + records.length)
    this.#changed()
  }

  remove(ids: ReadonlySet<string>): void {
    const gone = [...this.#rows].filter(([, record]) => ids.has(record._id)).map(([row]) => row)
    if (gone.length === 0) return
    gone.sort((a, b) => a - b)
    for (const row of gone) this.#rows.delete(row)
    this.#shiftRows((at) => at - countBelow(gone, at))
    if (this.#end !== null) this.#end -= gone.length
    const firstPage = this.#pageOf(gone[0] ?? 0)
    for (const page of this.#fresh) if (page >= firstPage && !this.#isFull(page)) this.#fresh.delete(page)
    this.show(this.#shown)
    this.#changed()
  }

  /** The records of these rows, asking for those that are not here. */
  async load(span: Span, signal: AbortSignal): Promise<readonly R[]> {
    const records: R[] = []
    for (let row = span.first; row < span.end; ) {
      const here = this.#rows.get(row)
      if (here) {
        records.push(here)
        row += 1
        continue
      }
      const limit = Math.min(1000, span.end - row)
      const found = await this.#fetch({ offset: row, limit, signal })
      records.push(...found)
      if (found.length < limit) break
      row += limit
    }
    return records
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#abortFlights()
  }

  #pageOf(row: number): number {
    return Math.floor(row / this.#options.pageSize)
  }

  #isFull(page: number): boolean {
    const first = page * this.#options.pageSize
    const end = Math.min(first + this.#options.pageSize, this.#end ?? Number.POSITIVE_INFINITY)
    for (let row = first; row < end; row++) if (!this.#rows.has(row)) return false
    return true
  }

  #wanted(): Span {
    const first = this.#pageOf(this.#shown.first)
    return { first, end: this.#shown.end > this.#shown.first ? this.#pageOf(this.#shown.end - 1) + 1 : first + 1 }
  }

  /** The pages on screen that are neither here nor on their way. */
  #missing(): Span | null {
    const { first, end } = this.#wanted()
    const flying = (page: number) => this.#flights.some(({ firstPage, endPage }) => page >= firstPage && page < endPage)
    const pages: number[] = []
    for (let page = first; page < end; page++) if (!this.#fresh.has(page) && !flying(page)) pages.push(page)
    const from = pages[0]
    const to = pages.at(-1)
    return from === undefined || to === undefined ? null : { first: from, end: to + 1 }
  }

  #askSoon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#askForMissing()
    }, this.#options.settle)
  }

  #askForMissing(): void {
    const span = this.#missing()
    if (span === null) return
    if (this.#flights.length === 0) this.#again = false
    const flight: Flight = { firstPage: span.first, endPage: span.end, abort: new AbortController() }
    this.#flights.push(flight)
    const offset = span.first * this.#options.pageSize
    const limit = (span.end - span.first) * this.#options.pageSize
    const begun = performance.now()
    this.#fetch({ offset, limit, signal: flight.abort.signal }).then(
      (records) => {
        this.#time = performance.now() - begun
        this.#land(flight, offset, limit, records)
      },
      (error: unknown) => this.#fail(flight, error),
    )
  }

  #land(flight: Flight, offset: number, limit: number, records: readonly R[]): void {
    if (!this.#flights.includes(flight)) return
    this.#flights = this.#flights.filter((other) => other !== flight)
    const before = new Map([...this.#rows.values()].map((record) => [record._id, record]))
    const moved = records.some((record, index) => this.#rows.get(offset + index)?._id !== record._id)
    for (let index = 0; index < limit; index++) {
      const record = records[index]
      if (record) this.#rows.set(offset + index, record)
      else this.#rows.delete(offset + index)
    }
    this.#dropDoubles(offset, limit, records)
    for (let page = flight.firstPage; page < flight.endPage; page++) this.#fresh.add(page)
    if (records.length < limit && (records.length > 0 || offset === 0)) this.#end = offset + records.length
    this.#emptyPastEnd = records.length === 0 && offset > 0
    this.#error = null
    this.#answered = true
    this.#forgetFarPages()
    if (moved) this.onRowsMoved?.((id) => this.rowOf(id))
    this.#changed()
    this.onRead?.(records)
    for (const record of records) {
      const old = before.get(record._id)
      if (old && old._revision !== record._revision) this.onRecordChanged?.(old, record)
    }
    if (this.#again && this.#flights.length === 0) this.refresh()
  }

  #fail(flight: Flight, error: unknown): void {
    if (!this.#flights.includes(flight)) return
    this.#flights = this.#flights.filter((other) => other !== flight)
    this.#error = error
    this.#changed()
    if (this.#again && this.#flights.length === 0) this.refresh()
  }

  /** A record that moved into this range must not be shown a second time by a page that is older. */
  #dropDoubles(offset: number, limit: number, records: readonly R[]): void {
    const ids = new Set(records.map((record) => record._id))
    for (const [row, record] of this.#rows)
      if ((row < offset || row >= offset + limit) && ids.has(record._id)) {
        this.#rows.delete(row)
        this.#fresh.delete(this.#pageOf(row))
      }
  }

  #cancelUnseen(): void {
    const { first, end } = this.#wanted()
    const unseen = this.#flights.filter(({ firstPage, endPage }) => endPage <= first || firstPage >= end)
    if (unseen.length === 0) return
    this.#flights = this.#flights.filter((flight) => !unseen.includes(flight))
    for (const flight of unseen) flight.abort.abort()
  }

  #abortFlights(): void {
    for (const flight of this.#flights) flight.abort.abort()
    this.#flights = []
  }

  #forgetFarPages(): void {
    const { first } = this.#wanted()
    const reach = this.#options.keepPages / 2
    for (const row of this.#rows.keys()) {
      const page = this.#pageOf(row)
      if (Math.abs(page - first) <= reach) continue
      this.#rows.delete(row)
      this.#fresh.delete(page)
    }
  }

  #shiftRows(to: (row: number) => number): void {
    const moved = [...this.#rows].map(([row, record]) => [to(row), record] as const)
    this.#rows.clear()
    for (const [row, record] of moved) this.#rows.set(row, record)
  }

  #changed(): void {
    this.#version += 1
    for (const listener of this.#listeners) listener()
  }
}

function countBelow(sorted: readonly number[], limit: number): number {
  let count = 0
  while (count < sorted.length && (sorted[count] ?? 0) < limit) count++
  return count
}
