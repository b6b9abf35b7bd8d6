import { AppError } from '@shared/app-error'
import { expect, test } from 'vitest'
import { createRateLimit } from '../../src/main/features/accounts/rate-limit'

function limitAt(start: number) {
  const clock = { time: start }
  return { clock, limit: createRateLimit({ tries: 10, windowMs: 10_000, now: () => clock.time }) }
}

function refusal(take: () => void): AppError | null {
  try {
    take()
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

test('ten tries in ten seconds pass, the eleventh is told how long to wait', () => {
  const { clock, limit } = limitAt(1_000_000)
  for (let index = 0; index < 10; index++) {
    limit.take('a')
    clock.time += 100
  }
  const refused = refusal(() => limit.take('a'))
  expect(refused).toMatchObject({ code: 'RATE_LIMITED', status: 429, details: { retryAfter: 9 } })
  expect(refused?.message).toBe('Too many tries. Wait 9 seconds and try again.')
  clock.time += 9_000
  limit.take('a')
})

test('the window slides: tries leave it one by one', () => {
  const { clock, limit } = limitAt(0)
  for (let index = 0; index < 10; index++) {
    clock.time = index * 1000
    limit.take('a')
  }
  clock.time = 10_000
  limit.take('a')
  expect(refusal(() => limit.take('a'))).toMatchObject({ details: { retryAfter: 1 } })
  clock.time = 11_000
  limit.take('a')
})

test('keys do not disturb each other', () => {
  const { limit } = limitAt(0)
  for (let index = 0; index < 10; index++) limit.take('a')
  expect(refusal(() => limit.take('a'))).not.toBeNull()
  expect(refusal(() => limit.take('b'))).toBeNull()
})

test('a flood of other keys does not let a guesser begin anew', () => {
  const { clock, limit } = limitAt(0)
  for (let index = 0; index < 10; index++) limit.take('guesser')
  for (let index = 0; index < 50_000; index++) limit.take(`flood ${index}`)
  clock.time = 9_999
  expect(refusal(() => limit.take('guesser'))).toMatchObject({ code: 'RATE_LIMITED' })
})

test('a flood of any length is answered in the same time for each', () => {
  const { clock, limit } = limitAt(0)
  for (let index = 0; index < 500_000; index++) {
    limit.take(`flood ${index}`)
    clock.time += 0.01
  }
  expect(refusal(() => limit.take('flood 499999'))).toBeNull()
})
