import type { JsonValue } from '@shared/json'

/** A model's JSON is looked at and never trusted: each reader takes what fits and answers nothing for the rest. */
export type LooseObject = { readonly [name: string]: JsonValue }

export function isObject(value: JsonValue | undefined): value is LooseObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The member of the first of these names that is there, whether it is written fooBar, foo_bar or Foo Bar. */
export function member(object: LooseObject, ...names: readonly string[]): JsonValue | undefined {
  const wanted = names.map(plain)
  const found = Object.keys(object)
    .filter((key) => wanted.includes(plain(key)))
    .sort((left, right) => wanted.indexOf(plain(left)) - wanted.indexOf(plain(right)))
    .find((key) => object[key] !== null)
  return found === undefined ? undefined : object[found]
}

export function textMember(object: LooseObject, ...names: readonly string[]): string | undefined {
  const value = member(object, ...names)
  return typeof value === 'string' ? value : undefined
}

/** True, false, and the words and numbers that mean them. */
export function flagMember(object: LooseObject, ...names: readonly string[]): boolean | undefined {
  const value = member(object, ...names)
  if (typeof value === 'boolean') return value
  if (value === 1 || value === 'true' || value === 'yes' || value === 'YES') return true
  if (value === 0 || value === 'false' || value === 'no' || value === 'NO') return false
  return undefined
}

/** A list; what stands alone is a list of one, and `{"posts": {...}}` a list of its members with their names. */
export function entries(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value
  if (!isObject(value)) return [value]
  if (textMember(value, 'name', 'table', 'table_name', 'column', 'column_name') !== undefined) return [value]
  return Object.entries(value).map(([name, child]): JsonValue => {
    if (isObject(child)) return { name, ...child }
    if (Array.isArray(child)) return { name, columns: child }
    return typeof child === 'string' ? { name, type: child } : { name }
  })
}

export function texts(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value]
  if (!Array.isArray(value)) return []
  return value.flatMap((each: JsonValue): readonly string[] => {
    if (typeof each === 'string') return [each]
    const name = isObject(each) ? textMember(each, 'name', 'column', 'column_name') : undefined
    return name === undefined ? [] : [name]
  })
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '')
}
