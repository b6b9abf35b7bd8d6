import type { Logger } from 'pino'
import type { StudioDatabase } from '../../db/database'

/**
 * Milliseconds between looks while logins are at work, and while none is. A schema edit gives up after 5 s, and who holds
 * it up is ended after 2, so both together must be less than 3.
 */
const pulse = 700
const rest = 2_000
/** Looks between two at which logins are put in order. */
const looksOfOrder = 30

export interface LoginWatch {
  close(): Promise<void>
}

/**
 * Looks after sessions that the studio did not open itself: those of psql can change their own timeouts. `opened` is null
 * while there is no database, which looking must not start.
 */
export function watchLogins(opened: () => StudioDatabase | null, logger: Logger): LoginWatch {
  let timer: NodeJS.Timeout | undefined
  let looks = 0
  let closed = false
  let looking = Promise.resolve()

  async function look(): Promise<void> {
    let busy = 0
    const db = opened()
    try {
      if (db !== null) {
        const found = await db.logins.endHogs()
        busy = found.busy
        if (found.ended > 0) logger.info({ ended: found.ended }, 'SQL sessions that held up others were ended')
        if (looks % looksOfOrder === 1) await db.logins.tidy()
        looks += 1
      }
    } catch (error) {
      // A database that is away is told of where somebody needs it.
      logger.debug({ err: error }, 'the SQL sessions were not looked at')
    }
    again(busy > 0 ? pulse : rest)
  }

  function again(milliseconds: number): void {
    if (closed) return
    timer = setTimeout(() => {
      looking = look()
    }, milliseconds)
    timer.unref()
  }

  again(rest)
  return {
    async close() {
      closed = true
      clearTimeout(timer)
      await looking
    },
  }
}
