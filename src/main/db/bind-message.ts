const execute = Buffer.from([0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0])

/** A statement that is there already, and what its parameters are: texts, bytes, and null for NULL. */
export interface BoundStatement {
  readonly name: string
  readonly values: readonly (string | Buffer | null)[]
}

/**
 * Bind and Execute of each, as one piece of bytes (postgresql.org/docs/current/protocol-message-formats.html). The driver
 * writes each message by itself, which costs as much as all else it does for a short statement.
 */
export function bindMessages(statements: readonly BoundStatement[]): Buffer {
  const sized = statements.map((statement) => ({ ...statement, length: bindLength(statement) }))
  const total = sized.reduce((sum, { length }) => sum + 1 + length + execute.length, 0)
  const bytes = Buffer.allocUnsafe(total)
  let at = 0
  for (const { name, values, length } of sized) {
    bytes[at] = 0x42
    at = bytes.writeInt32BE(length, at + 1)
    // The portal without a name.
    bytes[at++] = 0
    at += bytes.write(name, at)
    bytes[at++] = 0
    // All parameters are text.
    at = bytes.writeInt16BE(0, at)
    at = bytes.writeInt16BE(values.length, at)
    for (const value of values) {
      if (value === null) {
        at = bytes.writeInt32BE(-1, at)
        continue
      }
      const start = at + 4
      at = start + (typeof value === 'string' ? bytes.write(value, start) : value.copy(bytes, start))
      bytes.writeInt32BE(at - start, start - 4)
    }
    // So are all results.
    at = bytes.writeInt16BE(0, at)
    at += execute.copy(bytes, at)
  }
  return bytes
}

/** Without the letter of the message, with the number itself. */
function bindLength({ name, values }: BoundStatement): number {
  let length = 4 + 1 + Buffer.byteLength(name) + 1 + 2 + 2 + 2
  for (const value of values)
    length += 4 + (value === null ? 0 : typeof value === 'string' ? Buffer.byteLength(value) : value.length)
  return length
}
