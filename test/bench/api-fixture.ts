import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Call } from './http-load'

const records = 20_000
const statuses = ['open', 'done', 'late', 'gone', 'new']

export type Calls = () => Call

/** Each with its calls of the studio, and those of the bare server. */
export function operations(app: StudioApp, ids: readonly string[]): readonly (readonly [string, Calls, Calls])[] {
  const { items, headers } = app
  const id = () => ids[Math.floor(Math.random() * ids.length)] ?? ''
  const status = () => statuses[Math.floor(Math.random() * statuses.length)] ?? ''
  const changed = () => ({ n: Math.floor(Math.random() * 1000), status: status() })
  return [
    [
      'get by id',
      () => ({ method: 'GET', path: `${items}?id=eq.${id()}`, headers }),
      () => ({ method: 'GET', path: `/items/${id()}` }),
    ],
    [
      'page of 50, filtered and sorted',
      () => ({ method: 'GET', path: `${items}?status=eq.${status()}&order=n.desc&limit=50`, headers }),
      () => ({ method: 'GET', path: `/items/?status=${status()}` }),
    ],
    [
      'insert',
      () => ({ method: 'POST', path: items, headers, body: newItem() }),
      () => ({ method: 'POST', path: '/items/', body: newItem() }),
    ],
    [
      'update',
      () => ({ method: 'PATCH', path: `${items}?id=eq.${id()}`, headers, body: changed() }),
      () => ({ method: 'PATCH', path: `/items/${id()}`, body: changed() }),
    ],
  ]
}

export interface StudioApp {
  readonly items: string
  readonly headers: Readonly<Record<string, string>>
  readonly signIn: Calls
}

function newItem() {
  const n = Math.floor(Math.random() * 1000)
  return {
    title: `Item ${n}`,
    status: statuses[n % statuses.length],
    n,
    amount: `${n}.50`,
    meta: { colour: 'red', size: n },
  }
}

export async function fillNative(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`create table items (
      id uuid primary key default gen_random_uuid(), title text not null, status text, n integer, amount numeric(10,2),
      meta jsonb, created_at timestamptz not null default now(), updated_at timestamptz not null default now());
    insert into items (title, status, n, amount, meta)
      select 'Item ' || i, (array['${statuses.join("','")}'])[1 + i % 5], (i * 7919) % 1000, i % 1000 + 0.5,
        jsonb_build_object('colour', 'red', 'size', i) from generate_series(1, ${records}) i;
    create index on items (status, n);
    analyze items`)
  const { rows } = await client.query<{ id: string }>('select id from items limit 5000')
  await client.end()
  return rows.map(({ id }) => id)
}

/** The same table and the same records, through the API alone. */
export async function fillStudio(url: string, ids: readonly string[]): Promise<StudioApp> {
  const person = { email: `${randomUUID()}@example.org`, password: 'correct horse battery' }
  const { access_token } = await ask(url, 'POST', '/api/auth/signup', {}, person)
  const bearer = { authorization: `Bearer ${access_token}` }
  const { project } = await ask(url, 'POST', '/api/projects', bearer, { name: 'Bench' })
  const { database } = await ask(url, 'POST', '/api/database/create', bearer, { projectId: project.id })
  const place = `/api/database/${database.id}`
  const columns = [
    { name: 'title', type: 'text', required: true },
    { name: 'status', type: 'text' },
    { name: 'n', type: 'integer' },
    { name: 'amount', type: 'numeric(10,2)' },
    { name: 'meta', type: 'jsonb' },
  ]
  const { table } = await ask(url, 'POST', `${place}/tables/create`, bearer, { schemaJson: { name: 'items', columns } })
  const { secret } = await ask(url, 'POST', `${place}/keys`, bearer, { name: 'bench', kind: 'secret' })
  const rules = { select: 'public', insert: 'public', update: 'public', delete: 'none' }
  await ask(url, 'PUT', `${place}/tables/${table.id}/rules`, bearer, rules)
  const items = `/p/${database.ref}/rest/v1/items`
  for (let first = 0; first < records; first += 1000)
    await ask(
      url,
      'POST',
      items,
      { apikey: secret },
      Array.from({ length: 1000 }, (_, index) => {
        const id = ids[first + index]
        return { ...(id === undefined ? { id: randomUUID() } : { id }), ...newItem() }
      }),
    )
  await ask(url, 'POST', `${place}/tables/${table.id}/indexes`, bearer, { columns: ['status', 'n'] })
  await untilReady(url, `${place}/tables/${table.id}/indexes`, bearer)
  const key = await ask(url, 'POST', `${place}/keys`, bearer, { name: 'web', kind: 'publishable' })
  const people = Array.from({ length: 100 }, (_, index) => `person${index}@example.org`)
  const headers = { apikey: key.secret, authorization: `Bearer ${key.secret}` }
  const password = 'correct horse battery'
  for (const email of people) {
    const made = { email, password, email_confirm: true }
    await ask(url, 'POST', `/p/${database.ref}/auth/v1/admin/users`, { apikey: secret }, made)
  }
  let next = 0
  const signIn = (): Call => ({
    method: 'POST',
    path: `/p/${database.ref}/auth/v1/token?grant_type=password`,
    headers,
    body: { email: people[next++ % people.length], password },
  })
  return { items, headers, signIn }
}

async function untilReady(url: string, path: string, headers: Readonly<Record<string, string>>): Promise<void> {
  for (;;) {
    const { indexes, storage } = await ask(url, 'GET', path, headers)
    const isBuilt = indexes.every(({ state }: { state: string }) => state === 'ready')
    if (storage.tier === 'dedicated' && storage.moving === null && isBuilt) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what each call answers is said where it is used
async function ask(url: string, method: string, path: string, headers: object, body?: unknown): Promise<any> {
  const answer = await fetch(url + path, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return text === '' ? null : JSON.parse(text)
}
