import { closedRules, rulesSentences } from '@shared/domain/access-rule'
import { expect, test } from 'vitest'

test('what is alike is said once', () => {
  expect(rulesSentences(closedRules)).toEqual([
    'Nobody may read, create, change or delete records; only a secret key may.',
  ])
  const own = { owner: 'user_id' }
  expect(rulesSentences({ select: 'public', insert: own, update: own, delete: 'none' })).toEqual([
    'Everybody may read every record.',
    'Everybody who is signed in may create and change records of their own (user_id).',
    'Nobody may delete records; only a secret key may.',
  ])
})
