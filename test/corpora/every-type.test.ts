import { goldTests } from './gold-tests'

/** Every type with its edges, NULLs between them, and names that are words of SQL. */
const tables = `
  create table "user" (id integer primary key, "group" text not null unique, "order" smallint, "end" date);
  insert into "user" select n, 'group ' || n, case when n % 3 > 0 then n - 8 end, date '2024-02-25' + n from generate_series(1, 20) n;
  create table every (
    n integer primary key, s smallint, i integer, b bigint, dec numeric, money numeric(20,4), r real, d double precision,
    t text, v varchar(20), yes boolean, day date, clock time, local timestamp, moment timestamptz, span interval, u uuid,
    j jsonb, bytes bytea, ints integer[], words text[], nums numeric[], moments timestamptz[], "user" integer references "user" (id));
  insert into every select n,
    case when n % 7 > 0 then n * 500 - 15000 end, case when n % 5 > 0 then n * 35791394 end,
    case when n % 4 > 0 then n * 153722867280912930 end, case when n % 6 > 0 then n / 7.0 * (10 ^ (n % 9))::numeric end,
    case when n % 5 > 0 then (n - 30) * 1234567.8901 end, case when n % 6 > 0 then n * 1.1 end,
    case when n % 7 > 0 then exp(n - 30) end, case when n % 8 > 0 then chr(64 + n % 26) || repeat(chr(224 + n), n % 5) || n % 3 end,
    case when n % 4 > 0 then 'Word ' || n % 6 end, case when n % 3 > 0 then n % 2 = 0 end,
    case when n % 5 > 0 then date '1999-12-01' + n * 97 end, case when n % 6 > 0 then time '00:00' + n * interval '1423.000417 s' end,
    case when n % 4 > 0 then timestamp '2024-03-30 22:59:59.999999' + n * interval '1 hour 1.000001 s' end,
    case when n % 7 > 0 then timestamptz '2024-03-30 22:59:59.123456+00' + n * interval '1 day 1 hour' end,
    case when n % 5 > 0 then make_interval(months => n % 14, days => n - 30, secs => n * 1000.5) end,
    case when n % 6 > 0 then md5(n::text)::uuid end,
    case when n % 4 > 0 then jsonb_build_object('n', n, 'tags', jsonb_build_array(n % 3, 'x', null), 'deep', jsonb_build_object('k', n / 8.0::double precision), 'null', null) end,
    case when n % 5 > 0 then decode(md5(n::text), 'hex') end, case when n % 3 > 0 then array[n, null, -n] when n % 6 = 0 then '{}' end,
    case when n % 4 > 0 then array['a"b', 'c,d', '{' || n || '}', null, ''] end, case when n % 5 > 0 then array[n / 3.0, 1e20] end,
    case when n % 6 > 0 then array[timestamptz '2024-01-01' + n * interval '1 s', null] end, case when n % 3 > 0 then n % 20 + 1 end
  from generate_series(1, 60) n;
  insert into every (n, s, i, b, dec, r, d, t, day, clock, local, moment, span, j, bytes, words) values
    (101, -32768, -2147483648, -9223372036854775808, 'NaN', 'NaN', '-Infinity', '', '0001-01-01', '00:00', '0001-01-01', '0001-01-01 00:00+00', '-178000000 years', '[]', '', '{}'),
    (102, 32767, 2147483647, 9223372036854775807, 99999999999999999999999999999999999999.99999999999999999999, '3.4e38', '1.7976931348623157e308', E'\\\\ \\' " \\t \\n \\u2028 😀', '9999-12-31', '24:00', '9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.999999+00', '178000000 years -1 day 00:00:00.000001', '{"a": 1e30}', '\\x00ff', '{NULL}'),
    (103, 0, 0, 0, 1.50, '1e-38', '5e-324', 'null', '2024-02-29', '23:59:59.999999', '2024-02-29 12:00', '2024-02-29 12:00+05:30', '-1 mon +1 day -00:00:01', '"text"', '\\x', '{"null"}'),
    (104, 0, 0, 0, 1.5000, '0', '-1.5', ' ', '2000-01-01', '12:00', '2000-01-01', '2000-01-01 00:00-08', '24:00:00', 'false', '\\x5c', '{" "}'),
    (105, 1, 1, 1, 1e-20, '1', '1', 'É', '2000-01-01', '12:00', '2000-01-01', '2000-01-01 08:00+00', '1 day', '123.5', '\\xde', '{é}');
  create table pairs (a integer, b text, "select" numeric(6,2) default 0, primary key (a, b), unique ("select", b));
  insert into pairs select n % 5, 'b' || n, n / 10.0 from generate_series(1, 50) n`

