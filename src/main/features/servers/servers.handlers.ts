import { AppError } from '@shared/app-error'
import type { HostSession, Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import type { OpenedStudioDatabase } from '../../db/open-studio-database'
import type { Procedures } from '../../rpc/implementer'
import { localOwner } from '../accounts/accounts.service'
import { accountOf, type SignInOptions } from '../accounts/sign-in'
import type { CopyDeps } from '../backups/copy-project.service'
import { progressStream } from '../transfers/progress-stream'
import { leaveOriginal, moveProject } from './move-project.service'
import type { Servers } from './servers.service'

export interface ServersAccess {
  readonly servers: Servers
  /** Connects to another server, and makes the studio's tables there; null is the built-in one. */
  readonly connect: (serverId: string | null) => Promise<OpenedStudioDatabase>
  /** The one that the studio works on. */
  readonly current: () => string | null
  /** Starts the studio anew, once the answer is out. */
  readonly restart: () => void
}

export interface ServersHandlersDeps extends Omit<CopyDeps, 'db' | 'principal'> {
  /** What is kept sealed is sealed with it. */
  readonly secret: string
  /** Null where DATABASE_URL says what the studio works on. */
  readonly access: ServersAccess | null
  readonly signIn: SignInOptions
}

export function createServersHandlers(
  { anytime: { servers }, signedIn }: Procedures,
  { access, signIn, spool, secret }: ServersHandlersDeps,
) {
  /** Whoever names a server has this machine connect to it, so only its own windows may. */
  function own(session: HostSession | null): ServersAccess {
    if (session === null)
      throw new AppError('FORBIDDEN', 'Servers are chosen in the windows of the studio, not over HTTP.')
    if (access === null)
      throw new AppError(
        'FORBIDDEN',
        'This studio was started with DATABASE_URL, which names its server. Start it without, to choose one here.',
      )
    return access
  }
  /** Databases that are copied elsewhere now: what is left of an earlier copy is none of those. Aborted: it ends. */
  const moving = new Map<string, AbortSignal>()
  /** NOT_FOUND for a database of others, before anything else is said. */
  const ownDatabase = (db: StudioDatabase, caller: Principal, databaseId: string) =>
    db.withDatabase(caller.account.id, databaseId, async (_, { id }) => id, { readOnly: true })

  return {
    list: servers.list.handler(async ({ context: { session } }) => {
      if (session !== null && access === null) return { servers: [], current: null, fixed: true }
      const { servers: known } = await own(session).servers.list()
      return { servers: [...known], current: own(session).current(), fixed: false }
    }),
    test: servers.test.handler(({ input, context: { session } }) => own(session).servers.test(input)),
    save: servers.save.handler(({ input, context: { session } }) => own(session).servers.save(input)),
    remove: servers.remove.handler(async ({ input, context: { session } }) => {
      await own(session).servers.remove(input.serverId)
      return {}
    }),
    use: servers.use.handler(async ({ input, context: { session } }) => {
      const { servers: known, restart } = own(session)
      await known.choose(input.serverId)
      restart()
      return {}
    }),
    move: signedIn.servers.move.handler(async ({ input, context: { db, caller, session }, signal }) => {
      const id = await ownDatabase(db, caller, input.databaseId)
      const { connect, current } = own(session)
      if (input.to === current()) throw new AppError('VALIDATION', 'The project is on this server already.')
      const running = moving.get(id)
      if (running !== undefined)
        throw new AppError(
          'CONFLICT',
          running.aborted
            ? 'The move that was cancelled is still being ended. Try again in a moment.'
            : 'The project is being moved already. Wait until that is done, or cancel it there.',
        )
      return progressStream(async (report, stop) => {
        moving.set(id, stop)
        report({ phase: 'connecting', rows: 0, part: null, table: null })
        let opened: OpenedStudioDatabase | undefined
        try {
          opened = await openUnless(stop, () => connect(input.to))
          const principal = opened.embedded
            ? await opened.db.withoutTenant((tx) => localOwner(tx))
            : await ownerThere(opened.db, input.account)
          return await moveProject(
            { db, principal: caller, spool, secret },
            id,
            { db: opened.db, principal, keepsBackups: opened.embedded },
            { signal: stop, report },
          )
        } finally {
          moving.delete(id)
          await opened?.close()
        }
      }, signal)
    }),
    leave: signedIn.servers.leave.handler(async ({ input, context: { db, caller: principal } }) => {
      await leaveOriginal({ db, principal, databaseId: input.databaseId })
      return {}
    }),
  }

  async function ownerThere(
    db: StudioDatabase,
    account: { readonly email: string; readonly password: string; readonly isNew: boolean } | null,
  ): Promise<Principal> {
    if (account === null)
      throw new AppError('VALIDATION', 'Say whose the project is on that server: sign in there, or make an account.')
    return { account: await accountOf(db, account, { userAgent: null, address: null }, signIn), sessionId: null }
  }
}

/** A server that does not answer is not waited for once the person gives up; one that answers later is closed. */
async function openUnless(stop: AbortSignal, open: () => Promise<OpenedStudioDatabase>): Promise<OpenedStudioDatabase> {
  const opening = open()
  const stopped = new Promise<never>((_, reject) => {
    const give = () => reject(new AppError('CANCELLED', 'The move was cancelled.'))
    if (stop.aborted) give()
    stop.addEventListener('abort', give, { once: true })
  })
  try {
    return await Promise.race([opening, stopped])
  } catch (error) {
    opening.then((late) => late.close()).catch(() => undefined)
    throw error
  }
}
