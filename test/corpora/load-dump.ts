import type { Client } from 'pg'

/** What psql does with a dump: its statements, and the lines after each `copy ... from stdin`. */
export async function loadDump(client: Client, dump: string): Promise<void> {
  const copy = /^(COPY [^;]+ FROM stdin;)\n([\s\S]*?)^\\\.$/gim
  let end = 0
  for (const match of dump.matchAll(copy)) {
    await runText(client, dump.slice(end, match.index))
    await copyIn(client, match[1] ?? '', match[2] ?? '')
    end = match.index + match[0].length
  }
  await runText(client, dump.slice(end))
}

async function runText(client: Client, text: string): Promise<void> {
  // Newer pg_dumps begin and end with words for psql itself.
  const statements = text.replace(/^\\(?:un)?restrict .*$/gm, '')
  if (statements.trim() !== '') await client.query(statements)
}

/** `copy ... from stdin` with its lines, in the protocol of Postgres. */
export function copyIn(client: Client, text: string, lines: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: Error | null = null
    const submittable = {
      submit: (connection: CopyConnection) => connection.query(text),
      handleCopyInResponse(connection: CopyConnection) {
        connection.sendCopyFromChunk(Buffer.from(lines))
        connection.endCopyFrom()
      },
      handleError(error: Error) {
        failure = error
      },
      handleReadyForQuery: () => (failure === null ? resolve() : reject(failure)),
      handleCommandComplete: () => undefined,
    }
    client.query(submittable as never)
  })
}

interface CopyConnection {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}
