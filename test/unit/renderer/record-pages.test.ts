import { RecordPages } from '@renderer/features/table-editor/record-pages'
import { describe, expect, test } from 'vitest'

interface Row {
  readonly _id: string
  readonly _revision: number
}

interface Call {
  readonly offset: number
  readonly limit: number
  readonly signal: AbortSignal
  readonly answer: (rows?: readonly Row[]) => Promise<void>
  readonly fail: (error: Error) => Promise<void>
}

const row = (id: number, revision = 1): Row => ({ _id: `r${id}`, _revision: revision })

/** A table of so many rows, whose answers come when the test says so. */
function table(count: number, settle = 0) {
  const calls: Call[] = []
  const pages = new RecordPages<Row>(
    ({ offset, limit, signal }) =>
      new Promise((resolve, reject) => {
        const rows = Array.from({ length: Math.max(0, Math.min(limit, count - offset)) }, (_, k) => row(offset + k))
        calls.push({
          offset,
          limit,
          signal,
          answer: async (given = rows) => resolve(given),
          fail: async (error) => reject(error),
        })
      }),
    { pageSize: 10, keepPages: 4, settle },
  )
  const call = (index: number): Call => {
    const found = calls[index]
    if (!found) throw new Error(`There is no call ${index}`)
    return found
  }
  return { pages, calls, call }
}

const settled = () => new Promise((done) => setTimeout(done, 5))

describe('pages of records', () => {
  test('asks for whole pages around what is shown, once', async () => {
    const { pages, calls, call } = table(100)
    pages.show({ first: 5, end: 15 })
    pages.show({ first: 6, end: 16 })
    await settled()
    expect(calls.map(({ offset, limit }) => [offset, limit])).toEqual([[0, 20]])
    await call(0).answer()
    await settled()
    expect(pages.recordAt(7)).toEqual(row(7))
    expect(pages.known).toBe(20)
    expect(pages.end).toBeNull()
  })

  test('gives up on a page that has left the screen', async () => {
    const { pages, call } = table(100)
    pages.show({ first: 0, end: 10 })
    pages.show({ first: 80, end: 90 })
    expect(call(0).signal.aborted).toBe(true)
    await settled()
    expect(call(1).offset).toBe(80)
    await call(0).answer()
    await settled()
    expect(pages.recordAt(0)).toBeUndefined()
  })

  test('a short page is the end of the table', async () => {
    const { pages, call } = table(13)
    pages.show({ first: 0, end: 20 })
    await call(0).answer()
    await settled()
    expect(pages.end).toBe(13)
  })

  test('an empty page behind the end says only that the count was too high', async () => {
    const { pages, call } = table(13)
    pages.show({ first: 40, end: 50 })
    await call(0).answer()
    await settled()
    expect(pages.end).toBeNull()
    expect(pages.emptyPastEnd).toBe(true)
  })

  test('a refresh shows the old records until the new ones are here', async () => {
    const { pages, call } = table(10)
    pages.show({ first: 0, end: 10 })
    await call(0).answer()
    await settled()
    pages.refresh()
    expect(pages.recordAt(3)).toEqual(row(3))
    const changes: Array<readonly [Row, Row]> = []
    pages.onRecordChanged = (before, after) => changes.push([before, after])
    await call(1).answer([row(0), row(1), row(2), row(3, 2)])
    await settled()
    expect(pages.recordAt(3)).toEqual(row(3, 2))
    expect(pages.recordAt(4)).toBeUndefined()
    expect(changes).toEqual([[row(3), row(3, 2)]])
  })

  test('writers that never pause are followed all the same', async () => {
    const { pages, calls, call } = table(10)
    pages.show({ first: 0, end: 10 })
    pages.refresh()
    pages.refresh()
    expect(calls).toHaveLength(1)
    expect(call(0).signal.aborted).toBe(false)
    await call(0).answer()
    await settled()
    expect(pages.recordAt(3)).toEqual(row(3))
    // What landed may be older than the last change, so it is read once more, and then no more.
    expect(calls).toHaveLength(2)
    await call(1).answer()
    await settled()
    expect(calls).toHaveLength(2)
  })

  test('what was saved here is not covered by an older answer', async () => {
    const { pages, calls, call } = table(10)
    pages.show({ first: 0, end: 10 })
    await call(0).answer()
    await settled()
    pages.refresh()
    pages.replaceAll([row(3, 2)])
    expect(call(1).signal.aborted).toBe(true)
    await call(1).answer()
    await settled()
    expect(pages.recordAt(3)).toEqual(row(3, 2))
    expect(calls).toHaveLength(3)
  })

  test('says so when records stand in other rows than before', async () => {
    const { pages, call } = table(10)
    pages.show({ first: 0, end: 10 })
    await call(0).answer()
    await settled()
    const seen: Array<number | null> = []
    pages.onRowsMoved = (rowOf) => seen.push(rowOf('r0'))
    pages.refresh()
    await call(1).answer([row(100), row(0), row(1)])
    await settled()
    expect(seen).toEqual([1])
    pages.refresh()
    await call(2).answer([row(100), row(0), row(1)])
    await settled()
    expect(seen).toEqual([1])
  })

  test('removing closes the gap and reads what moved up from the next page', async () => {
    const { pages, call } = table(30)
    pages.show({ first: 0, end: 10 })
    await call(0).answer()
    await settled()
    pages.remove(new Set(['r2', 'r5']))
    expect(pages.recordAt(2)).toEqual(row(3))
    expect(pages.recordAt(7)).toEqual(row(9))
    await settled()
    expect(call(1).offset).toBe(0)
  })

  test('new records are appended', async () => {
    const { pages, call } = table(3)
    pages.show({ first: 0, end: 10 })
    await call(0).answer()
    await settled()
    pages.append(3, [row(50)])
    expect([0, 1, 2, 3].map((at) => pages.recordAt(at)?._id)).toEqual(['r0', 'r1', 'r2', 'r50'])
    expect(pages.end).toBe(4)
  })

  test('a failure is told until a retry succeeds', async () => {
    const { pages, call } = table(10)
    pages.show({ first: 0, end: 10 })
    await call(0).fail(new Error('away'))
    await settled()
    expect(pages.error).toEqual(new Error('away'))
    pages.retry()
    await call(1).answer()
    await settled()
    expect(pages.error).toBeNull()
    expect(pages.recordAt(0)).toEqual(row(0))
  })

  test('far pages are forgotten', async () => {
    const { pages, call } = table(1000)
    pages.show({ first: 0, end: 10 })
    await call(0).answer()
    await settled()
    pages.show({ first: 900, end: 910 })
    await settled()
    await call(1).answer()
    await settled()
    expect(pages.recordAt(905)).toEqual(row(905))
    expect(pages.recordAt(5)).toBeUndefined()
  })

  test('a range is loaded from what is here and what is not', async () => {
    const { pages, call } = table(40)
    pages.show({ first: 0, end: 10 })
    await call(0).answer()
    await settled()
    const loading = pages.load({ first: 8, end: 14 }, new AbortController().signal)
    await call(1).answer()
    expect((await loading).map(({ _id }) => _id)).toEqual(['r8', 'r9', 'r10', 'r11', 'r12', 'r13'])
  })
})
