import { type ErrorCode, errorStatus } from '@shared/app-error'
import { importResult } from '@shared/contract/transfers.contract'
import { z } from 'zod'
import { exportQuery, importQuery } from './transfer-queries'

const databaseId = {
  name: 'databaseId',
  in: 'path',
  required: true,
  schema: { type: 'string', format: 'uuid' },
} as const

/**
 * The two calls that stream files, for the document of the API. `errorBody` is how every failure looks there.
 */
export function transferOperations(errorBody: object): Readonly<Record<string, object>> {
  return {
    '/api/database/{databaseId}/export': {
      get: {
        operationId: 'transfers.exportFile',
        summary: 'A table or the whole database as a file of any length',
        tags: ['Import and export'],
        parameters: [databaseId, ...parametersOf(exportQuery)],
        responses: {
          200: { description: 'The file, as it is written', content: files },
          ...failures(errorBody, ['VALIDATION', 'UNAUTHENTICATED', 'NOT_FOUND']),
        },
      },
    },
    '/api/database/{databaseId}/import': {
      post: {
        operationId: 'transfers.importFile',
        summary: 'A file of any length, in one transaction',
        tags: ['Import and export'],
        parameters: [databaseId, ...parametersOf(importQuery)],
        requestBody: { required: true, content: files },
        responses: {
          200: { description: 'What came in, and what did not', content: { 'application/json': { schema: imported } } },
          ...failures(errorBody, [
            'VALIDATION',
            'UNAUTHENTICATED',
            'FORBIDDEN',
            'NOT_FOUND',
            'CONFLICT',
            'TOO_LARGE',
            'CONSTRAINT',
          ]),
        },
      },
    },
  }
}

const file = { schema: { type: 'string', format: 'binary' } }
const files = {
  'text/csv': file,
  'text/tab-separated-values': file,
  'application/json': {},
  'application/x-ndjson': file,
  'application/sql': file,
  'application/zip': file,
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': file,
}

const imported = jsonSchema(
  importResult.pick({
    inserted: true,
    updated: true,
    rejected: true,
    rejectedCount: true,
    notes: true,
    tables: true,
  }),
)

function parametersOf(query: z.ZodObject): readonly object[] {
  const { properties = {}, required = [] } = jsonSchema(query)
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    ...(required.includes(name) ? { required: true } : {}),
    schema,
  }))
}

function jsonSchema(schema: z.ZodType) {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' })
  return rest
}

function failures(errorBody: object, codes: readonly ErrorCode[]): Readonly<Record<string, object>> {
  return Object.fromEntries(
    codes.map((code) => [
      String(errorStatus[code]),
      { description: code, content: { 'application/json': { schema: errorBody } } },
    ]),
  )
}
