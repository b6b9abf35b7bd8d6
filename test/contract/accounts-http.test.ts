import { afterEach, expect, test } from 'vitest'
import { createHttpStudio, type HttpStudio } from '../helpers/http-studio'

let studio: HttpStudio
afterEach(() => studio.close())

test('the eleventh sign-up from one address in ten seconds is told when to come again', async () => {
  studio = await createHttpStudio()
  const signUp = (number: number) =>
    studio.call({
      method: 'POST',
      path: '/api/auth/signup',
      body: { email: `person${number}@example.org`, password: 'correct horse' },
    })
  const answers = await Promise.all(Array.from({ length: 11 }, (_, index) => signUp(index)))
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(10).fill(201), 429])
  const refused = answers.find(({ status }) => status === 429)
  const { details, ...body } = JSON.parse(refused?.text ?? '{}')
  expect(body).toEqual({ code: 'RATE_LIMITED', error: expect.stringMatching(/^Too many tries\. Wait \d+ seconds? /) })
  expect(refused?.headers['retry-after']).toBe(String(details.retryAfter))
})

test('a short JWT_SECRET works, and is warned of in one line', async () => {
  studio = await createHttpStudio('short')
  expect(studio.serverLog).toHaveLength(1)
  expect(JSON.parse(studio.serverLog[0] ?? '{}')).toMatchObject({
    level: 40,
    msg: 'JWT_SECRET is shorter than 32 bytes, so it can be guessed. Use a longer one where others can connect.',
  })
  expect(studio.serverLog[0]).not.toContain('"short"')
  const body = { email: 'person@example.org', password: 'correct horse' }
  const signed = await studio.call({ method: 'POST', path: '/api/auth/signup', body })
  const { access_token } = JSON.parse(signed.text)
  expect((await studio.call({ method: 'GET', path: '/api/projects' }, access_token)).status).toBe(200)
})
