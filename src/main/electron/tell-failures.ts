import { dialog, app as electron } from 'electron'
import type { Logger } from 'pino'
import { withoutHidden } from '../secrets/hidden-texts'

/**
 * What nothing caught is logged and told, without secrets: by itself Electron would write it down as it is. No reporter
 * of crashes is started, so nothing of the memory is written to a file or sent.
 */
export function tellFailures(logger: Logger): void {
  let isTold = false
  process.on('uncaughtException', (thrown: unknown) => {
    const error = errorOf(thrown)
    logger.fatal({ err: error }, 'uncaught')
    if (isTold || !electron.isReady()) return
    isTold = true
    dialog
      .showMessageBox({
        type: 'error',
        title: 'Tessera Studio',
        message:
          'A part of Tessera Studio failed. What was saved is safe. If something does not answer, quit and start again.',
        detail: withoutHidden(error.message),
        buttons: ['Go on', 'Quit'],
        defaultId: 0,
        cancelId: 0,
      })
      .then(({ response }) => {
        isTold = false
        if (response === 1) electron.quit()
      })
      .catch(() => undefined)
  })
  process.on('unhandledRejection', (thrown: unknown) => {
    logger.error({ err: errorOf(thrown) }, 'not awaited')
  })
}

function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
