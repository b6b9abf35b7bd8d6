/** What a file is that holds no records as text, and what to do about it; null for any other. By its first bytes. */
export function foreignFile(head: Buffer): string | null {
  const text = head.subarray(0, 16).toString('latin1')
  return signatures.find(([begin]) => text.startsWith(begin))?.[1] ?? null
}

const picture = 'This is a picture and holds no records. Choose a CSV, JSON, Excel or SQL file.'

/** SQL that Postgres does not read, and what to do about it; null for any other. By its first lines. */
export function foreignSql(head: string): string | null {
  return dialects.find(([, marks]) => marks.test(head))?.[0].concat(advice) ?? null
}

const advice = ', which Postgres does not read. Export its tables as CSV, and import those.'

const dialects: readonly (readonly [string, RegExp])[] = [
  ['This is SQL of MySQL', /^(create table|insert into)( if not exists)? `|^\) engine\s*=|\bauto_increment\b/im],
  ['This is SQL of SQLite', /^pragma |\bautoincrement\b|\bsqlite_sequence\b/im],
  ['This is SQL of SQL Server', /^go\s*$|\[dbo\]\.|\bidentity\s*\(\d/im],
]

const signatures: readonly (readonly [string, string])[] = [
  ['\x1f\x8b', 'This file is compressed with gzip. Unpack it, and import what is in it.'],
  ['BZh', 'This file is compressed with bzip2. Unpack it, and import what is in it.'],
  ['\xfd7zXZ', 'This file is compressed with xz. Unpack it, and import what is in it.'],
  ['\x28\xb5\x2f\xfd', 'This file is compressed with Zstandard. Unpack it, and import what is in it.'],
  ['PK\x05\x06', 'This zip archive is empty. Choose another file.'],
  ['7z\xbc\xaf', 'This is a 7z archive. Unpack it, and import the files that are in it.'],
  ['PGDMP', 'This is a dump in the custom format of pg_dump. Turn it into SQL first: pg_restore -f dump.sql FILE'],
  ['\xd0\xcf\x11\xe0', 'This is a workbook in the format of before 2007. Save it as .xlsx, and import that.'],
  ['SQLite format 3', 'This is an SQLite database. Export its tables as CSV, and import those.'],
  ['PAR1', 'This is a Parquet file. Export it as CSV, and import that.'],
  ['%PDF', 'This is a PDF and holds no records. Choose a CSV, JSON, Excel or SQL file.'],
  ['\x89PNG', picture],
  ['\xff\xd8\xff', picture],
  ['GIF8', picture],
]
