import { DatabaseError, type Pool, type PoolClient } from 'pg'

/** Milliseconds between two looks. */
export const longestSilence = 10_000

/**
 * Ends a lent connection once its server no longer answers others either. A network that dies without closing anything
 * raises no error for as long as TCP is patient, a quarter of an hour and more; a statement, though, may take as long as
 * it likes. Call the answer when the connection has gone back.
 */
export function watchSilence(client: PoolClient, control: Pool, pause: number): () => void {
  let isOver = false
  let misses = 0
  let timer = setTimeout(look, pause)

  async function look(): Promise<void> {
    // One miss may be a connection that died while nobody used it.
    misses = (await answers(control)) ? 0 : misses + 1
    if (isOver) return
    if (misses < 2) timer = setTimeout(look, pause)
    else endNow(client)
  }

  return () => {
    isOver = true
    clearTimeout(timer)
  }
}

/** In the time that the pool gives to connect and to ask. A server that refuses does answer. */
async function answers(control: Pool): Promise<boolean> {
  try {
    await control.query('select')
    return true
  } catch (error) {
    return error instanceof DatabaseError
  }
}

/** What runs on it fails at once. */
function endNow(client: PoolClient): void {
  if ('end' in client && typeof client.end === 'function') client.end()
}
