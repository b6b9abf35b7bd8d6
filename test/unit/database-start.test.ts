import { AppError } from '@shared/app-error'
import type { ServerState } from '@shared/contract/host.contract'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { startDatabase } from '../../src/main/database-start'
import type { StudioDatabase } from '../../src/main/db/database'

const db = {} as StudioDatabase

/** A database that dies when `die` is called, and is brought back by what `revive` does. */
function mortal(revive: () => Promise<void> = async () => undefined) {
  const clock = { time: 1_000_000 }
  const waits: number[] = []
  const states: ServerState[] = []
  const calls = { revived: 0, closed: 0 }
  let die: () => void = () => undefined
  let endPause: (() => void) | undefined
  const database = startDatabase(
    async ({ onLost }) => {
      die = onLost
      return {
        db,
        embedded: true,
        version: '18.4',
        address: '127.0.0.1:5432/tessera',
        async revive() {
          calls.revived += 1
          await revive()
        },
        async close() {
          calls.closed += 1
        },
      }
    },
    pino({ level: 'silent' }),
    {
      now: () => clock.time,
      pause: (ms, signal) => {
        waits.push(ms)
        return new Promise((resolve) => {
          endPause = resolve
          signal.addEventListener('abort', () => resolve())
        })
      },
    },
  )
  database.state.subscribe((state) => states.push(state))
  return { database, clock, waits, states, calls, die: () => die(), endPause: () => endPause?.() }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

test('deaths in a row are waited out, longer each time, and forgotten after five quiet minutes', async () => {
  const { database, clock, waits, calls, die, endPause } = mortal()
  await database.db()
  for (let death = 1; death <= 9; death++) {
    die()
    await settle()
    const revivedBefore = calls.revived
    endPause()
    await settle()
    if (death > 1) expect(calls.revived).toBe(revivedBefore + 1)
    expect(await database.db()).toBe(db)
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  expect(calls.revived).toBe(9)
  clock.time += 5 * 60_000
  die()
  await settle()
  expect(calls.revived).toBe(10)
  expect(waits).toHaveLength(8)
})

test('the state says starting, then ready; or why not, and the next call after a second tries again', async () => {
  let broken = true
  const { database, clock, states, calls, die } = mortal(async () => {
    if (broken) throw new AppError('UNAVAILABLE', 'The disk is full. Free some space.')
  })
  await database.db()
  states.splice(0)
  die()
  await settle()
  expect(states).toEqual([
    { phase: 'starting', step: 'The database stopped. Starting it again' },
    { phase: 'failed', message: 'The disk is full. Free some space.', details: [] },
  ])
  await expect(database.db()).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: 'The disk is full. Free some space.',
  })
  expect(calls.revived).toBe(1)
  clock.time += 1_000
  await expect(database.db()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(calls.revived).toBe(2)
  broken = false
  clock.time += 1_000
  expect(await database.db()).toBe(db)
  expect(states.at(-1)).toEqual({ phase: 'ready' })
})

test('closing ends the wait and brings nothing back', async () => {
  const { database, calls, die } = mortal()
  await database.db()
  die()
  await settle()
  die()
  await settle()
  await database.close()
  await database.close()
  expect(calls).toEqual({ revived: 1, closed: 1 })
  die()
  await settle()
  expect(calls.revived).toBe(1)
  await expect(database.db()).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'The studio is closing.' })
})
