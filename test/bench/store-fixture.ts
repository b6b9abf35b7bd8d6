import { createRouterClient } from '@orpc/server'
import { pino } from 'pino'
import { type App, createApp } from '../../src/main/app'
import { readConfig } from '../../src/main/config'
import type { Principal } from '../../src/main/context'
import type { DatabaseRow, StudioDatabase } from '../../src/main/db/database'
import { localOwner } from '../../src/main/features/accounts/accounts.service'
import { createSecrets } from '../../src/main/secrets/secrets'
import { openFolder } from '../helpers/folder'
import type { Client } from '../helpers/test-studio'

export interface BenchStudio {
  readonly app: App
  readonly client: Client
  readonly principal: Principal
  readonly accountId: string
  /** A new project's database. */
  makeDatabase(name: string): Promise<DatabaseRow>
}

/** The studio over a database that is open, as its owner at the window. */
export async function openBenchStudio(db: StudioDatabase): Promise<BenchStudio> {
  const dataDir = await openFolder()
  const config = readConfig({ flags: [], environment: { TESSERA_DATA_DIR: dataDir } })
  const app = await createApp(config, {
    host: 'web',
    logger: pino({ level: 'warn' }, { write: (line) => void process.stderr.write(line) }),
    secrets: createSecrets({ dataDir, keychain: async () => null }),
    bcryptCost: 4,
    openDatabase: async () => ({
      db,
      embedded: true,
      version: db.version,
      address: '127.0.0.1:5432/bench',
      revive: async () => undefined,
      close: async () => undefined,
    }),
  })
  await app.ready()
  const session = app.openSession({ read: async () => null, write: async () => undefined })
  const client = createRouterClient(app.router, {
    context: { principal: () => session.principal(), session, userAgent: 'bench', address: null },
  })
  const principal = await db.withoutTenant(localOwner)
  const accountId = principal.account.id
  return {
    app,
    client,
    principal,
    accountId,
    async makeDatabase(name) {
      const { project } = await client.projects.create({ name })
      const { database } = await client.databases.create({ projectId: project.id })
      return db.withDatabase(accountId, database.id, async (_tx, row) => row)
    },
  }
}

export const contactColumns = [
  { name: 'name', type: 'text' },
  { name: 'email', type: 'text', unique: true, required: true },
  { name: 'age', type: 'integer' },
  { name: 'city', type: 'text' },
  { name: 'balance', type: 'numeric(12,2)' },
  { name: 'seen', type: 'timestamptz' },
  { name: 'note', type: 'text' },
]

export const callColumns = [
  { name: 'contact', type: 'uuid', references: { table: 'contacts', column: 'id', on_delete: 'cascade' as const } },
  { name: 'minutes', type: 'integer' },
]

/** The same tables without the studio, with the same indexes. */
export const nativeTables = `
  create schema plain;
  create table plain.contacts (id uuid primary key, name text, email text not null unique, age integer, city text,
    balance numeric(12,2), seen timestamptz, note text, created_at timestamptz default now(), updated_at timestamptz default now());
  create index contacts_city_seen on plain.contacts (city, seen);
  create table plain.calls (id uuid primary key, contact uuid references plain.contacts on delete cascade, minutes integer,
    created_at timestamptz default now(), updated_at timestamptz default now());
  create index calls_contact on plain.calls (contact);
  grant usage on schema plain to public;
  grant select, insert, update, delete on all tables in schema plain to public`

export interface Contact {
  readonly [column: string]: string | number | null
  readonly id: string
}

/** The n-th of 100,000, the same in both tables. */
export function contact(n: number, id: string): Contact {
  return {
    id,
    name: `Contact ${(n * 7919) % 100_000}`,
    email: `contact${n}@example.org`,
    age: n % 90,
    city: `city ${n % 200}`,
    balance: `${n}.50`,
    seen: new Date(1_700_000_000_000 + ((n * 104_729) % 100_000) * 60_000).toISOString(),
    note: n % 3 === 0 ? 'Called on Monday, asked to be called again' : null,
  }
}
