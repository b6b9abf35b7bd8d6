import { freeName } from '@renderer/features/projects/free-name'
import { programName } from '@renderer/features/settings/program-name'
import { countOf, formatBytes, formatCount } from '@renderer/ui/figures'
import { timeAgo } from '@renderer/ui/time-ago'
import { describe, expect, test } from 'vitest'

describe('the name of a new project', () => {
  test('is free, whatever the case and spaces of the others', () => {
    expect(freeName('My project', [])).toBe('My project')
    expect(freeName('My project', [' my PROJECT ', 'My project 2'])).toBe('My project 3')
    expect(freeName('My project', ['My project 2'])).toBe('My project')
  })
})

describe('figures', () => {
  test('an estimate says that it is one', () => {
    expect(formatCount(12480)).toBe('12,480')
    expect(formatCount(1_200_000, true)).toBe('~1,200,000')
  })
  test('one is singular', () => {
    expect([countOf(0, 'day'), countOf(1, 'day'), countOf(2, 'day')]).toEqual(['0 days', '1 day', '2 days'])
  })
  test('bytes keep two digits or more', () => {
    expect([0, 1023, 1024, 47_300_000, 1024 ** 5].map(formatBytes)).toEqual([
      '0 B',
      '1023 B',
      '1.0 kB',
      '45 MB',
      '1024 TB',
    ])
  })
})

test('times are told in the largest whole unit', () => {
  const now = Date.parse('2026-03-01T12:00:00Z')
  const ago = (seconds: number) => timeAgo(new Date(now - seconds * 1000).toISOString(), now)
  expect([ago(0), ago(59), ago(60), ago(7199), ago(86_400), ago(86_400 * 13)]).toEqual([
    'just now',
    'just now',
    '1 minute ago',
    '1 hour ago',
    'yesterday',
    'last week',
  ])
})

test('programs are named as people know them', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36'
  expect(programName(chrome)).toBe('Chrome on Linux')
  expect(programName(chrome.replace('Chrome/', 'Electron/25.0.0 Chrome/'))).toBe('Desktop app on Linux')
  expect(programName('curl/8.5.0')).toBe('curl/8.5.0')
  expect(programName(null)).toBe('A program without a name')
})
