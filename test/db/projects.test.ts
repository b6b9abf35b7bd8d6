import { afterAll, beforeAll, expect, test } from 'vitest'
import { emptyBin } from '../../src/main/features/projects/empty-bin'
import { asAdmin } from '../helpers/database'
import { createTestStudio, failureOf, signUpTenant, type Tenant, type TestStudio } from '../helpers/test-studio'

let studio: TestStudio
let ada: Tenant
beforeAll(async () => {
  studio = await createTestStudio()
  ada = await signUpTenant(studio, 'ada@example.org')
})
afterAll(() => studio.close())

test('a project is made, renamed, binned and brought back', async () => {
  const { project } = await ada.client.projects.create({ name: '  Shop  ', description: 'What we sell' })
  expect(project).toMatchObject({
    name: 'Shop',
    description: 'What we sell',
    database_id: null,
    deleted_at: null,
    days_left: null,
  })
  const { id: projectId } = project
  expect(await ada.client.projects.get({ projectId })).toEqual({ project })

  const renamed = await ada.client.projects.update({ projectId, name: 'Store', description: null })
  expect(renamed.project).toEqual({ ...project, name: 'Store', description: null })
  expect((await ada.client.projects.update({ projectId })).project).toEqual(renamed.project)

  const binned = await ada.client.projects.delete({ projectId })
  expect(binned.project.days_left).toBe(30)
  expect(binned.project.deleted_at).not.toBeNull()
  expect((await ada.client.projects.list()).projects).toEqual([])
  expect(await ada.client.projects.list({ deleted: true })).toEqual({ projects: [binned.project] })
  for (const call of [
    () => ada.client.projects.get({ projectId }),
    () => ada.client.projects.update({ projectId, name: 'x' }),
    () => ada.client.projects.delete({ projectId }),
    () => ada.client.databases.create({ projectId }),
  ])
    expect((await failureOf(call())).code).toBe('NOT_FOUND')

  const { project: restored } = await ada.client.projects.restore({ projectId })
  expect(restored).toEqual(renamed.project)
  expect(await ada.client.projects.restore({ projectId })).toEqual({ project: restored })
  expect(await ada.client.projects.list()).toEqual({ projects: [restored] })
})

test('the newest project comes first, with its database', async () => {
  const bob = await signUpTenant(studio, 'bob@example.org')
  const { project: first } = await bob.client.projects.create({ name: 'First' })
  await bob.client.projects.create({ name: 'Second' })
  const { database } = await bob.client.databases.create({ projectId: first.id })
  const { projects } = await bob.client.projects.list({})
  expect(projects.map(({ name, database_id }) => ({ name, database_id }))).toEqual([
    { name: 'Second', database_id: null },
    { name: 'First', database_id: database.id },
  ])
})

test('names are one to a hundred characters, of any script, and never only blanks', async () => {
  for (const name of ['', '   ', 'x'.repeat(101)])
    expect((await failureOf(ada.client.projects.create({ name }))).code).toBe('VALIDATION')
  for (const name of ['日本語', "Robert'); drop table studio.projects; --", '🙂'.repeat(50)]) {
    const { project } = await ada.client.projects.create({ name })
    expect((await ada.client.projects.get({ projectId: project.id })).project.name).toBe(name)
  }
})

test('a character that Postgres cannot hold is refused, not a failure', async () => {
  expect((await failureOf(ada.client.projects.create({ name: 'a\0b' }))).code).toBe('VALIDATION')
})

test('the bin counts its days down and is emptied after thirty', async () => {
  const carol = await signUpTenant(studio, 'carol@example.org')
  const binned = async (name: string, age: string) => {
    const { project } = await carol.client.projects.create({ name })
    await carol.client.databases.create({ projectId: project.id })
    await asAdmin(
      studio.adminUrl,
      `insert into studio.api_requests (project_id, at, method, path, status, ms) values ($1, now(), 'GET', '/', 200, 1)`,
      [project.id],
    )
    await carol.client.projects.delete({ projectId: project.id })
    await asAdmin(studio.adminUrl, 'update studio.projects set deleted_at = now() - $2::interval where id = $1', [
      project.id,
      age,
    ])
    return project.id
  }
  const old = await binned('Old', '30 days 1 minute')
  await binned('Late', '29 days 23 hours')
  await binned('Young', '26 hours')
  const left = async () =>
    (await carol.client.projects.list({ deleted: true })).projects.map(({ name, days_left }) => [name, days_left])
  expect(await left()).toEqual([
    ['Young', 29],
    ['Late', 1],
    ['Old', 0],
  ])
  expect(await emptyBin(studio.db)).toEqual({ projects: 1, tables: 0 })
  expect(await left()).toEqual([
    ['Young', 29],
    ['Late', 1],
  ])
  expect((await failureOf(carol.client.projects.restore({ projectId: old }))).code).toBe('NOT_FOUND')
  for (const table of ['project_tables', 'audit', 'api_requests']) {
    const rest = await asAdmin(studio.adminUrl, `select 1 from studio.${table} where project_id = $1`, [old])
    expect(rest).toEqual([])
  }
  expect(await emptyBin(studio.db)).toEqual({ projects: 0, tables: 0 })
})

test('a project that was in the bin while databases were brought up to date is, when it is back', async () => {
  const { client } = await signUpTenant(studio, 'late@example.org')
  const { project } = await client.projects.create({ name: 'Late' })
  const { database } = await client.databases.create({ projectId: project.id })
  const [{ schema_name: name } = {}] = await asAdmin(
    studio.adminUrl,
    `update studio.project_databases set has_views = false where id = $1 returning schema_name`,
    [database.id],
  )
  await client.projects.delete({ projectId: project.id })
  await asAdmin(studio.adminUrl, `drop schema "${name}" cascade`)
  await client.projects.restore({ projectId: project.id })
  expect(await asAdmin(studio.adminUrl, `select * from "${name}".users`)).toEqual([])
  await client.projects.restore({ projectId: project.id })
})
