import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/**
 * The store on a Citus server, as tables of its coordinator: the migrations do not distribute them. The keys would allow
 * it (tenant-keyed.test.ts), but Citus refuses, by its own source:
 * - the statements of the record service, which write record, keys and change log at once: "Router planner doesn't
 *   support INSERT common table expressions" (multi_router_planner.c); they would have to be several;
 * - writes through the views of studio_rows: "cannot modify views when the query contains citus tables" (the same file);
 *   the app would have to reach the relations themselves. INSTEAD OF functions, as the typed views have them, may write;
 * - policies that ask: "Subqueries are not supported in policies on distributed tables" (policy.c), and what asks within
 *   a function: "cannot execute a distributed query from a query on a shard" (multi_executor.c); a policy could only
 *   compare with the setting, which reaches the nodes by SET LOCAL and not by set_config (variableset.c).
 * And the coordinator speaks to the nodes as the current role, so studio_app and studio_store would need logins there.
 * What is about a server of our own, or takes minutes, is left out.
 */
const suite = readdirSync('test/db')
  .filter((name) => !/^(citus|migrate|embedded|replica|attack|crash|concurrency)/.test(name))
  .map((name) => `test/db/${name}`)

const url = process.env.CITUS_URL

if (!url) console.log('Citus: skipped, because CITUS_URL names no server (the superuser of its coordinator).')

test.skipIf(!url)('the suite of the store passes on the server of CITUS_URL', { timeout: 3_600_000 }, async () => {
  const run = promisify(execFile)(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--project', 'db', ...suite],
    {
      env: { ...process.env, TEST_POSTGRES_URL: url, CITUS_URL: '', VITEST: '' },
      maxBuffer: 100_000_000,
    },
  )
  const answer = await run.catch((error: Error & { stdout?: string }) => ({
    stdout: `${error.message}\n${error.stdout}`,
  }))
  expect(answer.stdout).toMatch(/Test Files\s+\d+ passed/)
  expect(answer.stdout).not.toContain('failed')
})
