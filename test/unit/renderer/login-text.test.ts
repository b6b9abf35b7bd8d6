import { mask, maskedUrl, passwordOf, psqlCommand } from '@renderer/features/connection/login-text'
import { expect, test } from 'vitest'

const login = {
  host: '::1',
  port: 5432,
  database: 'tessera',
  user: 'p_1',
  schema: 'd_1',
  url: 'postgres://p_1:s%40cr%3At%2F@[::1]:5432/tessera',
}

test('the password is told as it is typed, not as it is written in an address', () => {
  expect(passwordOf(login)).toBe('s@cr:t/')
})

test('an address of a socket has no host, and a password all the same', () => {
  const url = 'postgres://p_1:s%40cret@:5432/tessera?host=%2Fvar%2Frun'
  expect(passwordOf({ ...login, url })).toBe('s@cret')
  expect(maskedUrl({ ...login, url })).toBe(`postgres://p_1:${mask}@:5432/tessera?host=%2Fvar%2Frun`)
})

test('an address is shown without its password', () => {
  expect(maskedUrl(login)).toBe(`postgres://p_1:${mask}@[::1]:5432/tessera`)
  expect(maskedUrl(login)).not.toContain('cr')
})

test('the command takes the address as one word', () => {
  expect(psqlCommand(login.url)).toBe('psql "postgres://p_1:s%40cr%3At%2F@[::1]:5432/tessera"')
})
