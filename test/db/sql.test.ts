import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin } from '../helpers/database'
import { createTestProject, type TestProject } from '../helpers/test-project'
import { failureOf } from '../helpers/test-studio'

let project: TestProject

beforeAll(async () => {
  project = await createTestProject()
  const { studio, databaseId } = project
  const [row] = await asAdmin(studio.adminUrl, 'select schema_name from studio.project_databases where id = $1', [databaseId])
  console.log(await asAdmin(studio.adminUrl, `select relname, relkind from pg_class where relnamespace = $1::regnamespace`, [String(row?.schema_name)]).catch(e=>e.message))
})
afterAll(() => project.close())

function run(query: string, more: object = {}) {
  return project.tenant.client.sql.run({ databaseId: project.databaseId, query, ...more })
}

describe('x', () => {
  test('y', async () => {
    console.log(JSON.stringify(await run(`select 1 as a, 9007199254740993 as b, 1.50 as c, now()::timestamptz(3) as d, '{"a":1}'::jsonb j, '{"a":12345678901234567890}'::jsonb k, array['a',null,'NULL'], 'x'::varchar(20), true, null; select current_user, current_schema`)))
    console.log(JSON.stringify(await run(`select * from users`)))
    console.log(JSON.stringify(await run(`insert into users (email, full_name, password_hash) values ('a@b.c', 'Ann', '$2b$04$7EqJtq98hPqEX7fNZaFWoOhi5BWX4Z1rNmzcfrWkBTEq5tJMP0Yfu') returning *; select count(*) from users`)))
    console.log(JSON.stringify(await run(`select generate_series(1, 1000000000) g`, { limit: 3 })))
    console.log(await failureOf(run(`select * from generate_series(1, 1000000000) g order by g desc`, { timeoutMs: 300 })))
    console.log(await failureOf(run(`select 1;\nselect * from usrs`)))
    console.log(await failureOf(run(`select nam from users`)))
    console.log(await failureOf(run(`select 1 frm users`)))
    console.log(await failureOf(run(`create table x()`)))
    console.log(await failureOf(run(`begin`)))
    console.log(JSON.stringify(await run(`select u.full_name, count(*) from users u group by u.id`)))
    console.log(JSON.stringify(await run(`select * from users`, {explain: true})))
  })
})
