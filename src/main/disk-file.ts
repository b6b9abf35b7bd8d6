import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { AppError } from '@shared/app-error'

/** A file that is written from its beginning. When the disk is full, the next write says so. */
export class DiskFile {
  readonly #stream: WriteStream
  #failure: unknown = null

  constructor(path: string) {
    this.#stream = createWriteStream(path, { mode: 0o600 })
    // A stream that fails while nobody waits for it ends the process.
    this.#stream.on('error', (error) => {
      this.#failure = error
    })
  }

  /** Undefined where there is room for more at once, as there mostly is. */
  write(text: string): Promise<void> | undefined {
    if (this.#failure !== null) throw asDiskError(this.#failure)
    return this.#stream.write(text) ? undefined : this.#settled('drain')
  }

  /** All of it is on the disk. */
  async close(): Promise<void> {
    this.#stream.end()
    if (!this.#stream.closed) await this.#settled('close')
    if (this.#failure !== null) throw asDiskError(this.#failure)
  }

  /** Nobody wants it any more. */
  destroy(): void {
    this.#stream.destroy()
  }

  async #settled(event: 'drain' | 'close'): Promise<void> {
    await once(this.#stream, event).catch((error: unknown) => {
      throw asDiskError(error)
    })
  }
}

export function asDiskError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error
  return new AppError('UNAVAILABLE', 'The disk of the studio is full. Free some space there and try again.', {
    cause: error,
  })
}
