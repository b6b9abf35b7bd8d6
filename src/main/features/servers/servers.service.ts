import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@shared/app-error'
import { type Server, type ServerFacts, server, type TlsMode } from '@shared/contract/servers.contract'
import { z } from 'zod'
import { isMissing, writeWhole } from '../../whole-files'
import { plainUrl, shownOf, urlWithTls } from './server-url'

/** Where connection strings are kept: the keychain, or encrypted files. */
export interface UrlStore {
  get(name: string): Promise<string | null>
  set(name: string, value: string): Promise<void>
  delete(name: string): Promise<void>
}

/** As a person gives it; what is left out is taken from the server of that id. */
export interface ServerInput {
  readonly serverId?: string | undefined
  readonly url?: string | undefined
  readonly tls: TlsMode
  readonly certificate?: string | null | undefined
}

/** The servers that a studio knows beside its built-in one. */
export interface Servers {
  list(): Promise<{ readonly servers: readonly Server[]; readonly current: string | null }>
  test(input: ServerInput): Promise<ServerFacts>
  /** Tries it first: one that cannot be used is not kept. */
  save(input: ServerInput & { readonly name: string }): Promise<{ server: Server; facts: ServerFacts }>
  remove(id: string): Promise<void>
  /** The connection string with all that pg needs. NOT_FOUND when there is no such server. */
  urlOf(id: string): Promise<string>
  /** The one that the studio works on from its next start; null is the built-in one. */
  choose(id: string | null): Promise<void>
}

const kept = z.object({ current: z.guid().nullable(), servers: z.array(server) })
type Kept = z.infer<typeof kept>

/** `servers.json` holds what may be read by anybody; connection strings, with their passwords, are in `urls`. */
export function openServers(dataDir: string, urls: UrlStore): Servers {
  const path = join(dataDir, 'servers.json')
  const certificates = join(dataDir, 'certificates')
  const certificateOf = (id: string) => join(certificates, `${id}.pem`)
  let last: Promise<unknown> = Promise.resolve()
  /** One after the other: each reads what the one before it has written. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }

  async function read(): Promise<Kept> {
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (error) {
      if (isMissing(error)) return { current: null, servers: [] }
      throw error
    }
    const parsed = kept.safeParse(asJson(text))
    if (parsed.success) return parsed.data
    throw new AppError(
      'UNAVAILABLE',
      `The list of servers cannot be read: ${path} was changed. Correct it, or delete it.`,
    )
  }

  async function write(next: Kept): Promise<void> {
    await mkdir(dataDir, { recursive: true })
    await writeWhole(path, `${JSON.stringify(next, null, 2)}\n`)
  }

  /** What would be kept of the input, with the strings to keep and to connect with. */
  async function resolve({ serverId, url, tls, certificate }: ServerInput, known: Kept) {
    const before = serverId === undefined ? undefined : find(known, serverId)
    const id = before?.id ?? randomUUID()
    const text = url ?? (before && (await urls.get(secretOf(id))))
    if (!text) throw new AppError('VALIDATION', 'Paste the connection string of the server.')
    const plain = plainUrl(text)
    const pem =
      tls !== 'verified' ? null : certificate === undefined ? await readPem(before) : certificate?.trim() || null
    if (pem !== null && !/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(pem))
      throw new AppError('VALIDATION', 'This is no certificate. It begins with -----BEGIN CERTIFICATE-----.')
    return { id, plain, pem }
  }

  async function readPem(before: Server | undefined): Promise<string | null> {
    return before?.certificate === true ? readFile(certificateOf(before.id), 'utf8') : null
  }

  /** pg takes a certificate as a file only. */
  async function probe({ plain, pem }: { readonly plain: string; readonly pem: string | null }, tls: TlsMode) {
    const { probeServer } = await import('../../db/probe-server')
    if (pem === null) return probeServer(urlWithTls(plain, tls, null))
    const file = certificateOf(randomUUID())
    await mkdir(certificates, { recursive: true, mode: 0o700 })
    await writeWhole(file, pem)
    try {
      return await probeServer(urlWithTls(plain, tls, file))
    } finally {
      await rm(file, { force: true })
    }
  }

  return {
    list: read,
    async test(input) {
      return probe(await resolve(input, await read()), input.tls)
    },
    save: (input) =>
      inTurn(async () => {
        const known = await read()
        const { id, plain, pem } = await resolve(input, known)
        const twin = known.servers.find((one) => one.id !== id && one.name === input.name)
        if (twin)
          throw new AppError('CONFLICT', `There is a server "${twin.name}" already. Give this one another name.`)
        const facts = await probe({ plain, pem }, input.tls)
        const made = { id, name: input.name, ...shownOf(plain), tls: input.tls, certificate: pem !== null }
        if (pem === null) await rm(certificateOf(id), { force: true })
        else {
          await mkdir(certificates, { recursive: true, mode: 0o700 })
          await writeWhole(certificateOf(id), pem)
        }
        await urls.set(secretOf(id), plain)
        const others = known.servers.filter((one) => one.id !== id)
        await write({ ...known, servers: [...others, made].sort((a, b) => a.name.localeCompare(b.name, 'en')) })
        return { server: made, facts }
      }),
    remove: (id) =>
      inTurn(async () => {
        const known = await read()
        const found = find(known, id)
        if (known.current === found.id)
          throw new AppError('CONFLICT', 'The studio works on this server. Switch to another one first.')
        await write({ ...known, servers: known.servers.filter((one) => one.id !== found.id) })
        await urls.delete(secretOf(found.id))
        await rm(certificateOf(found.id), { force: true })
      }),
    async urlOf(id) {
      const { tls, certificate, name, ...found } = find(await read(), id)
      const url = await urls.get(secretOf(found.id))
      if (url === null)
        throw new AppError(
          'UNAVAILABLE',
          `The connection string of "${name}" is not in this system's keychain any more. Edit the server and paste it again.`,
        )
      return urlWithTls(url, tls, certificate ? certificateOf(found.id) : null)
    },
    choose: (id) =>
      inTurn(async () => {
        const known = await read()
        await write({ ...known, current: id === null ? null : find(known, id).id })
      }),
  }
}

function find(known: Kept, id: string): Server {
  const found = known.servers.find((one) => one.id === id.toLowerCase())
  if (!found) throw new AppError('NOT_FOUND', 'There is no such server in the list. It may have been removed.')
  return found
}

function secretOf(id: string): string {
  return `server.${id}`
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
