import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openSettingsFile } from '../../../src/main/features/host/settings-file'

let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-settings-'))
  path = join(folder, 'settings.json')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('settings are read at the start, written beside what is there, and followed', async () => {
  await writeFile(path, '{"theme": "dark"}')
  const file = await openSettingsFile(path)
  try {
    expect(file.current.values).toEqual({ theme: 'dark' })
    await Promise.all([file.change({ editorFontSize: 16 }), file.change({ gridDensity: 'tall' })])
    const now = { theme: 'dark', editorFontSize: 16, gridDensity: 'tall' }
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(now)

    const seen: unknown[] = []
    file.subscribe(({ values }) => seen.push(values))
    await writeFile(path, '{"theme": "light"}')
    await vi.waitFor(() => expect(seen).toContainEqual({ theme: 'light' }), { timeout: 20_000 })
  } finally {
    file.close()
  }
})

test('a file that is wrong is told of and never written over; what held before goes on', async () => {
  for (const [text, words] of [
    ['{"theme": "dark",\n', 'not JSON'],
    ['{"theme": "pink"}', '"theme"'],
    ['{"colour": 1}', 'no setting "colour"'],
    ['[]', 'settings.json'],
  ] as const) {
    await writeFile(path, text)
    const file = await openSettingsFile(path)
    try {
      expect(file.current.problem).toContain(words)
      await expect(file.change({ theme: 'light' })).rejects.toThrow('not written over')
      expect(await readFile(path, 'utf8')).toBe(text)
    } finally {
      file.close()
    }
  }
})
