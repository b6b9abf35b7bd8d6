import { type StatWatcher, unwatchFile, watchFile } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { AppError } from '@shared/app-error'
import { type SomeSettings, someSettings } from '@shared/domain/studio-settings'
import type { z } from 'zod'
import { writeWhole } from '../../whole-files'
import type { Watchable } from './server-status'

export interface SettingsState {
  readonly path: string
  readonly values: SomeSettings
  /** What is wrong with the file, in words; then `values` are those of the last time that it was right. */
  readonly problem: string | null
}

/** The settings as a file that people edit as well. */
export interface SettingsFile extends Watchable<SettingsState> {
  /** CONFLICT while the file cannot be read: it is never written over. UNAVAILABLE when it cannot be written. */
  change(settings: SomeSettings): Promise<void>
  close(): void
}

/** Milliseconds between two looks at the file: editors put another file in its place, which not every watcher sees. */
const lookEvery = 1_000

/** Reads the file now and whenever it changes. Without a file all settings are left out. */
export async function openSettingsFile(path: string): Promise<SettingsFile> {
  const receivers = new Set<(state: SettingsState) => void>()
  let state: SettingsState = await read(path, {})
  let writing: Promise<void> = Promise.resolve()

  function become(next: SettingsState): void {
    const isSame = next.problem === state.problem && JSON.stringify(next.values) === JSON.stringify(state.values)
    state = next
    if (!isSame) for (const receive of receivers) receive(state)
  }
  const watcher: StatWatcher = watchFile(path, { interval: lookEvery }, () => {
    void read(path, state.values).then(become)
  })
  watcher.unref()

  async function write(settings: SomeSettings): Promise<void> {
    // What was written since the last look is not lost.
    const current = await read(path, state.values)
    become(current)
    if (current.problem !== null)
      throw new AppError('CONFLICT', `${current.problem} Correct it first: it is not written over.`)
    const values = { ...current.values, ...settings }
    try {
      await writeWhole(path, `${JSON.stringify(values, null, 2)}\n`)
    } catch (error) {
      throw new AppError(
        'UNAVAILABLE',
        'settings.json could not be written. See whether the disk is full, and whether its folder can be written to.',
        { cause: error },
      )
    }
    become({ ...current, values })
  }

  return {
    get current() {
      return state
    },
    subscribe(receive) {
      receivers.add(receive)
      return () => receivers.delete(receive)
    },
    change(settings) {
      const done = writing.then(() => write(settings))
      writing = done.catch(() => undefined)
      return done
    },
    close: () => unwatchFile(path),
  }
}

async function read(path: string, before: SomeSettings): Promise<SettingsState> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return isMissing
      ? { path, values: {}, problem: null }
      : { path, values: before, problem: 'settings.json cannot be read. Look at its rights.' }
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return { path, values: before, problem: `settings.json is not JSON${placeOf(text, error)}.` }
  }
  const parsed = someSettings.safeParse(json)
  if (parsed.success) return { path, values: parsed.data, problem: null }
  return { path, values: before, problem: `settings.json: ${sentenceOf(parsed.error)}` }
}

function placeOf(text: string, error: unknown): string {
  const at = /position (\d+)/.exec(String(error))?.[1]
  return at === undefined ? '' : `: see line ${text.slice(0, Number(at)).split('\n').length}`
}

function sentenceOf(error: z.ZodError): string {
  const [issue] = error.issues
  if (!issue) return 'it has other settings than there are.'
  if (issue.code === 'unrecognized_keys') return `there is no setting "${issue.keys[0] ?? ''}".`
  return `"${issue.path.join('.')}" is not right: ${issue.message}.`
}
