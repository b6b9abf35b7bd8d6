import { z } from 'zod'

/** What an issue of zod may carry beyond message and path; read leniently, since it only shapes a sentence. */
const issueShape = z.object({
  message: z.string(),
  code: z.string().optional(),
  path: z.array(z.unknown()).optional(),
  expected: z.string().optional(),
  keys: z.array(z.string()).optional(),
  values: z.array(z.unknown()).optional(),
  maximum: z.unknown().optional(),
  minimum: z.unknown().optional(),
  origin: z.string().optional(),
  errors: z.array(z.array(z.unknown())).optional(),
})
type Issue = z.infer<typeof issueShape>

export interface FieldIssue {
  /** `schemaJson.columns[2].type`; empty when it is the whole input. */
  readonly path: string
  readonly message: string
}

/** More than a person reads; a hostile input can have thousands. */
const mostIssues = 20

/** One sentence for people, which names the field, and all issues for programs. */
export function describeIssues(
  issues: readonly unknown[],
  input: unknown,
): { readonly sentence: string; readonly issues: readonly FieldIssue[] } {
  const described = issues.slice(0, mostIssues).map((issue) => describeIssue(issue, input, []))
  const first = described[0] ?? { path: '', message: 'This input is not understood.' }
  return { sentence: first.path === '' ? first.message : `"${first.path}": ${first.message}`, issues: described }
}

function describeIssue(raw: unknown, input: unknown, base: readonly unknown[]): FieldIssue {
  const parsed = issueShape.safeParse(raw)
  if (!parsed.success) return { path: write(base), message: 'This value is not understood.' }
  const issue = parsed.data
  const path = [...base, ...(issue.path ?? [])]
  const inner = issue.code === 'invalid_union' ? nearest(issue.errors ?? []) : undefined
  if (inner !== undefined) return describeIssue(inner, input, path)
  return { path: write(isDetailed(input) ? path.slice(1) : path), message: sentence(issue, at(input, path)) }
}

/** Where a procedure takes `params`, `query` and `body` apart, callers know the field and not the part. */
function isDetailed(input: unknown): boolean {
  return typeof input === 'object' && input !== null && 'params' in input && 'query' in input
}

/** Of the forms a value may have, the one it came deepest into is the one its writer meant. */
function nearest(branches: readonly (readonly unknown[])[]): unknown {
  let best: { issue: unknown; depth: number } | undefined
  for (const branch of branches) {
    const issue = branch[0]
    const parsed = issueShape.safeParse(issue)
    const depth = parsed.success ? (parsed.data.path ?? []).length : 0
    if (depth > 0 && (best === undefined || depth > best.depth)) best = { issue, depth }
  }
  return best?.issue
}

function sentence(issue: Issue, value: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    const keys = (issue.keys ?? []).map((key) => `"${key.slice(0, 100)}"`)
    return `${keys.slice(0, 5).join(', ')} ${keys.length === 1 ? 'is not a field' : 'are not fields'} of this call.`
  }
  if (value === undefined) return 'This field is missing.'
  // The contract's own messages are sentences; zod's are not.
  if (issue.message.endsWith('.')) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return `This must be ${kinds[issue.expected ?? ''] ?? `of the type ${issue.expected}`}.`
    case 'invalid_value':
      return `This must be ${(issue.values ?? []).map((option) => JSON.stringify(option)).join(' or ')}.`
    case 'too_big':
      return `This must be at most ${String(issue.maximum)}${unit(issue)}.`
    case 'too_small':
      return `This must be at least ${String(issue.minimum)}${unit(issue)}.`
    default:
      return issue.message === 'Invalid input'
        ? 'This does not have a form that is understood here.'
        : `${issue.message}.`
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

function unit(issue: Issue): string {
  if (issue.origin === 'string') return ' characters long'
  return issue.origin === 'array' ? ' items long' : ''
}

function at(input: unknown, path: readonly unknown[]): unknown {
  let value = input
  for (const key of path) {
    if (value === null || typeof value !== 'object') return undefined
    value = Reflect.get(value, typeof key === 'number' ? key : String(key))
  }
  return value
}

function write(path: readonly unknown[]): string {
  let text = ''
  for (const key of path)
    text += typeof key === 'number' ? `[${key}]` : `${text === '' ? '' : '.'}${String(key).slice(0, 200)}`
  return text
}
