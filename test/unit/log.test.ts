import { expect, test } from 'vitest'
import { createLogger } from '../../src/main/log'
import { hideText, withoutHidden } from '../../src/main/secrets/hidden-texts'

function written(work: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = []
  work(createLogger('trace', { write: (line) => lines.push(line) }))
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow()
  return lines.join('')
}

test('a key is in no line of a log, wherever it stands', () => {
  const key = 'aB3-of-the-log.9_x'
  hideText(key)
  const failure = Object.assign(new Error(`answered 401 to ${key}`, { cause: new Error(key) }), {
    code: key,
    headers: { authorization: key },
  })
  const lines = written((logger) => {
    logger.error({ err: failure }, `the call with ${key} failed`)
    logger.info({ a: { b: { c: { d: { e: key } } } }, list: [key] })
    logger.warn(key)
    logger.child({ [key]: key }).fatal({ err: failure })
  })
  expect(lines).toContain('answered 401 to (not logged)')
  expect(lines).not.toContain(key)
})

test('tokens and passwords of others are hidden too, and plain words stay', () => {
  const lines = written((logger) => {
    logger.error({ err: new Error('authorization: Bearer abcdefgh.ijkl-mnop== was refused') })
    logger.error({ err: new Error('postgres://studio:open-sesame@db:5432/x does not answer') })
    logger.error({ url: 'http://127.0.0.1:4780', mail: 'ada@example.com' })
  })
  expect(lines).not.toMatch(/abcdefgh|open-sesame/)
  expect(lines).toContain('postgres://studio:***@db:5432/x')
  expect(lines).toContain('http://127.0.0.1:4780')
  expect(lines).toContain('ada@example.com')
})

test('a short text is no secret: sentences stay whole', () => {
  hideText('the')
  hideText('')
  hideText(null)
  expect(withoutHidden('the whole sentence')).toBe('the whole sentence')
})

test('the newest thousand are hidden', () => {
  for (let number = 0; number < 1_001; number += 1) hideText(`secret-number-${number}`)
  expect(withoutHidden('secret-number-1000')).toBe('(not logged)')
  expect(withoutHidden('secret-number-777')).toBe('(not logged)')
})
