import { type AnyContractRouter, isContractProcedure } from '@orpc/contract'
import type { Contract } from '@shared/contract'

interface Route {
  readonly method: string
  readonly pattern: RegExp
}

/** Answers which methods an address has; empty where there is nothing. */
export function createRouteTable(contract: Contract): (path: string) => readonly string[] {
  const routes = [...routesOf(contract)]
  return (path) => {
    const methods = routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
    return methods.includes('GET') ? ['HEAD', ...methods] : methods
  }
}

function* routesOf(router: AnyContractRouter): Generator<Route> {
  if (!isContractProcedure(router)) {
    for (const child of Object.values(router)) yield* routesOf(child)
    return
  }
  const { method, path } = router['~orpc'].route
  if (method === undefined || path === undefined) return
  yield { method, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`) }
}
