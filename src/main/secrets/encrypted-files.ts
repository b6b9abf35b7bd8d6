import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@shared/app-error'
import { isMissing, writeOnce, writeWhole } from '../whole-files'
import type { Keychain } from './keychain'

/**
 * One AES-256-GCM file for each secret, and the key beside them, readable by its owner only. It keeps secrets out of
 * backups and logs that take single files, not from somebody who can read the whole folder.
 */
export function openEncryptedFiles(folder: string): Keychain {
  let key: Promise<Buffer> | undefined
  const theKey = () => {
    key ??= readOrMakeKey(folder)
    return key
  }
  const pathOf = (service: string, account: string) =>
    join(folder, `${createHash('sha256').update(`${service}\n${account}`).digest('hex').slice(0, 32)}.secret`)

  return {
    async get(service, account) {
      try {
        return decrypt(await theKey(), await readFile(pathOf(service, account)), account)
      } catch (error) {
        if (isMissing(error)) return null
        throw error
      }
    },
    async set(service, account, secret) {
      await writeWhole(pathOf(service, account), encrypt(await theKey(), secret, account))
    },
    async delete(service, account) {
      await unlink(pathOf(service, account)).catch((error: unknown) => {
        if (!isMissing(error)) throw error
      })
    },
  }
}

async function readOrMakeKey(folder: string): Promise<Buffer> {
  const path = join(folder, 'key')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  try {
    return await readFile(path)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  await writeOnce(path, randomBytes(32))
  return readFile(path)
}

const ivLength = 12
const tagLength = 16

function encrypt(key: Buffer, text: string, account: string): Buffer {
  const iv = randomBytes(ivLength)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(account))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body])
}

function decrypt(key: Buffer, file: Buffer, account: string): string {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, file.subarray(0, ivLength))
      .setAAD(Buffer.from(account))
      .setAuthTag(file.subarray(ivLength, ivLength + tagLength))
    return decipher.update(file.subarray(ivLength + tagLength), undefined, 'utf8') + decipher.final('utf8')
  } catch (cause) {
    throw new AppError(
      'UNAVAILABLE',
      'A saved password of the studio cannot be read: the file, or the key beside it, was changed. Restore the folder from a backup.',
      { cause },
    )
  }
}
