import { exampleRecord } from '@renderer/features/overview/snippets'
import type { Table } from '@shared/contract/tables.contract'
import { hasUuidId } from '@shared/domain/table-schema'

export const languages = ['curl', 'typescript', 'python'] as const
export type Language = (typeof languages)[number]
export const languageNames: Readonly<Record<Language, string>> = {
  curl: 'curl',
  typescript: 'TypeScript',
  python: 'Python',
}

export interface SnippetPlace {
  /** `http://HOST:PORT/p/<ref>` */
  readonly baseUrl: string
  readonly key: string
}

export interface Snippet {
  readonly title: string
  readonly text: string
}

/** What an app does with a table, ready to run. */
export function tableSnippets(language: Language, place: SnippetPlace, table: Table): readonly Snippet[] {
  const { table_name: name, schema_json: schema } = table
  const id = hasUuidId(schema) ? 'id' : '_id'
  // People sign up, and their password hashes are nobody's to write.
  const isUsers = name === 'users'
  const record = isUsers ? { full_name: 'Ada Lovelace' } : exampleRecord(table)
  const sort = schema.columns.some((column) => column.name === 'created_at') ? 'created_at' : id
  const write = language === 'curl' ? curl(place) : language === 'python' ? python(place) : typescript
  return [
    { title: 'Read records', text: write.read(name, sort) },
    { title: 'Read one record', text: write.one(name, id) },
    ...(isUsers ? [] : [{ title: 'Create a record', text: write.create(name, record) }]),
    { title: 'Change a record', text: write.update(name, id, record) },
    { title: 'Delete a record', text: write.remove(name, id) },
  ]
}

/** What comes before all of them. */
export function setUp(language: Language, { baseUrl, key }: SnippetPlace): string {
  switch (language) {
    case 'curl':
      return `API_URL='${baseUrl}/rest/v1'\nAPI_KEY='${key}'`
    case 'typescript':
      return `import { createClient } from '@supabase/supabase-js'\n\nconst api = createClient('${baseUrl}', '${key}')`
    case 'python':
      return `import requests\n\napi = '${baseUrl}/rest/v1'\nheaders = {'apikey': '${key}'}`
  }
}

/** What signs somebody in; calls that follow are theirs. */
export function signInSnippet(language: Language, { baseUrl }: SnippetPlace): string {
  const url = `${baseUrl}/auth/v1/token?grant_type=password`
  switch (language) {
    case 'curl':
      return `ACCESS_TOKEN=$(curl -s "${url}" \\\n  -H "apikey: $API_KEY" \\\n  -H 'Content-Type: application/json' \\\n  -d '{"email":"ada@example.com","password":"correct horse"}' |\n  sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`
    case 'typescript':
      return `const { data, error } = await api.auth.signInWithPassword({\n  email: 'ada@example.com',\n  password: 'correct horse',\n})`
    case 'python':
      return `session = requests.post('${url}', headers=headers,\n  json={'email': 'ada@example.com', 'password': 'correct horse'}).json()\nheaders['Authorization'] = f"Bearer {session['access_token']}"`
  }
}

export function signUpSnippet(language: Language, { baseUrl }: SnippetPlace): string {
  switch (language) {
    case 'curl':
      return `curl -s "${baseUrl}/auth/v1/signup" \\\n  -H "apikey: $API_KEY" \\\n  -H 'Content-Type: application/json' \\\n  -d '{"email":"ada@example.com","password":"correct horse"}'`
    case 'typescript':
      return `const { data, error } = await api.auth.signUp({\n  email: 'ada@example.com',\n  password: 'correct horse',\n})`
    case 'python':
      return `requests.post('${baseUrl}/auth/v1/signup', headers=headers,\n  json={'email': 'ada@example.com', 'password': 'correct horse'}).json()`
  }
}

interface Writer {
  readonly read: (name: string, sort: string) => string
  readonly one: (name: string, id: string) => string
  readonly create: (name: string, record: object) => string
  readonly update: (name: string, id: string, record: object) => string
  readonly remove: (name: string, id: string) => string
}

const someId = '7d444840-9dc0-41d1-b245-5ffdce74fad2'

const typescript: Writer = {
  read: (name, sort) =>
    `const { data, error } = await api\n  .from('${name}')\n  .select('*')\n  .order('${sort}', { ascending: false })\n  .limit(10)`,
  one: (name, id) =>
    `const { data, error } = await api\n  .from('${name}')\n  .select('*')\n  .eq('${id}', '${someId}')\n  .maybeSingle()`,
  create: (name, record) =>
    `const { data, error } = await api\n  .from('${name}')\n  .insert(${JSON.stringify(record)})\n  .select()`,
  update: (name, id, record) =>
    `const { data, error } = await api\n  .from('${name}')\n  .update(${JSON.stringify(record)})\n  .eq('${id}', '${someId}')\n  .select()`,
  remove: (name, id) => `const { error } = await api\n  .from('${name}')\n  .delete()\n  .eq('${id}', '${someId}')`,
}

function curl(_: SnippetPlace): Writer {
  const call = (path: string, ...more: readonly string[]) =>
    [`curl -s "$API_URL/${path}"`, '-H "apikey: $API_KEY"', ...more].join(' \\\n  ')
  const body = (record: object) => [
    "-H 'Content-Type: application/json'",
    "-H 'Prefer: return=representation'",
    // A quote inside single quotes of a shell ends them.
    `-d '${JSON.stringify(record).replaceAll("'", "'\\''")}'`,
  ]
  return {
    read: (name, sort) => call(`${name}?select=*&order=${sort}.desc&limit=10`),
    one: (name, id) => call(`${name}?${id}=eq.${someId}`),
    create: (name, record) => call(name, ...body(record)),
    update: (name, id, record) => call(`${name}?${id}=eq.${someId}`, '-X PATCH', ...body(record)),
    remove: (name, id) => call(`${name}?${id}=eq.${someId}`, '-X DELETE'),
  }
}

function python(_: SnippetPlace): Writer {
  const id = (name: string) => `params={'${name}': 'eq.${someId}'}`
  return {
    read: (name, sort) =>
      `requests.get(f'{api}/${name}', headers=headers,\n  params={'select': '*', 'order': '${sort}.desc', 'limit': 10}).json()`,
    one: (name, key) => `requests.get(f'{api}/${name}', headers=headers,\n  ${id(key)}).json()`,
    create: (name, record) =>
      `requests.post(f'{api}/${name}', headers={**headers, 'Prefer': 'return=representation'},\n  json=${literal(record)}).json()`,
    update: (name, key, record) =>
      `requests.patch(f'{api}/${name}', headers={**headers, 'Prefer': 'return=representation'},\n  ${id(key)}, json=${literal(record)}).json()`,
    remove: (name, key) => `requests.delete(f'{api}/${name}', headers=headers,\n  ${id(key)})`,
  }
}

/** JSON as Python writes it. */
function literal(value: unknown): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([name, one]) => `${JSON.stringify(name)}: ${literal(one)}`)
      .join(', ')}}`
  return JSON.stringify(value)
}
