import type pg from 'pg'
import { withServer } from './bench-server'
import { median, ms, timed } from './statistics'
import { figures, ratio, takeTurns } from './take-turns'

export const name = 'The physical table of a dedicated table: plain columns, or a document with generated columns'

const total = 100_000
const batch = 10_000

/** One table of 100,000 records in both layouts, and one table behind views with and without a barrier. */
export async function run(print: (line: string) => void): Promise<void> {
  await withServer(async (client) => {
    await client.query(setup)
    await layouts(client, print)
    await barriers(client, print)
  })
}

const documentOf = `jsonb_build_object('name', 'Contact ' || n, 'email', 'contact' || n || '@example.org',
  'age', n % 90, 'city', 'city ' || n % 20, 'balance', (n || '.50'), 'note', case when n % 3 = 0 then 'Called on Monday, asked to be called again' end,
  'seen', to_char(timestamptz '2024-01-01' + n * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))`

const columns = `name text, email text, age integer, city text, balance numeric(12,2), note text, seen timestamptz`

// A cast from text to timestamptz reads the session's settings, so a generated column takes it behind a function only.
const setup = `
  create table plain (id uuid primary key, revision integer not null default 1, ${columns});
  create function moment(value text) returns timestamptz language sql immutable as $$ select value::timestamptz $$;
  create table document (id uuid primary key, revision integer not null default 1, data jsonb not null,
    name text generated always as (data ->> 'name') stored,
    email text generated always as (data ->> 'email') stored,
    age integer generated always as ((data ->> 'age')::integer) stored,
    city text generated always as (data ->> 'city') stored,
    balance numeric(12,2) generated always as ((data ->> 'balance')::numeric(12,2)) stored,
    note text generated always as (data ->> 'note') stored,
    seen timestamptz generated always as (moment(data ->> 'seen')) stored);
  create unique index plain_email on plain (email);
  create unique index document_email on document (email);
  create index plain_balance on plain (balance);
  create index document_balance on document (balance)`

async function layouts(client: pg.Client, print: (line: string) => void): Promise<void> {
  const load = { plain: [] as number[], document: [] as number[] }
  for (let from = 0; from < total; from += batch) {
    const made = await client.query(
      `select jsonb_agg(jsonb_build_object('id', gen_random_uuid(), 'data', ${documentOf}))::text as records
       from generate_series($1::int, $1::int + $2::int - 1) n`,
      [from, batch],
    )
    const { records } = made.rows[0]
    load.plain.push(
      await timed(() =>
        client.query(
          `insert into plain (id, name, email, age, city, balance, note, seen)
           select new.id, d.* from jsonb_to_recordset($1::jsonb) as new (id uuid, data jsonb),
             jsonb_to_record(new.data) as d (${columns})`,
          [records],
        ),
      ),
    )
    load.document.push(
      await timed(() =>
        client.query(
          `insert into document (id, data) select new.id, new.data
           from jsonb_to_recordset($1::jsonb) as new (id uuid, data jsonb)`,
          [records],
        ),
      ),
    )
  }
  await client.query('vacuum analyze')
  const sum = (times: readonly number[]) => times.reduce((all, time) => all + time, 0)
  line(print, 'load of 100,000', ms(sum(load.plain)), ms(sum(load.document)), sum(load.document) / sum(load.plain))

  const bytes = await client.query(`select pg_table_size('plain') as plain, pg_table_size('document') as document`)
  const { plain, document } = bytes.rows[0]
  line(print, 'bytes of the table', mb(plain), mb(document), Number(document) / Number(plain))

  const ids: readonly { plain: string; document: string }[] = (
    await client.query(
      `select p.id as plain, d.id as document from plain p join document d using (email) order by random() limit 500`,
    )
  ).rows
  const cases: readonly (readonly [
    string,
    number,
    (round: number) => Promise<unknown>,
    (round: number) => Promise<unknown>,
  ])[] = [
    [
      'read by key',
      300,
      (round) => client.query('select * from plain where id = $1', [ids[round]?.plain]),
      (round) => client.query('select id, revision, data from document where id = $1', [ids[round]?.document]),
    ],
    [
      'aggregate by city',
      20,
      () => client.query('select city, count(*), sum(balance), max(seen) from plain group by city'),
      () => client.query('select city, count(*), sum(balance), max(seen) from document group by city'),
    ],
    [
      'update of one value',
      300,
      (round) =>
        client.query('update plain set age = $2, revision = revision + 1 where id = $1', [ids[round]?.plain, round]),
      (round) =>
        client.query(
          `update document set data = data || jsonb_build_object('age', $2::int), revision = revision + 1 where id = $1`,
          [ids[round]?.document, round],
        ),
    ],
    [
      'update of 10,000',
      5,
      () => client.query(`update plain set age = age + 1 where city in ('city 3', 'city 4')`),
      () =>
        client.query(
          `update document set data = jsonb_set(data, '{age}', to_jsonb(age + 1)) where city in ('city 3', 'city 4')`,
        ),
    ],
  ]
  for (const [title, rounds, ours, theirs] of cases) {
    const times = await takeTurns({ ours, theirs }, { rounds, warm: rounds > 100 ? 10 : 2 })
    const [a, b] = [median(times.ours), median(times.theirs)]
    line(print, title, ms(a), ms(b), b / a)
  }
  const added = {
    plain: await timed(() => client.query('alter table plain add column phone text')),
    document: await timed(() =>
      client.query(`alter table document add column phone text generated always as (data ->> 'phone') stored`),
    ),
  }
  line(print, 'add a column', ms(added.plain), ms(added.document), added.document / added.plain)
}

