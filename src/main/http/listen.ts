import type { Server } from 'node:http'
import { type Config, ConfigError } from '../config'

/** The usual port: a browser keeps cookies and settings by origin, and the port is part of it. */
const usualPort = 4780

/** Answers the port. Nobody asked for the usual one, so when it is taken any other will do. */
export async function listen(server: Server, { host, port }: Pick<Config, 'host' | 'port'>): Promise<number> {
  try {
    return await listenOn(server, host, port ?? usualPort)
  } catch (error) {
    if (port === null && codeOf(error) === 'EADDRINUSE') return listenOn(server, host, 0)
    throw explained(error, host, port ?? usualPort)
  }
}

function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function explained(error: unknown, host: string, port: number): unknown {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new ConfigError(
        `Port ${port} is taken by another program. Choose another with PORT, or 0 for any free one.`,
      )
    case 'EACCES':
      return new ConfigError(`Port ${port} may not be used by this user. Choose one above 1023 with PORT.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConfigError(`HOST is "${host}", which is no address of this machine. Leave it out to use 127.0.0.1.`)
    default:
      return error
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
