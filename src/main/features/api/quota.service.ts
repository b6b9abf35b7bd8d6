import { AppError } from '@shared/app-error'
import type { StudioDatabase } from '../../db/database'
import { getUsage } from '../databases/databases.service'
import { type SettingsRow, selectSettingsSql } from './api-projects.sql'
import { usageSql } from './requests.sql'

/** What a project may use; null is no limit. */
export interface Plan {
  readonly name: string
  readonly bytes: number | null
  readonly records: number | null
  /** A month. */
  readonly requests: number | null
}

export type Plans = Readonly<Record<string, Plan>>

/** `free` is for servers that others share; on a machine of one's own the disk is the limit. */
export const usualPlans: Plans = {
  free: { name: 'free', bytes: 500_000_000, records: null, requests: null },
  local: { name: 'local', bytes: null, records: null, requests: null },
}

export interface Usage {
  readonly bytes: number
  readonly records: number
  readonly requests: number
}

export interface Place {
  readonly accountId: string
  readonly databaseId: string
  readonly plan: string | null
}

export interface Quotas {
  planOf(name: string | null): Plan
  measure(place: Pick<Place, 'accountId' | 'databaseId'>): Promise<Usage>
  /** FORBIDDEN with `details: {quota, limit, used, plan}` when a limit of the plan is reached. */
  check(place: Place, kind: 'write' | 'request'): Promise<void>
  /** The same for a write by whom the project's plan is not at hand. What is not theirs is left to the call itself. */
  checkWrite(accountId: string, databaseId: string): Promise<void>
}

/** Before something that adds records to a database. */
export type WriteQuota = Quotas['checkWrite']

/** Milliseconds that a measurement counts: what is written meanwhile may go over the limit by that much. */
const fresh = 30_000
/** The same where the limit is reached, or nearly: who has deleted records goes on soon. */
const freshWhereFull = 1_000
/** So near to its limit a project is measured again: for each write, where it is few records. */
const near = { bytes: 2_000_000, records: 1_000 } as const
const mostPlaces = 5_000

export function createQuotas(db: () => Promise<StudioDatabase>, plans: Plans, usual: string): Quotas {
  const plansOf = new Map<string, { readonly until: number; readonly plan: string | null }>()
  const measured = new Map<string, { readonly at: number; readonly usage: Promise<Usage> }>()

  function planOf(name: string | null): Plan {
    const plan = plans[name ?? usual] ?? plans[usual]
    if (!plan) throw new Error(`There is no plan ${usual}`)
    return plan
  }

  async function measure({ accountId, databaseId }: Pick<Place, 'accountId' | 'databaseId'>): Promise<Usage> {
    const studio = await db()
    return studio.withDatabase(
      accountId,
      databaseId,
      async (tx, database) => {
        const { bytes, records } = await getUsage(tx, database)
        const [row] = await tx.query<{ requests: number }>(usageSql(database.project_id))
        return { bytes, records: records.count, requests: row?.requests ?? 0 }
      },
      { readOnly: true },
    )
  }

  /** Not older than so many milliseconds. */
  function known(place: Place, oldness: number): Promise<Usage> {
    const { databaseId } = place
    const last = measured.get(databaseId)
    if (last && last.at + oldness > Date.now()) return last.usage
    const usage = measure(place)
    measured.delete(databaseId)
    measured.set(databaseId, { at: Date.now(), usage })
    usage.catch(() => measured.delete(databaseId))
    const [oldest] = measured.keys()
    if (measured.size > mostPlaces && oldest !== undefined) measured.delete(oldest)
    return usage
  }

  /** Null also for what is not theirs. */
  async function planNamed(accountId: string, databaseId: string): Promise<string | null> {
    const last = plansOf.get(databaseId)
    if (last && last.until > Date.now()) return last.plan
    const studio = await db()
    const [settings] = await studio
      .withDatabase(
        accountId,
        databaseId,
        (tx, database) => tx.query<SettingsRow>(selectSettingsSql(database.project_id)),
        { readOnly: true },
      )
      .catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'NOT_FOUND') return []
        throw error
      })
    const plan = settings?.plan ?? null
    if (plansOf.size >= mostPlaces) plansOf.clear()
    if (settings) plansOf.set(databaseId, { until: Date.now() + fresh, plan })
    return plan
  }

  async function usageOf(place: Place, plan: Plan, kind: 'write' | 'request'): Promise<Usage> {
    const last = await known(place, fresh)
    if (kind === 'request') return last
    const left = (quota: keyof typeof near) => (plan[quota] ?? Number.POSITIVE_INFINITY) - last[quota]
    const isNear = left('bytes') <= near.bytes || left('records') <= near.records
    const isFull = left('bytes') <= 0 || left('records') <= 0
    if (!isNear) return last
    return known(place, !isFull && left('records') <= near.records ? 0 : freshWhereFull)
  }

  async function check(place: Place, kind: 'write' | 'request'): Promise<void> {
    const plan = planOf(place.plan)
    const limits = kind === 'write' ? (['bytes', 'records'] as const) : (['requests'] as const)
    if (limits.every((limit) => plan[limit] === null)) return
    const usage = await usageOf(place, plan, kind)
    for (const quota of limits) {
      const limit = plan[quota]
      if (limit !== null && usage[quota] >= limit) throw reached(plan, quota, limit, usage[quota])
    }
  }

  return {
    planOf,
    measure,
    check,
    async checkWrite(accountId, databaseId) {
      const place = { accountId, databaseId, plan: await planNamed(accountId, databaseId) }
      await check(place, 'write').catch((error: unknown) => {
        if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error
      })
    },
  }
}

function reached(plan: Plan, quota: 'bytes' | 'records' | 'requests', limit: number, used: number): AppError {
  const amount =
    quota === 'bytes'
      ? `${Math.round(limit / 1_000_000).toLocaleString('en')} MB`
      : `${limit.toLocaleString('en')} ${quota}`
  const sentence =
    quota === 'requests'
      ? `The ${plan.name} plan has ${amount} a month, and this project has used them. Wait for the next month, or choose another plan.`
      : `The ${plan.name} plan holds ${amount} for a project, and this one is full. Delete records, or choose another plan.`
  return new AppError('FORBIDDEN', sentence, { details: { quota, limit, used: Math.round(used), plan: plan.name } })
}
