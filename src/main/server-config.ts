import { z } from 'zod'
import { ConfigError } from './config'
import { type Plans, usualPlans } from './features/api/quota.service'
import { type RateSettings, usualRates } from './features/api/rates'
import { wholeSetting } from './whole-setting'
import { readWorkers } from './workers'

/** Settings of a server that others share, from the environment alone. */
export interface ServerConfig {
  /** Processes that answer, on one port. */
  readonly workers: number
  readonly rateStore: 'memory' | 'postgres'
  readonly rates: RateSettings
  readonly plans: Plans
  /** The plan of projects that have none of their own; null: `local` on the embedded server, otherwise `free`. */
  readonly plan: string | null
  /** Names beside the address it listens on: behind a proxy, requests come with that of the proxy. */
  readonly hosts: readonly string[]
}

export function readServerConfig(environment: Readonly<Record<string, string | undefined>>): ServerConfig {
  const text = (name: string) => environment[name]?.trim() || null
  const workers = readWorkers(environment)
  const rate = (name: string, usual: number) => wholeSetting(name, text(name), { usual, most: 1_000_000_000 })
  const plans = { ...usualPlans, ...readPlans(text('PLANS')) }
  const plan = text('DEFAULT_PLAN')
  if (plan !== null && !plans[plan])
    throw new ConfigError(`DEFAULT_PLAN is "${plan}", which is none of ${Object.keys(plans).join(', ')}.`)
  return {
    workers,
    rateStore: store(text('RATE_LIMIT_STORE'), workers),
    rates: {
      key: rate('RATE_LIMIT_KEY', usualRates.key),
      address: rate('RATE_LIMIT_ADDRESS', usualRates.address),
      user: rate('RATE_LIMIT_USER', usualRates.user),
    },
    plans,
    plan,
    hosts: (text('PUBLIC_HOSTS') ?? '')
      .split(',')
      .map((host) => host.trim().toLowerCase())
      .filter(Boolean),
  }
}

/** One process counts in its memory; several have to count together. */
function store(text: string | null, workers: number): 'memory' | 'postgres' {
  if (text === null) return workers > 1 ? 'postgres' : 'memory'
  if (text === 'memory' || text === 'postgres') return text
  throw new ConfigError(`RATE_LIMIT_STORE is "${text.slice(0, 60)}", but must be memory or postgres.`)
}

const limit = z.number().positive().nullable().default(null)
const planShape = z.record(z.string(), z.strictObject({ bytes: limit, records: limit, requests: limit }))

function readPlans(text: string | null): Plans {
  if (text === null) return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new ConfigError('PLANS is no JSON. It looks like {"free": {"bytes": 500000000, "requests": 100000}}.')
  }
  const parsed = planShape.safeParse(value)
  if (!parsed.success)
    throw new ConfigError(
      'PLANS must look like {"free": {"bytes": 500000000, "records": 100000, "requests": 100000}}; null is no limit.',
    )
  return Object.fromEntries(Object.entries(parsed.data).map(([name, limits]) => [name, { name, ...limits }]))
}
