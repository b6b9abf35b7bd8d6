import diagnostics from 'node:diagnostics_channel'

/**
 * pino 10 makes a tracing channel when it is loaded, which Node has since 18.19 (nodejs.org/api/diagnostics_channel.html);
 * the Node inside Electron 25 is older. Nobody listens to that channel here, so one without subscribers will do.
 */
const older: { tracingChannel?: unknown } = diagnostics
older.tracingChannel ??= () => ({ hasSubscribers: false })
