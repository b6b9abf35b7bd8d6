import { AppError } from '@shared/app-error'
import {
  addUser,
  type CareCall,
  caring,
  changeUserBy,
  inviteUser,
  removeUser,
} from '../../features/end-users/care.service'
import { getUser, listUsers } from '../../features/end-users/end-users.service'
import { readJsonBody } from '../json-body'
import { adminUserBody, banEnd, emailBody, namesOf, read } from './auth-input'
import { type Asked, idOf, numberOf, redirectOf } from './auth-request'
import { json, type On, userBody } from './auth-shapes'

/** What a secret key of the project does with its people. */
export function adminCalls(on: On): void {
  on('GET', '/admin/users', 'secret', async (asked) => {
    const { c, auth } = asked
    const page = numberOf(c.req.query('page'), 1)
    const limit = Math.min(numberOf(c.req.query('per_page'), 50), 1000)
    const search = { offset: (page - 1) * limit, limit, search: undefined, state: 'all' } as const
    const { users, total } = await caring(auth, byKey(asked), (tx, database) => listUsers(tx, database, search), {
      readOnly: true,
    })
    return json({ users: users.map(userBody), aud: 'authenticated' }, { 'x-total-count': String(total) })
  })
  on('POST', '/admin/users', 'secret', async (asked) => {
    const { email, password, email_confirm, user_metadata } = read(adminUserBody, await bodyOf(asked))
    if (email === undefined) throw new AppError('VALIDATION', '"email": A user needs an e-mail address.')
    const given = { email, password, ...namesOf(user_metadata), isConfirmed: email_confirm === true }
    return json(userBody(await addUser(asked.auth, byKey(asked), given)))
  })
  on('GET', '/admin/users/:id', 'secret', async (asked) => json(userBody(await found(asked))))
  on('PUT', '/admin/users/:id', 'secret', async (asked) => {
    const { email, password, email_confirm, user_metadata, ban_duration } = read(adminUserBody, await bodyOf(asked))
    const bannedUntil = ban_duration === undefined ? undefined : banEnd(ban_duration, Date.now())
    const change = { email, password, ...namesOf(user_metadata), bannedUntil, isConfirmed: email_confirm === true }
    return json(userBody(await changeUserBy(asked.auth, byKey(asked), idOf(asked.c), change)))
  })
  on('DELETE', '/admin/users/:id', 'secret', async (asked) => {
    const user = await found(asked)
    await removeUser(asked.auth, byKey(asked), user.id)
    return json(userBody(user))
  })
  on('POST', '/invite', 'secret', async (asked) => {
    const { email, data } = read(emailBody, await bodyOf(asked))
    const given = { email, ...namesOf(data), redirectTo: redirectOf(asked.c) }
    return json(userBody((await inviteUser(asked.auth, byKey(asked), given)).user))
  })
}

function found(asked: Asked) {
  const id = idOf(asked.c)
  return caring(asked.auth, byKey(asked), (tx, database) => getUser(tx, database, id), { readOnly: true })
}

function byKey({ call: { at, baseUrl, signal } }: Asked): CareCall {
  const { accountId, databaseId } = at
  return {
    accountId,
    databaseId,
    baseUrl,
    signal,
    principal: {
      account: { id: accountId, email: '', created_at: '' },
      sessionId: null,
      actor: { id: accountId, name: 'A secret key' },
    },
  }
}

function bodyOf({ c }: Asked): Promise<unknown> {
  return readJsonBody(c.env.incoming)
}
