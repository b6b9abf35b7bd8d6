import type { Filter, Sort } from '@shared/domain/filter'
import type { JsonObject, JsonValue } from '@shared/json'
import type { Embed } from './embed.sql'

export interface RecordQuery {
  readonly tableName: string
  readonly filters?: Filter | JsonObject | undefined
  readonly sort?: readonly Sort[] | undefined
  readonly select?: readonly string[] | undefined
  readonly embed?: readonly Embed[] | undefined
  readonly limit: number
  readonly offset?: number | undefined
  readonly cursor?: string | undefined
  readonly count: 'none' | 'estimated' | 'exact'
}

export interface RecordPage {
  readonly records: { [column: string]: JsonValue }[]
  readonly nextCursor: string | null
  readonly count?: number
  readonly countEstimated?: boolean
}
