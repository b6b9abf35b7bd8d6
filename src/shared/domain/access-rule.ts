import type { Filter } from './filter'

/** What an API call does to a table's records. */
export const verbs = ['select', 'insert', 'update', 'delete'] as const
export type Verb = (typeof verbs)[number]

/**
 * Who may do it. `owner` names the column that holds the end user's id; `where` narrows it to the records that match, or
 * of an insert and an update to those that would match after it.
 */
export type VerbRule =
  | 'none'
  | 'public'
  | 'authenticated'
  | { readonly owner: string; readonly where?: Filter | undefined }
  | { readonly allow: 'public' | 'authenticated'; readonly where: Filter }

export type AccessRules = { readonly [V in Verb]: VerbRule }

/** Every new table. */
export const closedRules: AccessRules = { select: 'none', insert: 'none', update: 'none', delete: 'none' }

/** What a key is limited to; `*` is every table. */
export interface KeyScope {
  readonly table: string
  readonly verbs: readonly Verb[]
}

const doing: { readonly [V in Verb]: string } = { select: 'read', insert: 'create', update: 'change', delete: 'delete' }

/** One plain sentence: "Signed-in people read records that are their own (user_id)." */
export function ruleSentence(verb: Verb, rule: VerbRule): string {
  return sentence(doing[verb], rule)
}

/** One for all verbs that have the same rule: a closed table is said to be closed once. */
export function rulesSentences(rules: AccessRules): readonly string[] {
  const alike = new Map<string, Verb[]>()
  for (const verb of verbs) {
    const name = JSON.stringify(rules[verb])
    alike.set(name, [...(alike.get(name) ?? []), verb])
  }
  return [...alike.values()].map((same) => {
    const [first = 'select'] = same
    const words = same.map((verb) => doing[verb])
    const last = words.pop() ?? ''
    const joined = rules[first] === 'none' ? 'or' : 'and'
    return sentence(words.length === 0 ? last : `${words.join(', ')} ${joined} ${last}`, rules[first])
  })
}

function sentence(what: string, rule: VerbRule): string {
  if (rule === 'none') return `Nobody may ${what} records; only a secret key may.`
  if (rule === 'public') return `Everybody may ${what} every record.`
  if (rule === 'authenticated') return `Everybody who is signed in may ${what} every record.`
  const matching = rule.where === undefined ? '' : ' that match the condition'
  if ('owner' in rule) return `Everybody who is signed in may ${what} records of their own (${rule.owner})${matching}.`
  const who = rule.allow === 'public' ? 'Everybody' : 'Everybody who is signed in'
  return `${who} may ${what} records${matching}.`
}
