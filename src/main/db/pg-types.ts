import pg, { type CustomTypesConfig } from 'pg'

/**
 * How values leave Postgres: whole. bigint and numeric stay text (a JS number ends at 2^53), timestamps keep their
 * microseconds as ISO 8601 in UTC (a JS Date ends at milliseconds), json is parsed. Needs TimeZone=UTC and
 * DateStyle=ISO on the connection.
 */
export const typeParsers: CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format === 'binary') return pg.types.getTypeParser(oid, 'binary')
    return parsers.get(oid) ?? pg.types.getTypeParser(oid, 'text')
  },
}

/** `2026-01-02 03:04:05.1+00` as `2026-01-02T03:04:05.100000Z`; infinity and years before Christ stay as they are. */
export function isoTimestamp(text: string): string {
  const match = timestamp.exec(text)
  if (match === null) return text
  const [, date, time, fraction = '', zone] = match
  return `${date}T${time}.${fraction.padEnd(6, '0')}${zone === undefined ? '' : 'Z'}`
}

const timestamp = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(\+00)?$/

const textArray: number = 1009
const parseTextArray = pg.types.getTypeParser(textArray, 'text')

/** NULL is the only other thing an array of text can hold, and nested arrays come as arrays. */
function mapArray(read: (text: string) => unknown): (text: string) => unknown {
  const map = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(map) : typeof value === 'string' ? read(value) : value
  return (text) => map(parseTextArray(text))
}

const asText = (text: string): unknown => text

/** By type oid (pg_type.dat of Postgres). */
const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map([
  [20, asText], // int8
  [1016, mapArray(asText)],
  [1700, asText], // numeric
  [1231, mapArray(asText)],
  [1184, isoTimestamp], // timestamptz
  [1185, mapArray(isoTimestamp)],
  [1114, isoTimestamp], // timestamp
  [1115, mapArray(isoTimestamp)],
  [1082, asText], // date
  [1182, mapArray(asText)],
  [1186, asText], // interval
  [1187, mapArray(asText)],
  [600, asText], // point
  [718, asText], // circle
])
