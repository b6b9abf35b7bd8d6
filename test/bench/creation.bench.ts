import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedServer } from '../../src/main/db/embedded-server'
import { openFolder } from '../helpers/folder'
import { startServer } from '../helpers/server'
import { ms, percentile, timed } from './statistics'

export const name = 'One-click creation: project + database + users table, to the answered first records query'

/**
 * Over HTTP, as a program does it. The plain alternative is a physical database for each project: `create database`,
 * connect, `create table users`, first query.
 */
export async function run(print: (line: string) => void): Promise<void> {
  const folder = await openFolder()
  const server = await startServer(join(folder, 'studio'))
  try {
    const client = await signUp(server.url)
    await series(50, () => createAndQuery(client))
    const fresh = await series(200, () => createAndQuery(client))
    print(`200 in a row, studio empty:           p50 ${ms(percentile(fresh, 0.5))}, p95 ${ms(percentile(fresh, 0.95))}`)
    await series(750, () => createAndQuery(client))
    const later = await series(200, () => createAndQuery(client))
    print(`200 in a row, beside 1,000 projects:  p50 ${ms(percentile(later, 0.5))}, p95 ${ms(percentile(later, 0.95))}`)
    print(`with 1,000 projects / without (p95):  ${(percentile(later, 0.95) / percentile(fresh, 0.95)).toFixed(2)}`)
    const plain = await plainSeries(join(folder, 'plain'), 30)
    print(`a physical database each, 30 times:   p50 ${ms(percentile(plain, 0.5))}, p95 ${ms(percentile(plain, 0.95))}`)
    print(`studio / physical database (p50):     ${(percentile(fresh, 0.5) / percentile(plain, 0.5)).toFixed(2)}`)
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

type Post = (path: string, body: unknown) => Promise<Record<string, Record<string, string>>>

async function signUp(url: string): Promise<Post> {
  let token = ''
  const post: Post = async (path, body) => {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
  const { access_token } = await post('/api/auth/signup', { email: 'bench@example.com', password: 'correct horse' })
  token = String(access_token)
  return post
}

async function createAndQuery(post: Post): Promise<void> {
  const { project } = await post('/api/projects', { name: 'Bench' })
  const { database } = await post('/api/database/create', { projectId: project?.id })
  await post(`/api/database/${database?.id}/records/query`, { tableName: 'users' })
}

async function plainSeries(dataDir: string, times: number): Promise<readonly number[]> {
  const kept = new Map<string, string>()
  const server = await startEmbeddedServer({
    dataDir,
    secrets: { get: async (key) => kept.get(key) ?? null, set: async (key, value) => void kept.set(key, value) },
  })
  const admin = new pg.Client({ connectionString: server.adminUrl })
  await admin.connect()
  let number = 0
  try {
    return await series(times, async () => {
      const database = `plain_${number++}`
      await admin.query(`create database ${database}`)
      const url = new URL(server.adminUrl)
      url.pathname = `/${database}`
      const client = new pg.Client({ connectionString: url.href })
      await client.connect()
      await client.query(`create table users (id uuid primary key default gen_random_uuid(), email text unique not null,
        password_hash text not null, full_name text, avatar_url text,
        created_at timestamptz default now(), updated_at timestamptz default now())`)
      await client.query('select * from users order by id limit 100')
      await client.end()
    })
  } finally {
    await admin.end()
    await server.stop()
  }
}

async function series(times: number, work: () => Promise<void>): Promise<readonly number[]> {
  const measured: number[] = []
  for (let index = 0; index < times; index += 1) measured.push(await timed(work))
  return measured
}
