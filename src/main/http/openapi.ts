import { contract } from '@shared/contract'
import { transferOperations } from './transfer-operations'

let document: Promise<unknown> | undefined

/** The management API as OpenAPI 3.1. Made when it is first asked for, since its maker takes 50 ms to load. */
export function openApiDocument(version: string): Promise<unknown> {
  document ??= generate(version)
  return document
}

async function generate(version: string): Promise<unknown> {
  const [{ OpenAPIGenerator }, { ZodToJsonSchemaConverter }] = await Promise.all([
    import('@orpc/openapi'),
    import('@orpc/zod/zod4'),
  ])
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const made = await generator.generate(contract, {
    info: {
      title: 'Tessera Studio, management API',
      version,
      description:
        'Sign in with POST /api/auth/login and send its access_token as "Authorization: Bearer". bigint and numeric values are strings; timestamps are ISO 8601 in UTC with microseconds.',
    },
    filter: ({ contract: procedure }) => procedure['~orpc'].route.path !== undefined,
    components: { securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    security: [{ accessToken: [] }],
    customErrorResponseBodySchema: () => errorBody,
  })
  // The maker gives an answer without an output a body of any kind.
  for (const operations of Object.values(made.paths ?? {}))
    for (const operation of Object.values(operations ?? {})) {
      const empty = isOperation(operation) ? operation.responses['204'] : undefined
      if (empty) delete empty.content
    }
  return { ...made, paths: { ...made.paths, ...transferOperations(errorBody) } }
}

const errorBody = {
  type: 'object' as const,
  properties: { error: { type: 'string' as const }, code: { type: 'string' as const }, details: {} },
  required: ['error', 'code'],
}

function isOperation(value: unknown): value is { readonly responses: { readonly 204?: { content?: unknown } } } {
  return typeof value === 'object' && value !== null && 'responses' in value
}
