import type { IncomingMessage } from 'node:http'
import { AppError } from '@shared/app-error'
import type { JsonObject, JsonValue } from '@shared/json'
import { badBody } from '../features/rest/prefer'
import { createCsvParser } from '../features/transfers/formats/csv-parser'
import { readBody, readJson } from './json-body'

/** What an app sends: JSON, or rows of text, which are read as the types of their columns. */
export interface DataBody {
  /** Undefined when nothing was sent. */
  readonly value: unknown
  readonly isText: boolean
}

/** JSON where nothing says otherwise; a form is one row, CSV has a line of names and many. PGRST102 for what cannot be read. */
export async function readDataBody(request: IncomingMessage): Promise<DataBody> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  try {
    if (type === 'text/csv') return { value: rowsOf(await textOf(request)), isText: true }
    if (type === 'application/x-www-form-urlencoded')
      return { value: Object.fromEntries(new URLSearchParams(await textOf(request))), isText: true }
    return { value: await readJson(request, { untyped: true }), isText: false }
  } catch (error) {
    if (error instanceof AppError && error.code === 'VALIDATION') throw badBody(error.message)
    throw error
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const bytes = await readBody(request)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new AppError('VALIDATION', 'The body is not UTF-8.')
  }
}

/** An empty cell and NULL are no value, as in what Postgres and its clients write. */
function rowsOf(text: string): readonly JsonObject[] {
  const parser = createCsvParser({ delimiter: ',' })
  const [names, ...rows] = [...parser.push(text), ...parser.end()].map(({ cells, problem }) => {
    if (problem !== undefined) throw new AppError('VALIDATION', problem)
    return cells
  })
  return rows.map((row) => {
    if (row.length !== names?.length) throw new AppError('VALIDATION', 'All lines must have same number of fields')
    return Object.fromEntries(names.map((name, at) => [name ?? '', cellValue(row[at])]))
  })
}

function cellValue(text: string | null | undefined): JsonValue {
  return text === undefined || text === 'NULL' ? null : text
}
