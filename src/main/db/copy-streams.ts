import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { PoolClient } from 'pg'
import { from, to } from 'pg-copy-streams'
import { inlined, type SqlQuery } from './sql'

/** COPY takes no parameters, so its text has them written into it. Answers how many rows came. */
export async function copyIn(
  client: PoolClient,
  query: SqlQuery,
  source: AsyncIterable<string | Uint8Array>,
): Promise<number> {
  const stream = client.query(from(inlined(query).text))
  // A source that fails destroys the stream, which tells Postgres to give up.
  await pipeline(Readable.from(source, { objectMode: true, highWaterMark: 1 }), stream)
  return stream.rowCount ?? 0
}

/** Left in the middle of rows that nobody will read: it serves nobody any more. */
export function isSpoilt(client: PoolClient): boolean {
  return spoilt.has(client)
}

const spoilt = new WeakSet<PoolClient>()

/** Pieces of about 64 kB, no faster than they are taken. */
export async function* copyOut(client: PoolClient, query: SqlQuery): AsyncGenerator<Uint8Array> {
  const stream = client.query(to(inlined(query).text))
  let ended = false
  try {
    for await (const chunk of stream) yield chunk as Uint8Array
    ended = true
  } finally {
    if (!ended) {
      spoilt.add(client)
      stream.destroy()
    }
  }
}
