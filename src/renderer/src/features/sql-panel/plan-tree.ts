import { z } from 'zod'

/** One step of a plan that Postgres made. */
export interface PlanNode {
  /** `0`, `0.1`: the way to it. */
  readonly id: string
  /** `Seq Scan`, `Hash Join`. */
  readonly type: string
  /** The table it reads, by its own name. */
  readonly table: string | null
  readonly rows: number
  readonly actualRows: number | null
  /** Cost, or milliseconds where it was run: of this step alone. */
  readonly own: number
  /** The same with all below it. */
  readonly total: number
  /** Share of the whole, from 0 to 1. */
  readonly share: number
  readonly filter: string | null
  readonly removed: number
  /** Columns of the table that its conditions look at. */
  readonly columns: readonly string[]
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly children: readonly PlanNode[]
}

export interface Plan {
  readonly root: PlanNode
  readonly isMeasured: boolean
  /** Milliseconds. */
  readonly planning: number | null
  readonly execution: number | null
  /** The step that takes most by itself. */
  readonly hot: PlanNode
}

const rawNode = z.record(z.string(), z.unknown())
const rawPlan = z
  .array(z.object({ Plan: rawNode, 'Planning Time': z.number().optional(), 'Execution Time': z.number().optional() }))
  .min(1)

/** Reads what EXPLAIN (FORMAT JSON) gives; null when it is something else. */
export function readPlan(value: unknown): Plan | null {
  const read = rawPlan.safeParse(typeof value === 'string' ? parsed(value) : value)
  const [plan] = read.success ? read.data : []
  if (plan === undefined) return null
  const isMeasured = typeof plan.Plan['Actual Total Time'] === 'number'
  const whole = totalOf(plan.Plan, isMeasured)
  const root = nodeOf(plan.Plan, '0', isMeasured, Math.max(whole, Number.EPSILON))
  const hot = [...nodesOf(root)].reduce((most, node) => (node.own > most.own ? node : most), root)
  return {
    root,
    isMeasured,
    hot,
    planning: plan['Planning Time'] ?? null,
    execution: plan['Execution Time'] ?? null,
  }
}

export function* nodesOf(node: PlanNode): Iterable<PlanNode> {
  yield node
  for (const child of node.children) yield* nodesOf(child)
}

/** An index that would spare the step most of what it reads; null where none is likely to. */
export function suggestedIndex(node: PlanNode): { readonly table: string; readonly columns: readonly string[] } | null {
  if (node.type !== 'Seq Scan' || node.table === null || node.filter === null || node.columns.length === 0) return null
  const kept = node.actualRows ?? node.rows
  const isSelective = node.removed > kept * 4 || (node.actualRows === null && node.total > 50)
  return isSelective ? { table: node.table, columns: node.columns.slice(0, 3) } : null
}

function nodeOf(raw: Readonly<Record<string, unknown>>, id: string, isMeasured: boolean, whole: number): PlanNode {
  const children = below(raw).map((child, index) => nodeOf(child, `${id}.${index}`, isMeasured, whole))
  const total = totalOf(raw, isMeasured)
  const own = Math.max(0, total - children.reduce((sum, child) => sum + child.total, 0))
  const conditions = conditionNames.flatMap((name) =>
    typeof raw[name] === 'string' ? [[name, raw[name]] as const] : [],
  )
  return {
    id,
    type: textOf(raw['Node Type']) ?? 'Step',
    table: textOf(raw.Table),
    rows: numberOf(raw['Plan Rows']) ?? 0,
    actualRows: isMeasured ? (numberOf(raw['Actual Rows']) ?? 0) * (numberOf(raw['Actual Loops']) ?? 1) : null,
    own,
    total,
    share: Math.min(1, own / whole),
    filter: textOf(raw.Filter),
    removed: (numberOf(raw['Rows Removed by Filter']) ?? 0) * (numberOf(raw['Actual Loops']) ?? 1),
    columns: Array.isArray(raw.Columns) ? raw.Columns.filter((each): each is string => typeof each === 'string') : [],
    facts: [...conditions, ...factNames.flatMap((name) => factOf(raw, name))],
    children,
  }
}

const conditionNames = [
  'Index Cond',
  'Recheck Cond',
  'Filter',
  'Hash Cond',
  'Merge Cond',
  'Join Filter',
  'One-Time Filter',
]
const factNames = [
  'Join Type',
  'Strategy',
  'Index Name',
  'Sort Key',
  'Sort Method',
  'Group Key',
  'Rows Removed by Filter',
  'Actual Loops',
  'Shared Hit Blocks',
  'Shared Read Blocks',
  'Workers Launched',
]

function factOf(raw: Readonly<Record<string, unknown>>, name: string): readonly (readonly [string, string])[] {
  const value = raw[name]
  if (value === undefined || value === 0 || (name === 'Actual Loops' && value === 1)) return []
  return [[name, Array.isArray(value) ? value.join(', ') : String(value)]]
}

function totalOf(raw: Readonly<Record<string, unknown>>, isMeasured: boolean): number {
  if (!isMeasured) return numberOf(raw['Total Cost']) ?? 0
  return (numberOf(raw['Actual Total Time']) ?? 0) * (numberOf(raw['Actual Loops']) ?? 1)
}

function below(raw: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] {
  const { Plans: plans } = raw
  const read = z.array(rawNode).safeParse(plans)
  return read.success ? read.data : []
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
