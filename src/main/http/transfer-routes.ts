import type { HttpBindings } from '@hono/node-server'
import { AppError } from '@shared/app-error'
import type { ExportFormat } from '@shared/contract/transfers.contract'
import { type Context, Hono } from 'hono'
import type { z } from 'zod'
import type { App } from '../app'
import type { Principal } from '../context'
import { toAppError } from '../rpc/wire-error'
import { exportQuery, importQuery } from './transfer-queries'

type NodeContext = Context<{ Bindings: HttpBindings }>

export interface TransferRoutes {
  readonly principal: (c: NodeContext) => Promise<Principal | null>
  readonly cancelled: (c: NodeContext) => AbortSignal
}

/** The two calls whose bodies are files of any length, so they are no procedures: they stream both ways. */
export function createTransferRoutes(
  app: App,
  { principal, cancelled }: TransferRoutes,
): Hono<{ Bindings: HttpBindings }> {
  const routes = new Hono<{ Bindings: HttpBindings }>()

  routes.get('/api/database/:databaseId/export', (c) =>
    answered(
      app,
      c,
      async (caller, signal) => {
        const { format, table } = readQuery(exportQuery, c)
        return exportResponse(app, caller, c, { format, table, signal })
      },
      { principal, cancelled },
    ),
  )

  routes.post('/api/database/:databaseId/import', (c) =>
    answered(
      app,
      c,
      async (caller, signal) => {
        const query = readQuery(importQuery, c)
        const { incoming } = c.env
        const encoding = incoming.headers['content-encoding']
        if (encoding !== undefined && encoding !== 'identity')
          throw new AppError('VALIDATION', 'Compressed bodies are not read here. Send the file as it is.')
        const result = await app.transfers.importStream(caller, {
          databaseId: c.req.param('databaseId') ?? '',
          body: incoming,
          table: query.table,
          mode: query.mode,
          key: query.key?.split(',').map((one) => one.trim()) ?? [],
          onReject: query.on_error,
          options: {
            format: query.format,
            ...(query.delimiter !== undefined && { delimiter: query.delimiter }),
            ...(query.encoding !== undefined && { encoding: query.encoding }),
            ...(query.header !== undefined && { header: query.header === 'true' }),
            ...(query.sheet !== undefined && { sheet: query.sheet }),
          },
          signal,
        })
        const { inserted, updated, rejected, rejectedCount, done, notes, tables } = result
        if (!done)
          throw new AppError('CONSTRAINT', `Nothing was imported: ${counted(rejectedCount)} cannot be.`, {
            details: { inserted: 0, rejected, rejectedCount },
          })
        return Response.json({
          inserted,
          rejected,
          updated,
          rejectedCount,
          notes,
          tables: tables.map((one) => ({ ...one })),
        })
      },
      { principal, cancelled },
    ),
  )
  return routes
}

async function answered(
  app: App,
  c: NodeContext,
  work: (caller: Principal, signal: AbortSignal) => Promise<Response>,
  { principal, cancelled }: TransferRoutes,
): Promise<Response> {
  const signal = cancelled(c)
  try {
    const caller = await principal(c)
    if (caller === null) throw new AppError('UNAUTHENTICATED', 'Sign in first: this call needs an account.')
    return await work(caller, signal)
  } catch (error) {
    throw toAppError(error, { logger: app.logger, call: c.req.path, signal })
  }
}

/** The answer begins with the first byte; what fails after it breaks the connection, so that no part passes for the whole. */
async function exportResponse(
  app: App,
  caller: Principal,
  c: NodeContext,
  {
    format,
    table,
    signal,
  }: { readonly format: ExportFormat; readonly table: string | undefined; readonly signal: AbortSignal },
): Promise<Response> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(
    undefined,
    { highWaterMark: 1 },
    { highWaterMark: 4 },
  )
  const writer = writable.getWriter()
  return new Promise((resolve, reject) => {
    app.transfers
      .exportStream(caller, {
        databaseId: c.req.param('databaseId') ?? '',
        format,
        scope: table === undefined ? { kind: 'database' } : { kind: 'records', table },
        signal,
        begin: ({ name: file, type }) => {
          resolve(
            new Response(readable, {
              headers: {
                'content-type': type,
                'content-disposition': `attachment; filename="${file}"`,
                'cache-control': 'no-store',
              },
            }),
          )
          return async (chunk) => {
            await writer.ready
            await writer.write(chunk)
          }
        },
      })
      .then(
        () => writer.close(),
        (error: unknown) => {
          if (!signal.aborted) app.logger.warn({ err: error }, 'export')
          reject(error)
          return writer.abort(error)
        },
      )
      .catch(() => undefined)
  })
}

function readQuery<T>(schema: z.ZodType<T>, c: NodeContext): T {
  const parsed = schema.safeParse(c.req.query())
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  const [first] = issues
  throw new AppError(
    'VALIDATION',
    first ? (first.path === '' ? first.message : `"${first.path}": ${first.message}`) : 'The address is not complete.',
    {
      details: { issues },
    },
  )
}

function counted(count: number): string {
  return count === 1 ? '1 record' : `${count.toLocaleString('en')} records`
}
