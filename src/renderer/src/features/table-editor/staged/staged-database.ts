import type { StagedPatch } from './staged-record'
import { readPatch, writePatch } from './staged-text'

/** A save that is on its way: sent again under the same key until it is answered, it is done once. */
export interface PendingSend {
  readonly key: string
  /** The call's input, letter by letter. */
  readonly batch: string
}

export interface StagedContents {
  readonly patch: StagedPatch
  readonly sends: readonly PendingSend[]
}

/** What keeps staged edits, as `Staging` needs it. */
export interface StagedStorage {
  /** False when the browser refused to keep something: then it is lost with the window. */
  readonly keeps: boolean
  onOther: ((patch: StagedPatch) => void) | null
  load(): Promise<StagedContents>
  append(patch: StagedPatch): Promise<void>
  begin(send: PendingSend): Promise<void>
  end(key: string, patch: StagedPatch): Promise<void>
}

/** Lines that are folded into one when a table is opened. */
const mostLines = 50

/**
 * The staged edits of a table (`scope`) in this browser's database: one line for each edit, in their order, and the saves
 * that were sent and not answered. A transaction that completed survives the end of every process.
 */
export class StagedDatabase implements StagedStorage {
  readonly #scope: string
  readonly #secret: ReadonlySet<string>
  readonly #channel: BroadcastChannel
  #opened: Promise<IDBDatabase> | null = null
  #keeps = true
  /** Another window of the same person has kept this. */
  onOther: ((patch: StagedPatch) => void) | null = null

  constructor(scope: string, secret: ReadonlySet<string>) {
    this.#scope = scope
    this.#secret = secret
    this.#channel = new BroadcastChannel(`tessera.staged ${scope}`)
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') this.onOther?.(readPatch(data))
    }
  }

  get keeps(): boolean {
    return this.#keeps
  }

  /** What is kept. Its many lines become one. */
  load(): Promise<StagedContents> {
    return this.#run({ patch: new Map(), sends: [] }, async (edits, sends) => {
      const lines = await this.#lines(edits)
      const patch = new Map(lines.flatMap(({ text }) => [...readPatch(text)]))
      for (const [id, entry] of patch) if (entry === null) patch.delete(id)
      if (lines.length > mostLines || (patch.size === 0 && lines.length > 0)) {
        for (const { place } of lines) edits.delete(place)
        if (patch.size > 0) edits.add({ scope: this.#scope, text: writePatch(patch, this.#secret) })
      }
      const found: unknown[] = await answer(sends.index('scope').getAll(this.#scope))
      return { patch, sends: found.filter(isSend) }
    })
  }

  async append(patch: StagedPatch): Promise<void> {
    const text = writePatch(patch, this.#secret)
    await this.#run(undefined, async (edits) => void edits.add({ scope: this.#scope, text }))
    this.#channel.postMessage(text)
  }

  /** Before a save is sent. */
  begin({ key, batch }: PendingSend): Promise<void> {
    return this.#run(undefined, async (_, sends) => void sends.put({ key, batch, scope: this.#scope }))
  }

  /** The save was answered: it and what it means for the edits are one step. */
  async end(key: string, patch: StagedPatch): Promise<void> {
    const text = writePatch(patch, this.#secret)
    await this.#run(undefined, async (edits, sends) => {
      sends.delete(key)
      edits.add({ scope: this.#scope, text })
    })
    this.#channel.postMessage(text)
  }

  async #lines(edits: IDBObjectStore): Promise<readonly { readonly place: IDBValidKey; readonly text: string }[]> {
    const index = edits.index('scope')
    const [places, values] = await Promise.all([
      answer(index.getAllKeys(this.#scope)),
      answer<unknown[]>(index.getAll(this.#scope)),
    ])
    return places.flatMap((place, at) => {
      const value = values[at]
      return isLine(value) ? [{ place, text: value.text }] : []
    })
  }

  /** A browser that keeps nothing (a private window, a full disk) is worked in all the same. */
  async #run<T>(otherwise: T, work: (edits: IDBObjectStore, sends: IDBObjectStore) => Promise<T>): Promise<T> {
    try {
      return await this.#transact(work)
    } catch {
      this.#keeps = false
      return otherwise
    }
  }

  async #transact<T>(work: (edits: IDBObjectStore, sends: IDBObjectStore) => Promise<T>): Promise<T> {
    this.#opened ??= openDatabase()
    const database = await this.#opened
    const transaction = database.transaction(['edits', 'sends'], 'readwrite', { durability: 'relaxed' })
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error)
    })
    const result = await work(transaction.objectStore('edits'), transaction.objectStore('sends'))
    await done
    return result
  }
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open('tessera.staged', 1)
  request.onupgradeneeded = () => {
    for (const store of [
      request.result.createObjectStore('edits', { autoIncrement: true }),
      request.result.createObjectStore('sends', { keyPath: 'key' }),
    ])
      store.createIndex('scope', 'scope')
  }
  return answer(request)
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function isLine(value: unknown): value is { readonly text: string } {
  return typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string'
}

function isSend(value: unknown): value is PendingSend {
  return (
    typeof value === 'object' &&
    value !== null &&
    'key' in value &&
    typeof value.key === 'string' &&
    'batch' in value &&
    typeof value.batch === 'string'
  )
}
