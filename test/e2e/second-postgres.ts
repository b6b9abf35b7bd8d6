import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startChildProgram } from '../helpers/child-program'
import { openFolder } from '../helpers/folder'

export interface SecondPostgres {
  /** As its admin. */
  readonly url: string
  stop(): Promise<void>
}

/** Another Postgres beside the embedded one: the same program, in a process and a folder of its own. */
export async function startSecondPostgres(): Promise<SecondPostgres> {
  const folder = await openFolder()
  const program = await startChildProgram(['serve', folder, join(folder, 'secrets.json')])
  const { adminUrl }: { adminUrl: string } = JSON.parse(await program.line())
  let stopped: Promise<void> | undefined
  return {
    url: adminUrl,
    stop() {
      stopped ??= (async () => {
        program.process.stdin?.end()
        await program.ended()
        await rm(folder, { recursive: true, force: true })
      })()
      return stopped
    },
  }
}