/** A table of one tenant needs no barrier: all its rows are the reader's own. What one would cost: */
async function barriers(client: pg.Client, print: (line: string) => void): Promise<void> {
  await client.query(`
    create table calls (id uuid primary key default gen_random_uuid(), email text, minutes integer);
    insert into calls (email, minutes) select 'contact' || n || '@example.org', n % 60 from generate_series(0, 49999) n;
    create index calls_email on calls (email);
    create view plain_contacts as select * from plain where (select true);
    create view barred_contacts with (security_barrier) as select * from plain where (select true);
    create view plain_calls as select * from calls where (select true);
    create view barred_calls with (security_barrier) as select * from calls where (select true)`)
  await client.query('vacuum analyze')
  const texts: readonly (readonly [string, number, string])[] = [
    [
      'join of 50 by key',
      100,
      `select a.name, b.minutes from {}_contacts a join {}_calls b using (email) where a.email like 'contact777%' limit 50`,
    ],
    [
      'join, aggregate',
      15,
      `select a.city, sum(b.minutes) from {}_contacts a join {}_calls b using (email) group by a.city`,
    ],
    ['numeric filter', 100, 'select * from {}_contacts where balance between 500 and 520'],
    ['page by numeric', 100, 'select * from {}_contacts where balance > 90000 order by balance limit 50'],
  ]
  for (const [title, rounds, text] of texts) {
    const way = (view: string) => () => client.query(text.replaceAll('{}', view))
    const bare = () => client.query(text.replaceAll('{}_contacts', 'plain').replaceAll('{}_calls', 'calls'))
    const times = await takeTurns({ bare, plain: way('plain'), barred: way('barred') }, { rounds, warm: 5 })
    print(
      `${title.padEnd(20)} table ${figures(times.bare)}, view ${ratio(times.plain, times.bare)} times, barrier ${ratio(times.barred, times.bare)} times`,
    )
  }
}

function line(print: (line: string) => void, title: string, ours: string, theirs: string, factor: number): void {
  print(`${title.padEnd(20)} columns ${ours.padStart(9)}   document ${theirs.padStart(9)}   ${factor.toFixed(2)} times`)
}

function mb(bytes: string): string {
  return `${(Number(bytes) / 1e6).toFixed(1)} MB`
}
