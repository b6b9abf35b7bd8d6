import { traverseContractProcedures } from '@orpc/server'
import { contract } from '@shared/contract'

/** One route of the HTTP API, as the contract has it. */
export interface Route {
  /** `tables.get` */
  readonly procedure: string
  readonly method: string
  /** `/api/projects/{projectId}` */
  readonly path: string
  /** Its input is apart in `params`, `query` and `body`. */
  readonly isDetailed: boolean
}

export interface HttpCall {
  readonly method: string
  /** With the query string. */
  readonly path: string
  /** Not there where the route takes none. */
  readonly body?: unknown
}

export function routesOf(): Route[] {
  const routes: Route[] = []
  traverseContractProcedures({ router: contract, path: [] }, ({ contract: procedure, path: name }) => {
    const { method, path, inputStructure } = procedure['~orpc'].route
    if (path === undefined) return
    if (method === undefined) throw new Error(`The route of ${name.join('.')} has no method`)
    routes.push({ procedure: name.join('.'), method, path, isDetailed: inputStructure === 'detailed' })
  })
  return routes
}

type Fields = Readonly<Record<string, unknown>>

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

/** The call over HTTP that gives the procedure this input. */
export function callOf(route: Route, input: unknown): HttpCall {
  const fields = fieldsOf(input)
  const inPath = new Set([...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))
  const rest = Object.fromEntries(Object.entries(fields).filter(([name]) => !inPath.has(name)))
  const params = route.isDetailed ? fieldsOf(fields.params) : fields
  const path = route.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(params[name])))
  const isRead = route.method === 'GET'
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(route.isDetailed ? fieldsOf(fields.query) : isRead ? rest : {}))
    if (value !== undefined) query.append(name, String(value))
  const target = query.size === 0 ? path : `${path}?${query}`
  const body = route.isDetailed ? fields.body : isRead ? undefined : rest
  return { method: route.method, path: target, ...(body !== undefined && { body }) }
}
