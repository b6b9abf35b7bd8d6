import { addDays, addMonths, readDay, weeksOf, writeDay } from '@renderer/features/table-editor/editors/calendar-days'
import { clockOf, withClock, withDay } from '@renderer/features/table-editor/editors/moment-text'
import { describe, expect, test } from 'vitest'

const day = (text: string) => {
  const read = readDay(text)
  if (!read) throw new Error(`${text} is no day`)
  return read
}

describe('days', () => {
  test.each(['2026-02-30', '2026-13-01', 'today', '', '2026-1-1'])('%s is none', (text) => {
    expect(readDay(text)).toBeNull()
  })

  test.each([
    ['2024-02-28', 1, '2024-02-29'],
    ['2026-02-28', 1, '2026-03-01'],
    ['2026-01-01', -1, '2025-12-31'],
    ['0099-12-31', 1, '0100-01-01'],
  ])('%s and %i days is %s', (from, days, to) => expect(writeDay(addDays(day(from), days))).toBe(to))

  test.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2024-02-29', 12, '2025-02-28'],
  ])('%s and %i months is %s', (from, months, to) => expect(writeDay(addMonths(day(from), months))).toBe(to))

  test('a month is six weeks from a Monday', () => {
    const weeks = weeksOf(day('2026-11-27'))
    expect(weeks).toHaveLength(6)
    expect(weeks.flat().map(writeDay).slice(0, 8)).toEqual([
      '2026-10-26',
      '2026-10-27',
      '2026-10-28',
      '2026-10-29',
      '2026-10-30',
      '2026-10-31',
      '2026-11-01',
      '2026-11-02',
    ])
  })
})

describe('a picked day or time', () => {
  const date = { base: 'date', array: false } as const
  const moment = { base: 'timestamptz', array: false } as const
  const time = { base: 'time', array: false } as const

  test('leaves the rest alone, to the microsecond', () => {
    expect(withDay(moment, '2026-01-31 15:30:00.000001', day('2026-02-01'))).toBe('2026-02-01 15:30:00.000001')
    expect(withDay(moment, '', day('2026-02-01'))).toBe('2026-02-01 00:00:00')
    expect(withDay(date, 'no date', day('2026-02-01'))).toBe('2026-02-01')
  })

  test('a time is put beside the day that is there', () => {
    expect(withClock(moment, '2026-01-31 15:30:00', '09:05:00', day('2026-02-01'))).toBe('2026-01-31 09:05:00')
    expect(withClock(moment, '', '09:05', day('2026-02-01'))).toBe('2026-02-01 09:05:00')
    expect(withClock(time, '15:30:00', '09:05:07', day('2026-02-01'))).toBe('09:05:07')
  })

  test.each([
    ['2026-01-31 15:30:00.25', '15:30:00'],
    ['15:30', '15:30:00'],
    ['2026-01-31', ''],
    ['', ''],
  ])('the time of "%s" is "%s"', (text, clock) => expect(clockOf(text)).toBe(clock))
})
