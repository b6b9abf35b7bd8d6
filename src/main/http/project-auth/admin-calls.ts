import { AppError } from '@shared/app-error'
import {
  addUser,
  type CareCall,
  caring,
  changeUserBy,
  inviteUser,
  makeLink,
  removeUser,
} from '../../features/end-users/care.service'
import { getUser, listUsers } from '../../features/end-users/end-users.service'
import { readJsonBody } from '../json-body'
import { adminUserBody, banEnd, emailBody, linkBody, namesOf, read } from './auth-input'
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
    const last = Math.max(1, Math.ceil(total / limit))
    const links = [...(page < last ? [linkTo(page + 1, limit, 'next')] : []), linkTo(last, limit, 'last')]
    const pages = { 'x-total-count': String(total), link: links.join(', ') }
    return json({ users: users.map(userBody), aud: 'authenticated' }, pages)
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
  on('POST', '/admin/generate_link', 'secret', async (asked) => {
    const { type, email, password, data } = read(linkBody, await bodyOf(asked))
    const redirectTo = redirectOf(asked.c)
    const given = { purpose: type, email, password, ...namesOf(data), redirectTo }
    const { user, link, mailed } = await makeLink(asked.auth, byKey(asked), given)
    return json({
      ...userBody(user),
      action_link: link,
      email_otp: mailed.code,
      hashed_token: mailed.token,
      verification_type: type,
      redirect_to: redirectTo ?? '',
    })
  })
  on('POST', '/invite', 'secret', async (asked) => {
    const { email, data } = read(emailBody, await bodyOf(asked))
    const given = { email, ...namesOf(data), redirectTo: redirectOf(asked.c) }
    return json(userBody((await inviteUser(asked.auth, byKey(asked), given)).user))
  })
}

/** As the official client reads it (RFC 8288). */
function linkTo(page: number, limit: number, rel: 'next' | 'last'): string {
  return `</admin/users?page=${page}&per_page=${limit}>; rel="${rel}"`
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
