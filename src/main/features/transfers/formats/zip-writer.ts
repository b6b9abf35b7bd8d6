import { Zip, ZipDeflate } from 'fflate'

type Write = (chunk: Uint8Array) => Promise<void>

export interface ZipWriter {
  entry(name: string): { readonly write: Write; readonly end: () => Promise<void> }
  end(): Promise<void>
}

/** A zip file that is written while its entries come. */
export function createZip(sink: Write): ZipWriter {
  let made: Uint8Array[] = []
  let failure: Error | null = null
  const zip = new Zip((error, chunk) => {
    if (error) failure = error
    else made.push(chunk)
  })
  const flush = async (): Promise<void> => {
    if (failure) throw failure
    const chunks = made
    made = []
    for (const chunk of chunks) if (chunk.length > 0) await sink(chunk)
  }
  return {
    entry(name) {
      const entry = new ZipDeflate(name, { level: 6 })
      zip.add(entry)
      return {
        async write(chunk) {
          entry.push(chunk)
          await flush()
        },
        async end() {
          entry.push(new Uint8Array(0), true)
          await flush()
        },
      }
    },
    async end() {
      zip.end()
      await flush()
    },
  }
}
