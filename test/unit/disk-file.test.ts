import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DiskFile } from '../../src/main/disk-file'
import { RejectLog } from '../../src/main/features/transfers/rejects'
import { createSpool } from '../../src/main/features/transfers/spool'

/** Linux has a file on a disk that is always full. */
const full = '/dev/full'
const isFull = { code: 'UNAVAILABLE', message: expect.stringContaining('The disk of the studio is full') }
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-disk-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a file has what was written to it', async () => {
  const file = new DiskFile(join(folder, 'lines'))
  for (let line = 0; line < 50_000; line++) await file.write(`${line}\n`)
  await file.close()
  expect((await readFile(join(folder, 'lines'), 'utf8')).split('\n')).toHaveLength(50_001)
})

test.skipIf(process.platform !== 'linux')(
  'a full disk is told where it is written to, and ends nothing else',
  async () => {
    const file = new DiskFile(full)
    const writing = async () => {
      for (;;) await file.write('line\n')
    }
    await expect(writing()).rejects.toMatchObject(isFull)
    await expect(file.close()).rejects.toMatchObject(isFull)

    const rejects = new RejectLog(full, ['name'])
    await rejects.add({ line: 2, column: 'name', reason: 'It is wrong.' }, ['x'])
    await expect(rejects.close()).rejects.toMatchObject(isFull)

    const spool = createSpool(join(folder, 'spool'))
    const made = await spool.create('somebody', 'somewhere', 'big.csv')
    await expect(spool.append({ ...made, path: full }, 0, Buffer.alloc(1024))).rejects.toMatchObject(isFull)
    // What did not come through can be sent again.
    expect(await spool.append(made, 0, Buffer.from('abc'))).toBe(3)
    await spool.close()
  },
)
