import type { JsonObject } from '@shared/json'
import type { Noted } from '../records/change-log.sql'
import { checkInserted, insertSet } from '../records/record-sets.service'
import { createDraft, type Draft } from '../records/record-values'
import type { WriteScope } from '../records/write-scope'
import { type Permission, rulesOf } from '../rules/access'
import { checkAllowed, type PlannedWrite, type Writing } from './rest-writing'

/** Whoever may only write records of their own need not say whose they are. */
export function owned(
  { call }: PlannedWrite,
  permission: Permission,
  inputs: readonly JsonObject[],
): readonly JsonObject[] {
  if (permission.kind !== 'some' || permission.owner === null) return inputs
  const { name } = permission.owner
  return inputs.map((input) =>
    Object.hasOwn(input, name) && input[name] !== null ? input : { ...input, [name]: call.caller.userId },
  )
}

export function draftsOf({ table, now }: WriteScope, inputs: readonly JsonObject[]): readonly Draft[] {
  return inputs.map((input, index) => createDraft(table, input, now, inputs.length === 1 ? undefined : index))
}

/** Without `noted`, the caller writes the audit: an operation has one entry there for each table. */
export async function insertDrafts(
  writing: Writing,
  permission: Permission,
  drafts: readonly Draft[],
  noted?: Noted,
): Promise<readonly string[]> {
  const { tx, write } = writing
  if (drafts.length === 0) return []
  await insertSet(tx, write, drafts, noted)
  await checkInserted(tx, write, drafts)
  const ids = drafts.map(({ id }) => id)
  if (!isOwnAlone(writing, permission, drafts)) await checkAllowed(writing, permission, ids)
  return ids
}

/** Where only the owner counts, it is seen without a question. */
export function isOwnAlone(
  { call, scope, table }: PlannedWrite,
  permission: Permission,
  drafts: readonly Draft[],
): boolean {
  if (permission.kind === 'all') return true
  if (permission.kind !== 'some' || permission.owner === null) return false
  const rule = rulesOf(scope.rules, table).rules.insert
  const { owner } = permission
  if (typeof rule !== 'object' || rule.where !== undefined || owner.type.base !== 'uuid') return false
  return drafts.every(({ id, data }) => (owner.isId ? id : data[owner.key]) === call.caller.userId)
}
