declare const untrusted: unique symbol

/**
 * SQL that a model wrote. It is text to look at: it goes into an editor, and runs only from a person's Run. There is one
 * way out, `sqlForEditor`, for the click that puts it there.
 */
export type UntrustedSql = string & { readonly [untrusted]: true }

export function untrustedSql(text: string): UntrustedSql {
  return text as UntrustedSql
}

/** For the handler of a click only: what is in an editor is the person's own text from then on. */
export function sqlForEditor(sql: UntrustedSql): string {
  return sql
}
