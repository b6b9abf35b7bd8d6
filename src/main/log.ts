// Before pino, which uses it while it is loaded.
import './tracing-channel'

import { type DestinationStream, destination, type Logger, pino, stdSerializers } from 'pino'
import type { LogLevel } from './config'
import { withoutHidden } from './secrets/hidden-texts'

/** Fields whose values never reach a log, wherever they stand up to two levels deep. */
const secretFields = [
  'password',
  'password_hash',
  'secret',
  'key',
  'apiKey',
  'token',
  'access_token',
  'refresh_token',
  'authorization',
  'cookie',
  'connectionString',
  'databaseUrl',
  'replicaUrls',
]

/** To standard error: standard output is for the one line that says where the server listens. */
export function createLogger(level: LogLevel, stream: DestinationStream = destination(2)): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '(not logged)' },
      serializers: { err: errorForLog },
    },
    // The last gate: whatever a message, an error or a field of anybody's holds, its line passes here.
    { write: (line) => stream.write(withoutHidden(line)) },
  )
}

/** Errors of the database carry the values of the statement (`detail`, `where`, `parameters`); these stay out. */
function errorForLog(error: Error): object {
  const { type, message, stack } = stdSerializers.err(error)
  const code = 'code' in error ? { code: error.code } : {}
  return { type, message, stack, ...code }
}
