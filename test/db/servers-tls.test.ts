import { execFile, execFileSync } from 'node:child_process'
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { serverUser } from '../../src/main/db/embedded/server-user'
import { openServers, type Servers } from '../../src/main/features/servers/servers.service'
import { asAdmin } from '../helpers/database'
import { type DebianServers, debianBinaries, debianServers, hasDebianPostgres } from '../helpers/debian-postgres'

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'])
    return true
  } catch {
    return false
  }
})()

/** A certificate that its own key has signed, for the address and no name. */
describe.runIf(hasDebianPostgres && hasOpenssl)(`a server with TLS (needs ${debianBinaries} and openssl)`, () => {
  let cluster: DebianServers
  let folder: string
  let url: string
  let certificate: string
  let servers: Servers

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tessera-tls-'))
    cluster = await debianServers()
    const { superUrl, port } = await cluster.create()
    url = `postgres://postgres@127.0.0.1:${port}/postgres`
    const [{ directory } = { directory: '' }] = await asAdmin(
      superUrl,
      "select current_setting('data_directory') as directory",
    )
    const key = join(String(directory), 'server.key')
    const file = join(String(directory), 'server.crt')
    const subject = ['-subj', '/CN=the database', '-addext', 'subjectAltName=IP:127.0.0.1']
    await promisify(execFile)('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-keyout', key, '-out', file, ...subject],
    ])
    certificate = await readFile(file, 'utf8')
    const user = await serverUser()
    if (user !== null) for (const path of [key, file]) await chown(path, user.uid, user.gid)
    await asAdmin(superUrl, 'alter system set ssl = on')
    await asAdmin(superUrl, 'select pg_reload_conf()')
    const secrets = new Map<string, string>()
    servers = openServers(folder, {
      get: async (name) => secrets.get(name) ?? null,
      set: async (name, value) => void secrets.set(name, value),
      delete: async (name) => void secrets.delete(name),
    })
    // It takes a moment to read its settings again.
    await vi.waitFor(() => servers.test({ url, tls: 'encrypted' }), { timeout: 20_000, interval: 100 })
  })
  afterAll(async () => {
    await cluster.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('is encrypted without a look at its certificate where that was chosen', async () => {
    const facts = await servers.test({ url: `${url}?sslmode=disable`, tls: 'encrypted' })
    expect(facts).toMatchObject({ version: expect.stringMatching(/^15\./), tls: expect.stringMatching(/^TLSv1/) })
    expect(await servers.test({ url, tls: 'off' })).toMatchObject({ tls: null })
  })

  test('is trusted by the certificate that is given, which is kept for later', async () => {
    await expect(servers.test({ url, tls: 'verified' })).rejects.toThrow('signed by nobody that this machine knows')
    const { server } = await servers.save({ name: 'Team', url, tls: 'verified', certificate })
    expect(server).toMatchObject({ tls: 'verified', certificate: true })
    expect(
      await asAdmin(await servers.urlOf(server.id), 'select ssl from pg_stat_ssl where pid = pg_backend_pid()'),
    ).toEqual([{ ssl: true }])
    expect(await servers.test({ serverId: server.id, tls: 'verified' })).toMatchObject({ studio: 'none' })
    await expect(servers.test({ serverId: server.id, tls: 'verified', certificate: null })).rejects.toThrow(
      'signed by nobody',
    )
    // The same certificate by a name that it is not for.
    await expect(
      servers.test({ url: url.replace('127.0.0.1', 'localhost'), tls: 'verified', certificate }),
    ).rejects.toThrow('is for another host name')
  })

  test('that takes encrypted connections only says so', async () => {
    const [{ file } = { file: '' }] = await asAdmin(url, "select current_setting('hba_file') as file")
    await asAdmin(url, `copy (select 'hostssl all all 127.0.0.1/32 trust') to ${quoted(String(file))}`)
    await asAdmin(url, 'select pg_reload_conf()')
    await expect
      .poll(() => servers.test({ url, tls: 'off' }).then(() => 'let in', String))
      .toContain('Turn TLS on for it.')
    expect(await servers.test({ url, tls: 'encrypted' })).toMatchObject({ tls: expect.stringMatching(/^TLSv1/) })
  })
})

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
