import type { Principal } from '../../context'
import type { ApiCaller, RulesByTable } from '../rules/access'
import type { Accepted, Preferences } from './prefer'
import type { RestQuery } from './request-grammar'

/** One call of an app, read and told who makes it. */
export interface RestCall {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly tableName: string
  readonly query: RestQuery
  /** The address behind its question mark, where the call came by one. */
  readonly search?: string
  readonly prefer: Preferences
  readonly accept: Accepted
  /** The header `Range`, where the address says nothing. */
  readonly range: { readonly offset: number; readonly limit: number | null } | null
  /** Of a write; undefined when nothing was sent. */
  readonly body: unknown
  /** Values are text, to be read as the types of their columns. */
  readonly isTextBody?: boolean
  readonly caller: ApiCaller
  readonly principal: Principal
  readonly rules: RulesByTable
}

export interface RestAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}