const columns = `n s i b dec money r d t v yes day clock local moment span u j bytes ints words nums moments`.split(' ')
const ordered = columns.filter((name) => !['j'].includes(name))
const ranges = [
  ['s', '> 100'],
  ['i', 'between -5 and 2000000000'],
  ['b', '= 9223372036854775807'],
  ['dec', '= 1.5'],
  ['dec', "= 'NaN'"],
  ['money', '< -1000.5'],
  ['r', '= 1.1::real'],
  ['d', '>= 1e10'],
  ['t', "like 'A%'"],
  ['t', "> 'É'"],
  ['v', "in ('Word 1', 'Word 5')"],
  ['yes', 'is not true'],
  ['day', "between '2000-01-01' and '2005-06-30'"],
  ['clock', ">= '12:00'"],
  ['clock', "= '24:00'"],
  ['local', "< '2024-04-01'"],
  ['moment', "= '2000-01-01 08:00:00+00'"],
  ['moment', "> timestamptz '2024-04-15 00:00 Europe/Berlin'"],
  ['span', "= '1 day'"],
  ['span', "> '3 months'"],
  ['u', "> '80000000-0000-0000-0000-000000000000'"],
  ['j', '@> \'{"tags": ["x"]}\''],
  ['j', "= 'false'"],
  ['bytes', "> '\\x80'"],
  ['ints', '@> array[7]'],
  ['ints', "= '{}'"],
  ['words', "&& array['', 'zz']"],
  ['nums', '> array[5.0]'],
  ['moments', "< array[timestamptz '2024-01-01 00:00:30']"],
] as const

const queries = [
  'select * from every order by n',
  ...ordered.map((name) => `select n, ${name} from every order by ${name}, n`),
  ...ordered.map((name) => `select n, ${name} from every order by ${name} desc nulls last, n desc limit 20`),
  // 24 hours and 1 day are equal, and so are 1.5 and 1.50: which of them stands for the group depends on the order of the rows.
  ...columns.map(
    (name) =>
      `select ${['span', 'dec'].includes(name) ? 'max(n)' : name}, count(*) from every group by ${name} order by count(*) desc`,
  ),
  ...columns.map(
    (name) => `select count(${name}), count(distinct ${name}), count(*) filter (where ${name} is null) from every`,
  ),
  ...columns.map((name) => `select n as at, ${name}::text, pg_typeof(${name})::text from every order by at`),
  ...columns.map(
    (name) => `select a.n, b.n from every a join every b on a.${name} = b.${name} and a.n < b.n order by 1, 2`,
  ),
  ...['s', 'i', 'b', 'dec', 'money', 'r', 'd', 'span'].map(
    (name) => `select sum(${name}), avg(${name}) from every where n <= 60`,
  ),
  ...ordered
    .filter((name) => !['yes', 'u'].includes(name))
    .map((name) => `select min(${name}), max(${name}) from every where n <= 60`),
  ...ranges.map(([name, condition]) => `select n from every where ${name} ${condition} order by n`),
  `select n, j -> 'tags' ->> 1, j #>> '{deep,k}', j ? 'null', jsonb_typeof(j), j ->> 'n' from every order by n`,
  `select n, ints[1], array_length(words, 1), ints || n, words[3], cardinality(nums) from every order by n`,
  `select n, e from every, unnest(ints) e where n < 9 order by n, e nulls first`,
  `select n, extract(epoch from moment), moment at time zone 'Asia/Tokyo', local + span, day + clock, date_trunc('month', local), justify_interval(span) from every where n <= 60 order by n`,
  `select n, encode(bytes, 'base64'), length(bytes), get_byte(bytes, 0) from every where length(bytes) > 0 order by n`,
  `select n, s + i::bigint, b % 7, dec * 2, money / 3, r * 2, d / 3, -d, abs(s), sign(dec), trunc(money, 1) from every where n <= 60 order by n`,
  `select "user".id, "user"."group", "user"."end", count(*) from "user" join every on every."user" = "user".id group by "user".id order by "user".id`,
  `select u."order", u."group" as "from" from "user" u order by u."order" nulls first, u.id`,
  `select a, b, "select", count(*) from pairs group by b, a order by a, b`,
  `select p."select" from pairs p where (p.a, p.b) in (select n, 'b' || n from every) order by 1`,
  `select every from every where n in (1, 4, 102) order by n`,
  `select to_jsonb(e) from (select n, s, t, yes, day, clock, local, span, u, j, bytes, ints, words from every) e where n < 9 order by n`,
  `select distinct on (yes) yes, n from every order by yes, n`,
  `with x as (select * from every where yes) select count(*), (select max(n) from x) from x`,
]

goldTests({
  name: 'every type',
  schemaName: 'public',
  load: async (client) => void (await client.query(tables)),
  queries: () => queries,
})
