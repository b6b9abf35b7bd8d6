import type { JsonValue } from '@shared/json'

/** A default as SQL and JSON write it, as the text that a column takes; undefined for none. */
export function readDefault(value: JsonValue | undefined, type: string): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'object')
    return type === 'jsonb' ? JSON.stringify(value) : type.endsWith('[]') ? '{}' : undefined
  if (typeof value !== 'string') return String(value)
  const text = value
    .trim()
    .replace(/^\((.*)\)$/, '$1')
    .replace(/::\s*[\w\s."()[\],]+$/, '')
    .trim()
  if (
    /^(now|current_timestamp|current_date|current_time|localtimestamp|getdate|sysdate|sysutcdatetime|utcnow|statement_timestamp|clock_timestamp)\s*(\(\s*\d*\s*\))?( at time zone .*)?$/i.test(
      text,
    )
  )
    return 'now()'
  if (/^(gen_random_uuid|uuid_generate_v\d\w*|uuidv?[47]?|newid|random_uuid)\s*\(\s*\)$/i.test(text))
    return 'gen_random_uuid()'
  if (/^(null|none|undefined|default_value|auto_?increment|identity|nextval\s*\(.*\)|generated .*)$/i.test(text))
    return undefined
  const quoted = /^(["'])([\s\S]*)\1$/.exec(text)
  if (quoted) return (quoted[2] ?? '').replaceAll("''", "'")
  if (type === 'boolean' && /^[01]$/.test(text)) return text === '1' ? 'true' : 'false'
  return text
}
