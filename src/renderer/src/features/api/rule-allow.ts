import type { VerbRule } from '@shared/domain/access-rule'
import type { Filter } from '@shared/domain/filter'
import type { TableSchema } from '@shared/domain/table-schema'

/** Who a rule lets in, as one choice of a list: `owner user_id` names the column. */
export type Allow = 'none' | 'public' | 'authenticated' | `owner ${string}`

export function allowOf(rule: VerbRule): Allow {
  if (typeof rule === 'string') return rule
  return 'owner' in rule ? `owner ${rule.owner}` : rule.allow
}

export function whereOf(rule: VerbRule): Filter | undefined {
  return typeof rule === 'string' ? undefined : rule.where
}

/** Where nobody is let in, a condition has nothing to narrow. */
export function ruleOf(allow: Allow, where: Filter | undefined): VerbRule {
  if (allow === 'none') return allow
  if (allow === 'public' || allow === 'authenticated') return where === undefined ? allow : { allow, where }
  return { owner: allow.slice('owner '.length), ...(where === undefined ? {} : { where }) }
}

export function readAllow(text: string): Allow {
  if (text === 'public' || text === 'authenticated') return text
  return text.startsWith('owner ') ? `owner ${text.slice('owner '.length)}` : 'none'
}

/** Columns that may hold whose a record is: what refers to the users, and what is called so. */
export function allowOptions(schema: TableSchema | undefined, rule: VerbRule) {
  const owners = (schema?.columns ?? []).filter(
    ({ name, type, references }) =>
      (type === 'uuid' && (references?.table === 'users' || (schema?.name === 'users' && name === 'id'))) ||
      (type === 'text' && references?.table === 'users') ||
      (type === 'uuid' && /user|owner|author/.test(name)),
  )
  const named = typeof rule === 'object' && 'owner' in rule ? [rule.owner] : []
  const names = [...new Set([...owners.map(({ name }) => name), ...named])]
  return [
    { value: 'none', label: 'Nobody' },
    { value: 'public', label: 'Everybody' },
    { value: 'authenticated', label: 'Signed in' },
    ...names.map((name) => ({ value: `owner ${name}`, label: `Own (${name})` })),
  ]
}
